"""What is said in an interview, line by line while one listens: no widget, no service; the draft that keeps it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from evidencevault.casework.interviews import Break, Interview, Line
from evidencevault.casework.phases import phases
from evidencevault.casework.questioning import Questions, count, suggested
from evidencevault.desktop import drafting
from evidencevault.vault.canonical import Value

T = TypeVar("T")
_TEXTS = ("question", "answer", "note")


@dataclass(frozen=True, slots=True)
class Typed:
    """What of an interview is written down while listening."""

    lines: tuple[Line, ...] = ()
    breaks: tuple[Break, ...] = ()
    ended_at: datetime | None = None


def draft_name(reference: str, number: str) -> str:
    """Under which what is typed into an interview is kept."""
    return f"{reference}/talk/{number}"


class Talk:
    """The lines of one interview, the one that is being typed, and the place of the one that is put right.

    Nothing here is filed; :attr:`typed` is what a draft keeps and what is filed in the end.
    """

    def __init__(self, interview: Interview, clock: Callable[[], datetime]) -> None:
        self._interview = interview
        self._clock: Callable[[], datetime] = lambda: clock().replace(microsecond=0)
        self.base = Typed(interview.lines, interview.breaks, interview.ended_at)
        self._typed = self.base
        self._kinds: dict[str, str] = {}
        self.row, self.place = self._next(), -1

    # --- what is there

    @property
    def lines(self) -> tuple[Line, ...]:
        """What was said so far."""
        return self._typed.lines

    @property
    def on_break(self) -> bool:
        """Whether the last break is not over."""
        return bool(self._typed.breaks) and self._typed.breaks[-1].ended_at is None

    @property
    def ended_at(self) -> datetime | None:
        """When the conversation ended."""
        return self._typed.ended_at

    @property
    def phases(self) -> tuple[str, ...]:
        """Those of the model; none where it leaves them free."""
        return phases(self._interview.model)

    @property
    def shown(self) -> Interview:
        """The interview as it would be filed now, with the kinds of questions that the words suggest."""
        typed = self._typed
        lines = tuple(map(self._with_kind, typed.lines))
        return replace(self._interview, lines=lines, breaks=typed.breaks, ended_at=typed.ended_at)

    @property
    def questions(self) -> Questions:
        """How it was asked so far."""
        return count(self.shown)

    @property
    def suggestion(self) -> str:
        """What kind the question that is being typed is by its words."""
        return self._kind(self.row.question) if self.row.question else ""

    def warm(self) -> None:
        """Read the word lists of :attr:`suggestion` now, and not while somebody types."""
        self._kind("?")

    # --- typing

    def type(self, **texts: Any) -> None:
        """Change fields of the line that is being typed; its first word stamps the time."""
        self.row = replace(self.row, **texts)
        if self.row.at is None and any(texts.get(one) for one in _TEXTS):
            self.row = replace(self.row, at=self._clock())

    def keep(self) -> bool:
        """Put the line where it belongs, and begin the next; False where nothing was typed."""
        typed: dict[str, Any] = {one: getattr(self.row, one).strip() for one in _TEXTS}
        row = replace(self.row, **typed)
        if not any(getattr(row, one) for one in _TEXTS):
            return False
        before = self._typed.lines
        if self.place < 0:
            self._put(lines=(*before, row))
        else:
            self._put(lines=(*before[: self.place], row, *before[self.place + 1 :]))
        self.row, self.place = self._next(), -1
        return True

    def put_right(self, place: int) -> None:
        """Take a written line up again; what was being typed is kept first."""
        self.keep()
        if 0 <= place < len(self._typed.lines):
            self.row, self.place = self._typed.lines[place], place

    def leave_line(self) -> None:
        """Leave a line that was taken up as it was."""
        self.row, self.place = self._next(), -1

    def take_away(self) -> Callable[[], None]:
        """Take the line away that was taken up. Returns what brings it back."""
        before = self._typed.lines
        self._put(lines=(*before[: self.place], *before[self.place + 1 :]))
        gone, place = before[self.place], self.place
        self.leave_line()

        def back() -> None:
            now = self._typed.lines
            self._put(lines=(*now[:place], gone, *now[place:]))
            if self.place >= place:
                self.place += 1

        return back

    def pause(self, reason: str = "") -> None:
        """Begin a break, or end the one that is under way."""
        self.keep()
        breaks, now = self._typed.breaks, self._clock()
        if self.on_break:
            self._put(breaks=(*breaks[:-1], replace(breaks[-1], ended_at=now, reason=reason or breaks[-1].reason)))
        else:
            self._put(breaks=(*breaks, Break(started_at=now, reason=reason)))

    def end(self) -> None:
        """Say that the conversation is over, or take that back."""
        self.keep()
        if self.on_break:
            self.pause()
        self._put(ended_at=None if self._typed.ended_at else self._clock())

    # --- keeping and filing

    @property
    def changed(self) -> bool:
        """Whether there is anything that was not filed."""
        return self._typed != self.base or any(getattr(self.row, one).strip() for one in _TEXTS)

    def to_draft(self) -> dict[str, Value]:
        """Everything, also the line that is being typed, as a sealed draft keeps it."""
        return {
            "base": _kept(self.base),
            "typed": _kept(self._typed),
            "row": drafting.to_body(_values(self.row)),
            "place": self.place,
        }

    def take_draft(self, body: Mapping[str, Any]) -> None:
        """Go on from a draft."""
        self.base, self._typed = _read(body["base"]), _read(body["typed"])
        self.row, self.place = Line(**drafting.from_body(body["row"])), body["place"]

    def merged(self, stored: Interview) -> Interview:
        """What is filed: what was typed here, and what somebody else filed meanwhile; no line of either is lost."""
        typed = self._typed
        other = Typed(stored.lines, stored.breaks, stored.ended_at)
        if other != self.base:
            typed = Typed(
                _both(self.base.lines, typed.lines, other.lines),
                _both(self.base.breaks, typed.breaks, other.breaks),
                typed.ended_at or other.ended_at,
            )
        return replace(stored, lines=typed.lines, breaks=typed.breaks, ended_at=typed.ended_at)

    def _with_kind(self, line: Line) -> Line:
        if line.prompt_kind or not line.question:
            return line
        return replace(line, prompt_kind=self._kind(line.question), prompt_suggested=True)

    def _kind(self, question: str) -> str:
        """By its words; each question is judged once, for a long interview is shown anew with every line."""
        if question not in self._kinds:
            asked = replace(self._interview, lines=(Line(question=question),))
            self._kinds[question] = suggested(asked).lines[0].prompt_kind
        return self._kinds[question]

    def _put(self, **what: Any) -> None:
        self._typed = replace(self._typed, **what)

    def _next(self) -> Line:
        last = self._typed.lines[-1].phase if self._typed.lines else ""
        return Line(phase=last or next(iter(self.phases), ""))


def _both(base: Sequence[T], mine: Sequence[T], theirs: Sequence[T]) -> tuple[T, ...]:
    own = [one for one in mine if one not in base and one not in theirs]
    return (*theirs, *own)


def _values(one: Line | Break) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def _kept(typed: Typed) -> dict[str, Value]:
    return {
        "lines": [drafting.to_body(_values(one)) for one in typed.lines],
        "breaks": [drafting.to_body(_values(one)) for one in typed.breaks],
        **drafting.to_body({"ended_at": typed.ended_at}),
    }


def _read(body: Mapping[str, Any]) -> Typed:
    return Typed(
        tuple(Line(**drafting.from_body(one)) for one in body["lines"]),
        tuple(Break(**drafting.from_body(one)) for one in body["breaks"]),
        drafting.from_body({"ended_at": body["ended_at"]})["ended_at"],
    )
