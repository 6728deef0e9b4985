"""Design tokens, palette, style sheet, fonts and tinted icons.

Light and dark are our own: QStyleHints.setColorScheme does nothing where the platform brings no theme.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from string import Template

from PySide6.QtCore import QByteArray, QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from evidencevault.desktop import scale
from evidencevault.resources import find

FAMILIES = ("Inter", "Noto Sans Arabic", "Noto Sans", "DejaVu Sans")
_GAP = 7
_WORN = "wornSheet"  # the property of a widget with the number of the sheet it wears: from 1 on
_MIRRORED = {"chevron-left": "chevron-right", "chevron-right": "chevron-left"}
_DENSITY = 3.0  # pixels of an icon's bitmap for one of the layout: sharp up to a scale of 300 %


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme, as ``#RRGGBB``. Text on its ground has a contrast of 4.5 or more (tested)."""

    name: str
    window: str
    sidebar: str
    surface: str
    raised: str
    hover: str
    line: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    canvas: str

    def tone(self, name: str) -> tuple[str, str]:
        """Ink and ground of ``good``, ``warn``, ``bad``, ``accent`` or ``plain``."""
        return {
            "good": (self.good, self.good_soft),
            "warn": (self.warn, self.warn_soft),
            "bad": (self.bad, self.bad_soft),
            "accent": (self.accent, self.accent_soft),
        }.get(name, (self.muted, self.hover))


LIGHT = Tokens(
    name="light",
    window="#F6F7F9",
    sidebar="#EEF1F4",
    surface="#FFFFFF",
    raised="#FFFFFF",
    hover="#F0F3F6",
    line="#E1E6EB",
    text="#17212B",
    muted="#566573",
    faint="#5B6875",
    accent="#0F6E6E",
    accent_hover="#0B5C5C",
    on_accent="#FFFFFF",
    accent_soft="#DCEFEE",
    good="#1A7040",
    good_soft="#E1F3E8",
    warn="#8A5A00",
    warn_soft="#FBEFD6",
    bad="#B3261E",
    bad_soft="#FBE4E2",
    canvas="#DDE2E8",
)
DARK = Tokens(
    name="dark",
    window="#14191F",
    sidebar="#10151A",
    surface="#1A2027",
    raised="#222A33",
    hover="#242C35",
    line="#2C353F",
    text="#E7EDF3",
    muted="#A3B0BD",
    faint="#8795A3",
    accent="#4CC3BD",
    accent_hover="#6AD3CD",
    on_accent="#06201F",
    accent_soft="#173A3B",
    good="#62C98C",
    good_soft="#1A3327",
    warn="#E7B454",
    warn_soft="#3A2F18",
    bad="#F2877F",
    bad_soft="#41211F",
    canvas="#0E1216",
)


class Theme(QObject):
    """The theme in use. ``changed`` is sent after palette, sheet and icons were exchanged.

    The style sheet lies on the screens and parts that :meth:`wear` it, not on the program: a sheet of the program is
    matched anew against a whole branch of widgets each time the branch is hung somewhere, and exchanging it takes three
    seconds with all screens made.
    """

    changed = Signal()

    def __init__(self, app: QApplication, tokens: Tokens = LIGHT) -> None:
        super().__init__()
        self._app = app
        self.tokens = tokens
        self._number = 0
        self._apply()

    def use(self, tokens: Tokens) -> None:
        """Take another theme."""
        self.tokens = tokens
        self._apply()
        for widget in self._app.allWidgets():
            if widget.property(_WORN) and widget.isVisible():  # the others when they are shown
                self._put_on(widget)
        self.changed.emit()

    def toggle(self) -> None:
        """Light to dark and back."""
        self.use(DARK if self.tokens.name == "light" else LIGHT)

    def wear(self, widget: QWidget) -> None:
        """Give a screen, or a part of a window, the style sheet and its icons, from now on in whatever theme is used.

        Called once it is complete, and when it is about to be shown.
        """
        if not widget.property(_WORN):
            widget.installEventFilter(self)
            self._put_on(widget)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What was hidden when the theme changed comes into view."""
        if event.type() != QEvent.Type.Show or not isinstance(watched, QWidget):
            return False
        if watched.property(_WORN) != self._number:
            self._put_on(watched)
        return False

    def _apply(self) -> None:
        self._app.setPalette(palette(self.tokens))
        self._sheet, self._number = sheet(self.tokens), self._number + 1

    def _put_on(self, widget: QWidget) -> None:
        widget.setProperty(_WORN, self._number)
        if widget.styleSheet():
            widget.setStyleSheet("")  # from one sheet straight to another takes Qt twice as long
        widget.setStyleSheet(self._sheet)
        self.dress(widget)

    def dress(self, widget: QWidget) -> None:
        """Draw the icons that a form names in its ``glyph`` properties (``tint`` and ``glyphSize`` are optional)."""
        for one in [widget, *widget.findChildren(QWidget)]:
            name = one.property("glyph")
            if not name:
                continue
            if one.layoutDirection() == Qt.LayoutDirection.RightToLeft:
                name = _MIRRORED.get(name, name)
            size = scale.px(int(one.property("glyphSize") or 18))
            if isinstance(one, QLabel):
                one.setPixmap(pixmap(name, self._tint(one), size))
                one.setFixedSize(size, size)
            elif isinstance(one, QAbstractButton):
                one.setIcon(self._icon(one, name, size))

    def _tint(self, one: QWidget) -> str:
        tint = one.property("tint")
        if not tint and one.property("kind") == "primary":
            tint = "on_accent"
        return str(getattr(self.tokens, tint or "muted"))

    def _icon(self, one: QAbstractButton, name: str, size: int) -> QIcon:
        # A style sheet knows no space between icon and text: the icon brings it, on the side where the text is.
        gap = scale.px(_GAP) if one.text() else 0
        rtl = one.layoutDirection() == Qt.LayoutDirection.RightToLeft
        one.setIconSize(QSize(size + gap, size))

        def drawn(colour: str) -> QPixmap:
            return pixmap(name, colour, size, left=gap if rtl else 0, right=0 if rtl else gap)

        icon = QIcon(drawn(self._tint(one)))
        icon.addPixmap(drawn(self.tokens.faint), QIcon.Mode.Disabled)
        if one.isCheckable():
            icon.addPixmap(drawn(self.tokens.accent), QIcon.Mode.Normal, QIcon.State.On)
        return icon


def load_fonts() -> QFont:
    """Register the shipped fonts; returns the program's font (13 px at 100 %). A missing file is a packaging fault."""
    for file in sorted(find("resources/fonts").glob("*.[ot]tf")):
        if QFontDatabase.addApplicationFont(str(file)) < 0:
            raise RuntimeError(f"font cannot be loaded: {file.name}")
    font = QFont(FAMILIES[0])
    font.setFamilies(list(FAMILIES))
    font.setPixelSize(scale.px(13))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def palette(t: Tokens) -> QPalette:
    """Fusion takes its colours from here where no sheet reaches (menus, completers, selections)."""
    made, role = QPalette(), QPalette.ColorRole
    for one, colour in (
        (role.Window, t.window),
        (role.Base, t.surface),
        (role.AlternateBase, t.hover),
        (role.Text, t.text),
        (role.WindowText, t.text),
        (role.Button, t.raised),
        (role.ButtonText, t.text),
        (role.Highlight, t.accent),
        (role.HighlightedText, t.on_accent),
        (role.ToolTipBase, t.raised),
        (role.ToolTipText, t.text),
        (role.PlaceholderText, t.faint),
        (role.Link, t.accent),
        (role.Accent, t.accent),
        (role.Mid, t.line),
        (role.Dark, t.line),
    ):
        made.setColor(one, QColor(colour))
    for one in (role.Text, role.WindowText, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, one, QColor(t.faint))
    return made


@lru_cache(maxsize=256)
def _drawing(name: str) -> str:
    return find(f"resources/icons/{name}.svg").read_text("utf-8")


@lru_cache(maxsize=1024)
def pixmap(name: str, colour: str, size: int = 18, width: float = 1.9, *, left: int = 0, right: int = 0) -> QPixmap:
    """A Lucide icon in one colour. ``size``, ``left`` and ``right`` (empty space) in pixels of the layout, ``width``
    of its strokes.
    """
    svg = _drawing(name).replace("currentColor", colour).replace('stroke-width="2"', f'stroke-width="{width}"')
    made = QPixmap(round((left + size + right) * _DENSITY), round(size * _DENSITY))
    made.setDevicePixelRatio(_DENSITY)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(left, 0, size, size))
    painter.end()
    return made


def sheet(t: Tokens) -> str:
    """The style sheet ``resources/look/sheet.qss`` with the colours of a theme."""
    file = find("resources/look/sheet.qss")
    colours = {name: getattr(t, name) for name in t.__dataclass_fields__}
    dark = t.name == "dark"
    for drawn in ("chevron", "check"):
        colours[drawn] = (file.parent / f"{drawn}-{t.name}.svg").as_posix()
    colours["toast"] = t.raised if dark else t.text
    colours["toast_line"] = t.line if dark else t.text
    colours["toast_text"] = t.text if dark else "#FFFFFF"
    return scale.sheet(Template(file.read_text("utf-8")).substitute(colours))
