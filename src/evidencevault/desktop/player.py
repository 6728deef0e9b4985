"""Sound and film from memory: play, hold, seek, speed and loudness, by mouse and keys."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractSlider, QComboBox, QFrame, QLabel, QPushButton, QSlider, QToolButton, QWidget

from evidencevault.desktop import scale, words
from evidencevault.desktop.case_document import CaseDocument
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.flow import FlowLayout
from evidencevault.desktop.forms import Form
from evidencevault.desktop.look import Theme, pixmap
from evidencevault.desktop.playback import PLAYING, WAITING, Playback
from evidencevault.desktop.speaker import Speaker
from evidencevault.documents.requests import SPEEDS, Opening
from evidencevault.errors import VaultError
from evidencevault.resources import tr

STEP = 5000  # ms
_KEYS = {Qt.Key.Key_Left: -STEP, Qt.Key.Key_Right: STEP, Qt.Key.Key_J: -2 * STEP, Qt.Key.Key_L: 2 * STEP}


class Screen(QWidget):
    """The picture of a film in its own shape; of a sound, its sign."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._image: QImage | None = None
        self._ground, self._ink, self._accent = "#DDE2E8", "#5B6875", "#0F6E6E"
        self.sign = "mic"

    def colour(self, ground: str, ink: str, accent: str) -> None:
        """Of the theme."""
        self._ground, self._ink, self._accent = ground, ink, accent
        self.update()

    def show_image(self, image: QImage | None) -> None:
        """Another picture; None shows the sign."""
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """As large as there is room."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._ground))
        if self._image is None:
            size = scale.px(64)
            at = self.rect().center()
            sign = pixmap(self.sign, self._ink, size)
            painter.drawPixmap(at.x() - size // 2, at.y() - size // 2, size, size, sign)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            shape = QSizeF(self._image.size()).scaled(QSizeF(self.size()), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF((self.width() - shape.width()) / 2, (self.height() - shape.height()) / 2,
                           shape.width(), shape.height())  # fmt: skip
            painter.drawImage(place, self._image)
        if self.hasFocus():
            painter.setPen(QColor(self._accent))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -1, -1))


class Player(Form):
    """One recording at a time. Nothing is read of it, and nothing entered, before it is played."""

    begun = Signal()
    failed = Signal(object)

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__("player", custom=(Screen,))
        self._desk, self._theme, self._speaker = desk, theme, Speaker()
        self._playback: Playback | None = None
        self._screen, self._place = self.child(Screen, "screen"), self.child(QSlider, "place")
        self._play, self._loudness = self.child(QPushButton, "play"), self.child(QSlider, "loudness")
        flow = FlowLayout(self.child(QWidget, "acts"), gap=scale.px(12))
        for name in ("running", "sounding"):  # in a narrow pane one below the other
            flow.addWidget(self.child(QWidget, name))
        speed = self.child(QComboBox, "speed")
        speed.addItems([words.isolated(f"{one:g} ×") for one in SPEEDS])
        speed.setCurrentIndex(SPEEDS.index(1.0))
        speed.currentIndexChanged.connect(self._speed_chosen)
        self._play.clicked.connect(self.toggle)
        self.child(QToolButton, "back").clicked.connect(lambda: self._by(-STEP))
        self.child(QToolButton, "forth").clicked.connect(lambda: self._by(STEP))
        self.child(QToolButton, "mute").toggled.connect(lambda _: self._loud())
        self._loudness.valueChanged.connect(lambda _: self._loud())
        self._place.sliderReleased.connect(lambda: self._seek(self._place.value()))
        self._place.actionTriggered.connect(self._stepped)
        theme.changed.connect(self._coloured)
        self._coloured()

    def show_recording(self, document: CaseDocument, *, film: bool) -> None:
        """Get ready for another recording."""
        self.close_recording()
        self._screen.sign = "video" if film else "mic"
        self._screen.show_image(None)
        self._playback = one = Playback(self._desk, document, self._speaker)
        one.moved.connect(self._moved)
        one.shown.connect(self._screen.show_image)
        one.became.connect(self._became)
        one.told.connect(self._opened)
        one.begun.connect(self.begun)
        one.failed.connect(self._failed)
        one.speed = SPEEDS[self.child(QComboBox, "speed").currentIndex()]
        self._place.setRange(0, 0)
        self._became(one.state)
        self._tell(tr("Playing it is a view, and entered as one."))
        self._moved(0)
        self.child(QFrame, "controls").setEnabled(True)

    def close_recording(self) -> None:
        """Let go of it."""
        playback, self._playback = self._playback, None
        if playback is not None:
            playback.drop()
            playback.deleteLater()
        self._screen.show_image(None)

    def toggle(self) -> None:
        """Play, or hold on."""
        if self._playback is not None:
            self._playback.toggle()

    def focus(self) -> None:
        """Give the keyboard to the recording."""
        self._screen.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space plays, arrows seek and change the loudness, < and > the speed, M the sound."""
        key = Qt.Key(event.key())
        speed = self.child(QComboBox, "speed")
        if key in (Qt.Key.Key_Space, Qt.Key.Key_K):
            self.toggle()
        elif key in _KEYS:
            self._by(_KEYS[key])
        elif key == Qt.Key.Key_Home:
            self._seek(0)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._loudness.setValue(self._loudness.value() + (10 if key == Qt.Key.Key_Up else -10))
        elif event.text() in ("<", ">"):
            wanted = speed.currentIndex() + (1 if event.text() == ">" else -1)
            speed.setCurrentIndex(min(len(SPEEDS) - 1, max(0, wanted)))
        elif key == Qt.Key.Key_M:
            self.child(QToolButton, "mute").toggle()
        else:
            super().keyPressEvent(event)

    def _by(self, milliseconds: int) -> None:
        if self._playback is not None:
            self._seek(self._playback.at + milliseconds)

    def _seek(self, milliseconds: int) -> None:
        if self._playback is not None and self._playback.opening is not None:
            self._playback.seek(milliseconds)

    def _stepped(self, action: int) -> None:
        if action != QAbstractSlider.SliderAction.SliderMove.value:  # a drag seeks where it ends
            self._seek(self._place.sliderPosition())

    def _speed_chosen(self, index: int) -> None:
        if self._playback is not None:
            self._playback.set_speed(SPEEDS[index])

    def _loud(self) -> None:
        mute = self.child(QToolButton, "mute").isChecked()
        self._speaker.loudness(0.0 if mute else self._loudness.value() / 100)
        self._glyph(self.child(QToolButton, "mute"), "volume-x" if mute else "volume-2")

    def _opened(self, said: Opening) -> None:
        self._place.setRange(0, said.milliseconds)
        self._place.setSingleStep(STEP)
        self._place.setPageStep(6 * STEP)
        told = [] if said.film else [tr("Sound without a picture.")]
        if not said.sound:
            told.append(tr("This recording has no sound."))
        self._tell(" ".join(told))

    def _moved(self, milliseconds: int) -> None:
        if not self._place.isSliderDown():
            self._place.blockSignals(True)
            self._place.setValue(milliseconds)
            self._place.blockSignals(False)
        time = f"{_clock(milliseconds)} / {_clock(self._place.maximum())}"
        self.child(QLabel, "time").setText(words.isolated(time))

    def _became(self, state: str) -> None:
        running = state in (PLAYING, WAITING)
        self._play.setText(tr("Pause") if running else tr("Play"))
        self._play.setAccessibleName(self._play.text())
        self._glyph(self._play, "pause" if running else "play")
        if state == PLAYING and self._speaker.why and self._playback and self._playback.opening:
            self._tell(self._speaker.why if self._playback.opening.sound else tr("This recording has no sound."))

    def _failed(self, error: VaultError) -> None:
        self._tell(error.sentence)
        self.failed.emit(error)

    def _tell(self, text: str) -> None:
        self.child(QLabel, "told").setText(text)
        self.child(QLabel, "told").setVisible(bool(text))

    def _glyph(self, button: QPushButton | QToolButton, name: str) -> None:
        if button.property("glyph") != name:
            button.setProperty("glyph", name)
            self._theme.dress(button)

    def _coloured(self) -> None:
        t = self._theme.tokens
        self._screen.colour(t.canvas, t.faint, t.accent)


def _clock(milliseconds: int) -> str:
    seconds = milliseconds // 1000
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"
