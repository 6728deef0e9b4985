"""What LibreOffice is told before its first start: no macros, no links followed, nothing computed anew."""

from __future__ import annotations

_OFFICE = "/org.openoffice.Office."
_SETTINGS: tuple[tuple[str, str, str], ...] = (
    (_OFFICE + "Common/Security/Scripting", "MacroSecurityLevel", "3"),
    (_OFFICE + "Common/Security/Scripting", "DisableMacrosExecution", "true"),
    (_OFFICE + "Common/Security/Scripting", "DisableActiveContent", "true"),
    (_OFFICE + "Common/Security/Scripting", "DisableOLEAutomation", "true"),
    (_OFFICE + "Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    (_OFFICE + "Common/Misc", "UseLocking", "false"),
    (_OFFICE + "Common/Misc", "FirstRun", "false"),
    (_OFFICE + "Common/Misc", "MacroRecorderMode", "false"),
    (_OFFICE + "Common/Save/Document", "AutoSave", "false"),
    # 0: never, where a document of texts has links; 2: never, in sheets.
    (_OFFICE + "Writer/Content/Update", "Link", "0"),
    (_OFFICE + "Writer/Content/Update", "Field", "false"),
    (_OFFICE + "Writer/Content/Update", "Chart", "false"),
    (_OFFICE + "WriterWeb/Content/Update", "Link", "0"),
    (_OFFICE + "Calc/Content/Update", "Link", "2"),
    # 1: never. What a sheet showed its author counts, not what its formulas would give today.
    (_OFFICE + "Calc/Formula/Load", "OOXMLRecalcMode", "1"),
    (_OFFICE + "Calc/Formula/Load", "ODFRecalcMode", "1"),
)
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">\n'
)


def settings() -> str:
    """The text of registrymodifications.xcu; a setting that a version does not know is ignored there."""
    rows = [
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>\n'
        for path, name, value in _SETTINGS
    ]
    return f"{_HEAD}{''.join(rows)}</oor:items>\n"
