"""What holds for every screen: contrast, icons, names for screen readers, direction, keyboard."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QProgressBar,
    QSplitter,
    QTextBrowser,
    QWidget,
)
from pytestqt.qtbot import QtBot
from tests.desktop.case_made import Made
from tests.desktop.window import Window

from evidencevault import resources
from evidencevault.custody import casestate
from evidencevault.desktop import app as program
from evidencevault.desktop import forms, look, screens, words
from evidencevault.desktop.giving import Elided
from evidencevault.desktop.importing import ImportSheet
from evidencevault.resources import find

FORMS = sorted(path.stem for path in find("ui").glob("*.ui"))
PAIRS = [
    ("text", "window"), ("text", "surface"), ("text", "sidebar"), ("text", "raised"), ("text", "accent_soft"),
    ("muted", "window"), ("muted", "surface"), ("muted", "sidebar"), ("muted", "hover"), ("muted", "accent_soft"),
    ("faint", "window"), ("faint", "surface"), ("faint", "sidebar"), ("accent", "accent_soft"), ("accent", "surface"),
    ("on_accent", "accent"), ("on_accent", "accent_hover"), ("good", "good_soft"), ("warn", "warn_soft"),
    ("bad", "bad_soft"), ("good", "surface"), ("warn", "surface"), ("bad", "surface"), ("bad", "window"),
    ("good", "accent_soft"), ("warn", "accent_soft"), ("bad", "accent_soft"),
]  # fmt: skip


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [one / 255 for one in QColor(colour).getRgb()[:3]]  # type: ignore[index]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("tokens", [look.LIGHT, look.DARK], ids=lambda one: one.name)
@pytest.mark.parametrize(("ink", "ground"), PAIRS, ids="/".join)
def test_text_can_be_read_on_its_ground(tokens: look.Tokens, ink: str, ground: str) -> None:
    light, dark = sorted((luminance(getattr(tokens, ink)), luminance(getattr(tokens, ground))), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_every_icon_named_is_shipped() -> None:
    texts = [path.read_text("utf-8") for path in find("ui").glob("*.ui")]
    named = {name for text in texts for name in re.findall(r'"glyph"[^>]*><string[^>]*>([^<]+)<', text)}
    assert len(named) > 10
    for name in sorted(named):
        assert find(f"resources/icons/{name}.svg").is_file()
    for action in sorted(casestate.RULES | dict.fromkeys(("viewed", "released", "redacted", "something new"))):
        assert find(f"resources/icons/{words.act(action).icon}.svg").is_file()


def test_no_label_takes_a_name_for_markup(win: Window) -> None:
    for top in (win.shell, win.desktop.unlocking):
        labels = top.findChildren(QLabel)
        assert len(labels) > 10
        assert [one.objectName() for one in labels if one.textFormat() != Qt.TextFormat.PlainText] == []


def test_exact_words_stay_exact() -> None:
    french, persian, family = "arriv\u00e9\u202f?\u00a0", "می\u200cروم", "👨\u200d👩\u200d👧"
    for text in (french, persian, family):
        assert words.visible(text) == text
    assert words.visible("a\u202eb\x07\u2066") == "a\ufffdb\ufffd\ufffd"
    assert words.one_line("a\r\nb\u2028c") == "a⏎⏎b⏎c"


def test_repainting_gives_no_reference_away(win: Window) -> None:
    view = win.part(QListView, "list", win.evidence)
    before = sys.getrefcount(None)
    for _ in range(200):
        view.viewport().repaint()
    assert sys.getrefcount(None) > before - 1000  # each repaint makes dozens of calls


def test_every_form_belongs_to_a_module() -> None:
    modules = {path.stem for path in Path(look.__file__).parent.glob("*.py")}
    of_another = {"unlock_own": "unlock", "failures": "importing"}
    assert {of_another.get(name, name) for name in FORMS} <= modules


def _nameless(top: QWidget) -> list[str]:
    kinds = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView, QTextBrowser, QProgressBar)
    found = []
    for one in top.findChildren(QWidget):
        inside = one.objectName().startswith("qt_") or _is_within(one, (QComboBox, QLineEdit))
        if isinstance(one, kinds) and not inside and not one.accessibleName():
            found.append(f"{type(one).__name__} {one.objectName()}")
    return found


def _is_within(one: QWidget, kinds: tuple[type[QWidget], ...]) -> bool:
    above = one.parentWidget()
    return above is not None and (isinstance(above, kinds) or _is_within(above, kinds))


def test_every_control_has_a_name_for_screen_readers(win: Window) -> None:
    assert _nameless(win.shell) == []
    assert _nameless(win.desktop.unlocking) == []
    sheet = ImportSheet("NL-2026-0001", [Path("/a")], "A warning.", win.desktop.theme, win.shell)
    assert _nameless(sheet) == []
    sheet.deleteLater()
    row = win.rows.index(0, 0)
    assert "letter.pdf" in row.data(Qt.ItemDataRole.AccessibleTextRole)


def test_the_theme_changes_everything_at_once(win: Window) -> None:
    before = win.shell.grab().toImage().pixelColor(100, 400)
    win.part(QAbstractButton, "theme").click()
    assert win.desktop.theme.tokens is look.DARK
    assert win.shell.grab().toImage().pixelColor(100, 400) != before
    win.part(QAbstractButton, "theme").click()
    assert win.shell.grab().toImage().pixelColor(100, 400) == before


def test_what_was_hidden_is_dressed_when_it_is_shown(win: Window) -> None:
    """Ink of a label on each screen, hidden when the theme changed: that of the theme in use."""
    theme, shell = win.desktop.theme, win.shell

    def ink() -> str:
        labels = shell.shown.findChildren(QLabel)
        label = next(one for one in labels if one.text() and one.property("role") == "heading")
        label.ensurePolished()
        return label.palette().color(label.foregroundRole()).name().upper()

    shell.go(screens.SETTINGS)
    shell.go(screens.CUSTODY)
    for _ in range(2):
        theme.toggle()
        for screen in (screens.CUSTODY, screens.SETTINGS, screens.OVERVIEW):
            shell.go(screen)
            assert ink() == theme.tokens.text.upper()


def test_windows_and_panes_are_found_as_they_were(win: Window) -> None:
    halves = win.part(QSplitter, "halves", win.evidence)  # one above the other: the screen of the tests is narrow
    win.shell.resize(1000, 730)
    win.until(lambda: win.shell.height() == 730)
    handle = halves.handle(1)
    before = halves.sizes()
    middle = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(handle, middle - QPoint(0, 60))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle - QPoint(0, 60))
    moved, before = before, halves.sizes()
    assert before != moved
    win.close()
    again = Window(win.app, win.bot, win.made)
    try:
        assert again.shell.height() == 730
        assert again.part(QSplitter, "halves", again.evidence).sizes() == before
    finally:
        again.close()


@pytest.fixture
def arabic(qapp: program.QApplication) -> object:
    resources.use_language("ar")
    program.application()
    yield None
    resources.use_language("en")
    program.application()


def test_arabic_reads_from_the_right(arabic: object, qapp: program.QApplication, qtbot: QtBot, made: Made) -> None:
    win = Window(qapp, qtbot, made)
    try:
        win.shell.resize(1200, 800)
        win.until(lambda: win.shell.width() == 1200)
        side = win.part(QListView, "navigation")
        assert side.mapTo(win.shell, side.rect().topRight()).x() > 1150
        listing = win.part(QListView, "list", win.evidence)
        assert (
            listing.mapTo(win.shell, listing.rect().topLeft()).x()
            > win.viewer.mapTo(win.shell, win.viewer.rect().topLeft()).x()
        )
    finally:
        win.close()


def test_the_keyboard_goes_round_the_panes(win: Window) -> None:
    def press(key: Qt.Key, *, ctrl: bool = False, alt: bool = False) -> None:
        held = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
        held = Qt.KeyboardModifier.AltModifier if alt else held
        QTest.keyClick(win.shell.focusWidget() or win.shell, key, held)

    win.shell.activateWindow()
    win.until(win.shell.isActiveWindow)
    listing, side = win.part(QListView, "list", win.evidence), win.part(QListView, "navigation")
    listing.setFocus()
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    win.until(lambda: win.part(QLabel, "page", win.viewer).text() != "")
    press(Qt.Key.Key_F6)
    win.until(lambda: win.viewer.isAncestorOf(win.shell.focusWidget()))
    press(Qt.Key.Key_F6)
    win.until(side.hasFocus)
    press(Qt.Key.Key_F6)
    win.until(listing.hasFocus)
    press(Qt.Key.Key_F, ctrl=True)
    assert win.part(QLineEdit, "search").hasFocus()
    press(Qt.Key.Key_Return)
    assert listing.hasFocus()
    press(Qt.Key.Key_0, alt=True)
    assert win.shell._screen == screens.CUSTODY
    press(Qt.Key.Key_1, alt=True)
    assert win.shell._screen == screens.HOME


def test_a_name_that_a_form_does_not_know_is_a_fault(qapp: object, qtbot: QtBot) -> None:
    form = forms.load("failures")
    qtbot.addWidget(form)
    with pytest.raises(LookupError, match="no QLabel named nothing"):
        forms.child(form, QLabel, "nothing")


def test_a_line_gives_way_and_stands_whole_in_its_tooltip(qapp: object, qtbot: QtBot) -> None:
    line, text = Elided(), "Offer support to whoever is affected, or write down why there is none"
    qtbot.addWidget(line)
    line.setText(text)
    line.resize(160, 40)
    line.show()
    line.grab()
    assert line.toolTip() == text and line.text() == text  # read out whole
    shown, whole = line._broken(text, 160)
    assert len(shown) == 1 and shown[0].endswith("…") and not whole
    line.setProperty("lines", 2)
    shown, whole = line._broken(text, 300)
    assert len(shown) == 2 and not shown[0].endswith("…")
    line.resize(2000, 40)
    line.grab()
    assert line.toolTip() == ""
    before = line.minimumSizeHint().height()
    line.setText("ما زال ناقصًا")
    assert line.minimumSizeHint().height() >= before  # letters of another script may be higher
