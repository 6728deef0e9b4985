"""Which file names may leave or come in: safe to extract on every system, and never two names for one file."""

from __future__ import annotations

import unicodedata

from evidencevault.errors import Refused
from evidencevault.resources import tr

MAX_PATH = 1024
MAX_NAME = 255
# Drive letters, streams and wildcards of Windows. The percent sign because BagIt tools disagree on escaping it.
_SIGNS = frozenset('<>:"|?*\\%')
_DEVICES = frozenset({"con", "prn", "aux", "nul"} | {f"{name}{n}" for name in ("com", "lpt") for n in "0123456789¹²³"})


def safe_path(path: str) -> str:
    """The path itself if it is relative, forward-slashed and harmless on every system; raises Refused naming it."""
    parts = path.split("/")
    if len(path.encode("utf-8", "surrogatepass")) > MAX_PATH or not all(_harmless(part) for part in parts):
        raise Refused(
            tr("The file name {path!r} is not safe to unpack on every computer. Nothing was written.").format(path=path)
        )
    return path


def fold(path: str) -> str:
    """What file systems that ignore case or Unicode form would take this name for."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


class Names:
    """The paths of one tree so far; refuses a second name for the same file, and a file where a folder is."""

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._folders: set[str] = set()

    def add(self, path: str) -> None:
        """Take note of a path; raises Refused if it is unsafe or collides."""
        folded = fold(safe_path(path))
        parents = [folded[:at] for at, sign in enumerate(folded) if sign == "/"]
        if folded in self._files or folded in self._folders or not self._files.isdisjoint(parents):
            raise Refused(
                tr("The name {path!r} stands twice, or differs only in case. Nothing was written.").format(path=path)
            )
        self._files.add(folded)
        self._folders.update(parents)


def _harmless(name: str) -> bool:
    if not name or len(name.encode("utf-8", "surrogatepass")) > MAX_NAME or name[-1] in " ." or name[0] == " ":
        return False
    if any(sign in _SIGNS or unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") for sign in name):
        return False
    return name.split(".")[0].rstrip(" ").casefold() not in _DEVICES
