"""A disclosure for a court, checked: what it opens, what it keeps closed, and whether it is of the bundle at hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QTextBrowser, QWidget

from evidencevault.bundle.continuity import Head
from evidencevault.custody.extracts import Disclosed, Extract
from evidencevault.desktop import readers, scale, words
from evidencevault.desktop.field_words import field_words
from evidencevault.desktop.forms import child, filling, load
from evidencevault.desktop.inbox_desk import InboxDesk
from evidencevault.desktop.inbox_files import Files
from evidencevault.desktop.look import Theme
from evidencevault.desktop.markup import body, escaped, facts
from evidencevault.errors import VaultError
from evidencevault.formats import fingerprints, signatures
from evidencevault.resources import tr
from evidencevault.vault.registry import Field


class Disclosures(QObject):
    """Asks for a file, checks it and shows what came of it over ``parent``."""

    def __init__(self, desk: InboxDesk, files: Files, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._files, self._theme, self._over = desk, files, theme, parent

    def ask(self, of: Head | None) -> None:
        """Which file; ``of`` is the checkpoint of the open bundle, where one is."""
        path = self._files.any(self._over, tr("Choose the disclosure"))
        if path is not None:
            self._desk.disclosed(
                path, lambda found: self._show(path, found, of), lambda error: self._refused(path, error)
            )

    def _show(self, path: Path, found: Extract, of: Head | None) -> None:
        same = None if of is None else Head(found.origin, found.size, found.root) == of
        DisclosureSheet(path, disclosure_html(found), _told(same), _tone(same), self._theme, self._over).open()

    def _refused(self, path: Path, error: VaultError) -> None:
        said = f"{error.sentence} {tr('Do not rely on it.')}"
        DisclosureSheet(path, "", said, "bad", self._theme, self._over).open()


class DisclosureSheet(QDialog):
    """What came of it."""

    def __init__(self, path: Path, html: str, said: str, tone: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        form = load("inbox_disclosure", self)
        filling(self, form)
        self.setWindowTitle(tr("A disclosure"))
        child(form, QLabel, "title").setText(words.line([path.name]))
        verdict = child(form, QLabel, "verdict")
        verdict.setText(said)
        verdict.setProperty("role", {"good": "strong", "bad": "wrong"}.get(tone, "waiting"))
        shown = child(form, QTextBrowser, "list")
        readers.prepare(shown, theme.tokens)
        shown.setHtml(html)
        shown.setVisible(bool(html))
        child(form, QPushButton, "close").clicked.connect(self.accept)
        self.finished.connect(self.deleteLater)
        theme.wear(self)
        self.resize(scale.px(720), scale.px(560 if html else 220))


def _told(same: bool | None) -> str:
    proven = tr("Everything shown is proven to stand in this chain of custody; what is withheld is only committed to.")
    if same is None:
        return proven + " " + tr("Open the bundle that it belongs to and check it there: only then it is proven which.")
    if same:
        return proven + " " + tr("It is of the checkpoint that this bundle holds.")
    return tr("The disclosure is not of the checkpoint that this bundle holds. Do not take one for the other.")


def _tone(same: bool | None) -> str:
    return {None: "warn", True: "good", False: "bad"}[same]


def disclosure_html(found: Extract) -> str:
    """Who signed it, and entry by entry what is open and what stays closed."""
    named = field_words()
    print_ = signatures.ssh_fingerprint(found.signer)
    head = facts(
        [
            (tr("Ledger"), found.origin),
            (tr("Checkpoint"), tr("{n} entries").format(n=found.size)),
            (tr("Signed by"), print_),
            (tr("The same key in eight words"), fingerprints.of_ssh(print_).words),
        ]
    )
    return body([head, *(part for one in found.entries for part in _entry(one, named))])


def _entry(one: Disclosed, named: Mapping[Field, str]) -> list[str]:
    title = f"<p class='h2'>{escaped(tr('Entry {n}').format(n=one.sequence))}</p>"
    rows = []
    for number in sorted(one.commitments):
        known = number in list(Field)
        name = named[Field(number)] if known else tr("Field {n}").format(n=number)
        rows.append((name, _value(one.fields[number]) if number in one.fields else tr("(withheld)")))
    return [title, facts(rows)]


def _value(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_value(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_value(inner) for inner in value)
    return "" if value is None else words.one_line(str(value))
