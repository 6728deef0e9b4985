"""Every act of the window with its keys, for the shortcuts and for the palette."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evidencevault.desktop import screens
from evidencevault.desktop.commands import Command
from evidencevault.desktop.screens import Place
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True)
class Does:
    """What the window does when it is asked; ``go`` takes the id of a screen and a record, or a page of it."""

    lock: Callable[[], object]
    switch: Callable[[], object]
    go: Callable[[str, str], object]
    seek: Callable[[], object]
    find: Callable[[], object]
    write_down: Callable[[], object]
    bring_in: Callable[[], object]
    verify: Callable[[], object]
    next_pane: Callable[[], object]
    reload: Callable[[], object]
    toggle: Callable[[], object]


def of_window(does: Does, places: Sequence[Place]) -> list[Command]:
    """Every act of the window; the screens come last."""

    def to(screen: str, ref: str = "") -> Callable[[], object]:
        return lambda: does.go(screen, ref)

    acts = [
        Command(tr("Lock"), "Ctrl+L", does.lock),
        Command(tr("Let somebody else unlock"), "Ctrl+Shift+L", does.switch),
        Command(tr("Settings"), "Ctrl+,", to(screens.SETTINGS)),
        Command(tr("Find in this list"), "Ctrl+F", does.seek),
        Command(tr("Everything, from one line"), "Ctrl+K", does.find),
        Command(tr("Write down now"), "Ctrl+N", does.write_down),
        Command(tr("New case"), "Ctrl+Shift+N", to(screens.NEW_CASE)),
        Command(tr("Import evidence"), "Ctrl+I", does.bring_in),
        Command(tr("Verify now"), "Ctrl+Shift+V", does.verify),
        Command(tr("How long closed cases are kept"), "", to(screens.RETENTION)),
        Command(tr("Copies"), "", to(screens.SETTINGS, "copies")),
        Command(tr("Users"), "", to(screens.SETTINGS, "members")),
        Command(tr("Policy"), "", to(screens.SETTINGS, "policy")),
        Command(tr("Next pane"), "F6", does.next_pane),
        Command(tr("Read everything anew"), "F5", does.reload),
        Command(tr("Light or dark"), "", does.toggle),
    ]
    listed = [one for one in places if one.listed]
    keys = [f"Alt+{n}" if n < 10 else "" for n, _ in enumerate(listed[:-1], 1)] + ["Alt+0"]  # custody stands last
    return acts + [Command(one.title, key, to(one.id)) for one, key in zip(listed, keys, strict=True)]
