"""Loads a form of ``ui/`` and hands out its widgets by type and name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QObject, Qt, QTimer, QTranslator
from PySide6.QtUiTools import QUiLoader
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from shiboken6 import isValid

from evidencevault.desktop import scale
from evidencevault.desktop.giving import Elided
from evidencevault.resources import find, tr

W = TypeVar("W", bound=QObject)
V = TypeVar("V", bound=QWidget)


class Translator(QTranslator):
    """Asks the one gettext catalogue, so that loaded forms speak the language of the rest."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        """The text of a form in the chosen language."""
        return tr(source) if source else ""

    def isEmpty(self) -> bool:
        """Never: an empty translator is not installed."""
        return False


class Form(QWidget):
    """A widget whose content is one form. ``custom`` are the widget classes that it names itself, beside Elided."""

    def __init__(self, name: str, parent: QWidget | None = None, custom: tuple[type[QWidget], ...] = ()) -> None:
        super().__init__(parent)
        self.form = load(name, self, custom)
        filling(self, self.form)

    def child(self, kind: type[W], name: str) -> W:
        """A widget of the form; one of this name in a form that fills a part of it stands behind.

        Raises LookupError: code and form disagree.
        """
        own = (one for one in self.form.findChildren(kind, name) if _form_of(one) is self)
        return next(own, None) or child(self.form, kind, name)


class Late(Generic[V]):
    """A part of a form that is made when it is first called for: what nobody opens costs nothing.

    ``made`` is it, or None as long as nobody did.
    """

    def __init__(self, make: Callable[[], V]) -> None:
        self._make = make
        self.made: V | None = None

    def __call__(self) -> V:
        """It, made now where it was not."""
        if self.made is None:
            self.made = self._make()
        return self.made


def in_turns(owner: QObject, *steps: Callable[[], object]) -> None:
    """Do one thing after the other, each in a turn of the event loop for itself: keys and clicks come in between.

    What is left when ``owner`` goes is not done any more.
    """
    if steps:
        first, *rest = steps

        def turn() -> None:
            first()
            if isValid(owner):
                in_turns(owner, *rest)

        QTimer.singleShot(0, owner, turn)


def _form_of(one: QObject) -> Form | None:
    above = one.parent()
    while above is not None and not isinstance(above, Form):
        above = above.parent()
    return above


def filling(outer: QWidget, inner: QWidget) -> None:
    """Let a widget fill another."""
    layout = QVBoxLayout(outer)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(inner)


def load(name: str, parent: QWidget | None = None, custom: tuple[type[QWidget], ...] = ()) -> QWidget:
    """The widget that ``ui/NAME.ui`` describes. Raises RuntimeError where the file is no form."""
    loader = QUiLoader()
    for one in (Elided, *custom):
        loader.registerCustomWidget(one)
    read = QBuffer()
    read.setData(QByteArray(scale.form(find(f"ui/{name}.ui").read_text("utf-8")).encode()))
    widget = loader.load(read, parent)
    if widget is None:
        raise RuntimeError(f"form {name}: {loader.errorString()}")
    for label in [widget, *widget.findChildren(QLabel)]:
        if isinstance(label, QLabel):
            # Else a name that looks like markup is taken for it, and pictures it names are loaded.
            label.setTextFormat(Qt.TextFormat.PlainText)
    return widget


def child(widget: QObject, kind: type[W], name: str) -> W:
    """A widget below another by its type and name. Raises LookupError: code and form disagree."""
    found = widget.findChild(kind, name)
    if found is None:
        raise LookupError(f"no {kind.__name__} named {name} in {widget.objectName()}")
    return found


def install_translator(app: QCoreApplication) -> Translator:
    """Let Qt ask gettext; the caller keeps the translator alive."""
    translator = Translator(app)
    app.installTranslator(translator)
    return translator
