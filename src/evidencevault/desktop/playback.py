"""A recording being played: decoded beside everything else in the confined worker, shown and heard here."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal
from PySide6.QtGui import QImage

from evidencevault.desktop.case_document import CaseDocument, Held
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.jobs import Job
from evidencevault.desktop.pages import image
from evidencevault.desktop.speaker import Speaker
from evidencevault.desktop.tape import Tape
from evidencevault.documents.requests import Opening
from evidencevault.errors import VaultError
from evidencevault.progress import Progress

_TICK = 15  # ms
WIDTH = 960  # pixels of a picture at most
STOPPED, WAITING, PLAYING, PAUSED = "stopped", "waiting", "playing", "paused"


class Playback(QObject):
    """Plays one recording. ``moved`` carries milliseconds, ``shown`` a picture, ``became`` a state."""

    moved = Signal(int)
    shown = Signal(QImage)
    became = Signal(str)
    told = Signal(object)  # Opening: what it says of itself
    begun = Signal()  # the opening stands in the ledger
    failed = Signal(object)

    def __init__(self, desk: Desk, document: CaseDocument, speaker: Speaker) -> None:
        super().__init__()
        self._desk, self._document, self.speaker = desk, document, speaker
        self.state, self.speed = STOPPED, 1.0
        self.opening: Opening | None = None
        self._held: Held | None = None
        self._tape: Tape | None = None
        self._job: Job | None = None
        self._asked: Job | None = None
        self._from = 0  # milliseconds at which this run of the tape begins
        self._silent = QElapsedTimer()  # the clock where nothing is heard
        self._passed = 0.0  # ms that clock had counted before it was stopped
        self._tick = QTimer(self, interval=_TICK)
        self._tick.timeout.connect(self._step)
        self._dropped = self._hold = False

    @property
    def at(self) -> int:
        """Milliseconds of the recording that are reached."""
        if self.state in (STOPPED, WAITING):
            return self._from
        counted = self.speaker.heard * 1000 if self._hears() else self._counted()
        return self._from + round(counted * self.speed)

    def play(self) -> None:
        """Begin, or go on."""
        if self.state == PAUSED:
            if self.speaker.playing:
                self.speaker.pause(False)
            elif self.opening is not None and self.opening.sound:
                self.speaker.start()
            self._silent.start()
            self._become(PLAYING)
        elif self.state == STOPPED:
            self._run(self._from)

    def pause(self) -> None:
        """Hold on where it is."""
        if self.state == PLAYING:
            self._passed = self._counted()
            self._silent.invalidate()
            self.speaker.pause(True)
            self._become(PAUSED)

    def toggle(self) -> None:
        """Play or hold on."""
        self.pause() if self.state == PLAYING else self.play()

    def seek(self, milliseconds: int) -> None:
        """Go to a time; it plays on from there, or shows what is there."""
        length = self.opening.milliseconds if self.opening else 0
        to = max(0, min(milliseconds, length) if length else milliseconds)
        state = self.state
        self._end_run()
        self._from = to
        self.moved.emit(to)
        if state == STOPPED:
            self._become(STOPPED)
        else:
            self._run(to, hold=state == PAUSED)

    def set_speed(self, speed: float) -> None:
        """How fast; the voice keeps its pitch."""
        at, state = self.at, self.state
        self._end_run()
        self.speed, self._from = speed, at
        if state == STOPPED:
            self._become(STOPPED)
        else:
            self._run(at, hold=state == PAUSED)

    def drop(self) -> None:
        """Stop for good and let the recording go."""
        self._dropped = True
        self._end_run()
        if self._asked is not None:
            self._asked.cancel()
        held, self._held = self._held, None
        if held is not None:  # after the run that reads it has stopped
            self._desk.along(lambda _: held.close(), None, None)

    # --- running

    def _run(self, at: int, *, hold: bool = False) -> None:
        self._from, self._hold = at, hold
        self._become(WAITING)
        if self._held is None:
            if self._asked is None:
                self._asked = self._document.opened(self._opened, self._refused, how="play", pages=False)
            return
        tape, held, speed = Tape(), self._held, self.speed
        self._tape, self._passed = tape, 0.0

        def work(progress: Progress) -> None:
            for one in held.workers.play(held.name, held.reader, at, WIDTH, speed):
                if not tape.put(one, progress) or progress.stopping:
                    return
            tape.end()

        self._job = self._desk.along(work, None, lambda error: self._refused(error, tape))
        self._tick.start()

    def _opened(self, held: Held) -> None:
        self._asked = None
        if self._dropped:
            held.close()
            return
        self._held = held
        self.begun.emit()
        if self.state == WAITING:
            self._run(self._from)

    def _end_run(self) -> None:
        self._tick.stop()
        self.speaker.stop()
        if self._tape is not None:
            self._tape.cut()
            self._tape = None
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._silent.invalidate()

    def _refused(self, error: VaultError, tape: Tape | None = None) -> None:
        self._asked = None
        if self._dropped or tape is not self._tape:
            return
        self._end_run()
        self._become(STOPPED)
        self.failed.emit(error)

    def _step(self) -> None:
        tape = self._tape
        if tape is None:
            return
        if self.opening is None and tape.opening is not None:
            self.opening = tape.opening
            self.told.emit(tape.opening)
        if self.state == WAITING:
            if not tape.ready:
                return
            if self._hold:  # show what is there, and wait
                first = tape.first_picture()
                if first is not None:
                    self.shown.emit(image(first))
                self._become(PAUSED)
                return
            if self.opening is not None and self.opening.sound:
                self.speaker.start()
            self._silent.start()
            self._become(PLAYING)
        if self.state == PLAYING:
            self._feed(tape)
        picture = tape.picture(self.at) if self.state == PLAYING else None
        if picture is not None:
            self.shown.emit(image(picture))

    def _feed(self, tape: Tape) -> None:
        if self._hears():
            self.speaker.write(tape.sound(self.speaker.room))
        else:  # nothing is heard: samples pass as time does
            tape.pass_over(self._counted() / 1000)
        self.moved.emit(self.at)
        if tape.whole and tape.empty:
            self._end_run()
            self._from = 0
            self._become(STOPPED)
            self.moved.emit(0)

    def _hears(self) -> bool:
        return self.speaker.playing

    def _counted(self) -> float:
        return self._passed + (self._silent.elapsed() if self._silent.isValid() else 0)

    def _become(self, state: str) -> None:
        self.state = state
        self.became.emit(state)
