"""The copies of the vault as a list: where, how old, and whether they can be relied on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from evidencevault.desktop import words
from evidencevault.desktop.paint import Brush, Index, Painting
from evidencevault.errors import VaultError
from evidencevault.resources import tr
from evidencevault.session import Session
from evidencevault.vault import backup_files
from evidencevault.vault.backup_places import Place
from evidencevault.vault.backup_renewal import Renewal

OLD = 7
"""Days after which a vault should have been copied again."""


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A copy. ``days`` is its age (None: not finished), ``state`` a few words with their ``tone``, ``about`` all of it.

    ``there``: its disk is plugged in. ``whole`` is what the last check found, or nobody checked.
    """

    id: str
    days: int | None
    state: str
    tone: str
    about: str
    there: bool
    whole: bool

    @property
    def path(self) -> Path:
        """Its folder."""
        return Path(self.id)

    @property
    def spoken(self) -> str:
        """As read out."""
        return f"{self.path.name}, {age(self.days)}, {self.state}, {self.path.parent}"


class CopyDelegate(Painting):
    """Folder, where it lies, age, and a word of its condition."""

    row_height = 52

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """Draw one copy."""
        if not isinstance(row, CopyRow):
            return
        t = brush.tokens
        if brush.selected or brush.hovered:
            ground = t.accent_soft if brush.selected else t.hover
            brush.fill(brush.place(0, 0, brush.width, brush.height), ground, 6)
        brush.icon(brush.place(12, 16, 20, 20), "hard-drive", t.accent if row.there else t.muted)
        when, wide = age(row.days), 0
        for said, size, weight in ((when, 12, 400), (row.state, 11, 600)):
            wide = max(wide, brush.advance(said, size, weight) + 8)
        wide = min(wide, brush.width // 2)
        left = brush.width - 44 - wide - 20
        brush.text(brush.place(44, 7, left, 20), row.path.name or row.id, t.text, 13, 600)
        brush.text(brush.place(44, 27, left, 18), str(row.path.parent), t.muted, 12)
        brush.text(brush.place(brush.width - wide - 12, 7, wide, 20), when, t.muted, 12, end=True)
        brush.text(
            brush.place(brush.width - wide - 12, 27, wide, 18), row.state, t.tone(row.tone)[0], 11, 600, end=True
        )
        if brush.focused and brush.selected:
            brush.ring(brush.rect)


def copy_rows(session: Session) -> list[CopyRow]:
    """Every copy that was made from this computer, the newest first. Raises StorageFailed."""
    office = session.office
    now, home = office.clock(), office.database.folder
    return [_row(place, now, home) for place in office.copies.all()]


def age(days: int | None) -> str:
    """How old a copy is."""
    if days is None:
        return tr("not finished")
    if days <= 0:
        return tr("made today")
    return tr("made yesterday") if days == 1 else tr("{n} days old").format(n=days)


def last_said(days: int | None) -> str:
    """How old the newest copy is, as a sentence; None: there is none."""
    if days is None:
        return tr("No copy of this vault was made from this computer.")
    if days <= 0:
        return tr("The last copy was made today.")
    if days == 1:
        return tr("The last copy was made yesterday.")
    return tr("The last copy is {n} days old.").format(n=days)


def owed(session: Session) -> str:
    """What is to be said on the first screen of somebody who makes copies: nothing while one is new enough."""
    if "admin" not in session.member.roles:
        return ""
    try:
        known = session.office.copies.all()
    except VaultError as error:
        return error.sentence
    if any(place.stale for place in known):
        return tr("A copy of the vault still holds what was erased.")
    now = session.office.clock()
    days = newest([_days(place, now) for place in known])
    return last_said(days) if days is None or days > OLD else ""


def newest(days: Iterable[int | None]) -> int | None:
    """The age of the newest copy that was finished."""
    return min((one for one in days if one is not None), default=None)


def held_words(copies: Renewal) -> list[str]:
    """Which copies still hold what was erased, as one sentence; nothing where none does."""
    if not copies.held:
        return []
    folders = words.isolated(", ".join(each.folder for each in copies.held))
    return [tr("Copies that still hold it until they are made anew: {folders}").format(folders=folders)]


def _row(place: Place, now: datetime, home: Path) -> CopyRow:
    there = _there(place.path)
    state, tone = _state(place, there)
    about = [tr("Made: {when}").format(when=_stamp(place.made, now))] if place.finished else []
    if not place.finished:
        about.append(tr("Nothing can be got back from it before it is finished."))
    elif place.checked:
        said = tr("checked: {when}, whole") if place.whole else tr("checked: {when}, damaged")
        about.append(said.format(when=_stamp(place.checked, now)))
    else:
        about.append(tr("not checked yet"))
    if there and place.path.stat().st_dev == home.stat().st_dev:
        about.append(tr("on the same disk as the vault: it is lost with it"))
    if place.stale:
        about.append(tr("holds what was erased since; make it anew"))
    if not there:
        about.append(tr("plug in its disk to check it or make it anew"))
    return CopyRow(place.folder, _days(place, now), state, tone, words.line(about), there, place.whole)


def _state(place: Place, there: bool) -> tuple[str, str]:
    if not place.finished:
        return (tr("Waits to go on"), "warn") if there else (tr("Not plugged in"), "plain")
    if place.stale:
        return tr("Holds what was erased"), "bad"
    if not place.whole:
        return tr("Damaged"), "bad"
    if not there:
        return tr("Not plugged in"), "plain"
    return (tr("Whole"), "good") if place.checked else (tr("Not checked yet"), "plain")


def _there(folder: Path) -> bool:
    try:
        return backup_files.read_manifest(folder) is not None
    except VaultError:
        return True  # something of it is there; a check says what


def _days(place: Place, now: datetime) -> int | None:
    if not place.finished:
        return None
    return (now.date() - datetime.fromisoformat(place.made).astimezone(now.tzinfo).date()).days


def _stamp(at: str, now: datetime) -> str:
    return words.isolated(words.moment(datetime.fromisoformat(at), now))
