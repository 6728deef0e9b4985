"""Writes an interview down while one listens: a line at the foot, what was said above it, nothing that asks back.

Everything typed is kept sealed within two seconds; it is filed when the editor is left with “Save and close”.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QPushButton, QTextBrowser, QWidget

from evidencevault.casework import interviews
from evidencevault.desktop import drafting, markup, words
from evidencevault.desktop.desk import Desk, Opened
from evidencevault.desktop.forms import filling
from evidencevault.desktop.look import Theme
from evidencevault.desktop.recordform import local_now
from evidencevault.desktop.screen import banner
from evidencevault.desktop.sheets import Editor
from evidencevault.desktop.talk_line import TalkLine
from evidencevault.desktop.talk_lines import Talk, draft_name
from evidencevault.desktop.talk_said import ANCHOR, said_html
from evidencevault.errors import VaultError
from evidencevault.resources import tr
from evidencevault.vault.drafts import Draft

KEPT_AFTER = 2000  # ms after the last key
PUT_RIGHT = "line"  # the scheme of the links beside the lines


class TalkEditor(Editor):
    """``left`` is sent when what was typed waits as a draft."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__("talk")
        self._desk, self._theme = desk, theme
        self._reference, self._number = "", ""
        self._talk: Talk | None = None
        self._line = TalkLine()
        filling(self.child(QWidget, "composer"), self._line)
        self._said = self.child(QTextBrowser, "said")
        self._rest = QTimer(self, singleShot=True, interval=KEPT_AFTER)
        self._rest.timeout.connect(self.keep)
        self._connect()
        theme.changed.connect(self._coloured)
        self._coloured()

    def _connect(self) -> None:
        line = self._line
        line.typed.connect(self._typed)
        line.chosen.connect(self._chosen)
        line.rested.connect(self._suggest)
        line.done.connect(self.next_line)
        line.away.connect(self._take_away)
        line.back.connect(self._back)
        line.shortcuts(self)
        self._said.anchorClicked.connect(self._linked)
        for name, act in (("pause", self.pause), ("ended", self.end), ("leave", self.leave), ("save", self.save)):
            self.child(QPushButton, name).clicked.connect(act)
        keys = {"Ctrl+Return": self.save, "Ctrl+Enter": self.save, "F7": self.pause, "F8": self.end}
        keys |= {"Esc": self._escape, "Alt+Up": lambda: self._step(-1), "Alt+Down": lambda: self._step(1)}
        for key, run in keys.items():
            QShortcut(QKeySequence(key), self, run, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # --- beginning and leaving

    def start(self, reference: str, number: str) -> None:
        """Go on with a draft of an interview, and with what was typed of it and not filed."""
        self.keep()
        self._reference, self._number, self._talk = reference, number, None
        self.setEnabled(False)
        for name in ("refused", "kept"):
            banner(self, name, "")
        name = draft_name(self._reference, self._number)

        def read(opened: Opened) -> tuple[interviews.Interview, Draft | None]:
            one = interviews.as_form(interviews.draft(opened.case, number))
            Talk(one, local_now).warm()
            return one, opened.session.drafts.load(name)

        self._desk.read(reference, read, lambda found: self._came(number, *found), self._failed)

    def keep(self) -> None:
        """Keep what was typed, sealed; called as one types and before the window is taken away."""
        self._rest.stop()
        if self._talk is not None and self._talk.changed:
            name, body = draft_name(self._reference, self._number), self._talk.to_draft()
            self._desk.put_aside(lambda session: drafting.keep(session, name, body))
            at = local_now().strftime("%H:%M:%S")
            told = tr("Kept sealed on this computer at {time}; it is filed with “Save and close”.")
            self.child(QLabel, "told").setText(told.format(time=at))

    def leave(self) -> None:
        """Close the editor; what was typed waits for the next time."""
        self.keep()
        self._talk = None
        self.left.emit()

    def save(self) -> None:
        """File the lines."""
        talk, name, number = self._talk, draft_name(self._reference, self._number), self._number
        if talk is None:
            return
        talk.keep()
        self._changed()  # refused or not, nothing is lost

        def work(opened: Opened) -> str:
            stored = interviews.as_form(interviews.draft(opened.case, number))
            interviews.edit(opened.case, number, talk.merged(stored))
            opened.session.drafts.drop(name)
            return number

        self._desk.do(self._reference, work, self._filed, self._failed)

    def _filed(self, number: str) -> None:
        if number == self._number:
            self._talk = None
            self.saved.emit(number)

    def _came(self, number: str, one: interviews.Interview, draft: Draft | None) -> None:
        if number != self._number:
            return
        self._talk = Talk(one, local_now)
        if draft is not None:
            self._talk.take_draft(draft.body)
            banner(self, "kept", tr("You typed this before and did not save it. It was kept sealed on this computer."))
        self.setEnabled(True)
        self.child(QLabel, "who").setText(words.line([number, one.with_]))
        self.child(QLabel, "told").setText("")
        self._line.offer(self._talk.phases)
        self._theme.dress(self)
        self._show()
        self._line.begin()

    def _failed(self, error: VaultError) -> None:
        self.setEnabled(True)
        banner(self, "refused", error.sentence)

    # --- typing

    def _typed(self, name: str, text: str) -> None:
        if self._talk is not None:
            self._talk.type(**{name: text})
            self._line.show_time(self._talk.row)
            self._rest.start()

    def _chosen(self, phase: str, kind: str) -> None:
        if self._talk is not None:
            self._talk.type(phase=phase, prompt_kind=kind)
            self._rest.start()
            self._suggest()

    def next_line(self) -> None:
        """The line is done; the next begins."""
        if self._talk is not None and self._talk.keep():
            self._changed()
        self._line.begin()

    def pause(self) -> None:
        """Begin a break, or end it."""
        if self._talk is not None:
            self._talk.pause()
            self._changed()
            self._line.begin()

    def end(self) -> None:
        """The conversation is over; or not yet, after all."""
        if self._talk is not None:
            self._talk.end()
            self._changed()

    def _step(self, by: int) -> None:
        """From line to line; below the last one is the next."""
        if self._talk is not None and self._talk.lines:
            here = self._talk.place if self._talk.place >= 0 else len(self._talk.lines)
            self._take_up(max(0, here + by))

    def _linked(self, url: QUrl) -> None:
        if url.scheme() == PUT_RIGHT:
            self._take_up(int(url.path()))

    def _take_up(self, place: int) -> None:
        if self._talk is not None:
            self._talk.put_right(place)
            self._changed()
            self._line.begin()

    def _take_away(self) -> None:
        talk = self._talk
        if talk is None or talk.place < 0:
            return
        back = talk.take_away()

        def undo() -> None:
            back()
            self._changed()

        self._changed()
        self.undoable.emit(tr("The line is taken away."), undo)

    def _back(self) -> None:
        if self._talk is not None:
            self._talk.leave_line()
            self._show()
            self._line.begin()

    def _escape(self) -> None:
        if self._talk is not None and self._talk.place >= 0:
            self._back()
        else:
            self.leave()

    # --- what is shown

    def _changed(self) -> None:
        self.keep()
        self._show()

    def _show(self) -> None:
        talk = self._talk
        if talk is None:
            return
        again = talk.place >= 0
        self._line.show_line(talk.row, talk.place + 1 if again else len(talk.lines) + 1, again=again)
        self._suggest()
        self._told(talk)
        self._said.setHtml(said_html(talk.shown, PUT_RIGHT, talk.place if again else len(talk.lines)))
        if again:
            self._said.scrollToAnchor(f"{ANCHOR}{talk.place}")
        else:
            bar = self._said.verticalScrollBar()
            bar.setValue(bar.maximum())

    def _suggest(self) -> None:
        if self._talk is not None:
            self._line.suggest(self._talk.row, self._talk.suggestion)

    def _told(self, talk: Talk) -> None:
        found = talk.questions
        kinds = [f"{words.prompt(kind)} {number}" for kind, number in found.counts.items() if number]
        asked = tr("Questions: {n}").format(n=found.total)
        over = tr("ended at {time}").format(time=markup.clock(talk.ended_at)) if talk.ended_at else ""
        self.child(QLabel, "counts").setText(words.line(filter(None, [asked, *kinds, over])))
        pause, ended = self.child(QPushButton, "pause"), self.child(QPushButton, "ended")
        pause.setText(tr("End the break") if talk.on_break else tr("Break"))
        ended.setText(tr("Not ended yet") if talk.ended_at else tr("Ended now"))
        for button in (pause, ended):
            button.setAccessibleName(button.text())

    def _coloured(self) -> None:
        markup.prepare(self._said, self._theme.tokens)
        self._show()
