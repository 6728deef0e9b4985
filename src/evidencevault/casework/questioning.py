"""How questions were asked in an interview: the kinds counted, and where the first leading one stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from evidencevault.casework.conversations import Interview
from evidencevault.casework.prompts import LEADING, PROMPTS, suggest


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of an interview by kind; ``unsaid`` have none, ``suggested`` were named by the program.

    ``first_leading`` is the line of the earliest leading question, counted from 1.
    """

    counts: Mapping[str, int]
    unsaid: int
    suggested: int
    first_leading: int | None

    @property
    def total(self) -> int:
        """All questions."""
        return sum(self.counts.values()) + self.unsaid

    def share(self, kind: str) -> int:
        """Per cent of all questions, rounded."""
        return round(100 * self.counts[kind] / self.total) if self.total else 0


def suggested(interview: Interview) -> Interview:
    """With the kinds of prompts that nobody gave, from the words; the interpreter's language counts too."""
    spoken, lines = _spoken(interview), []
    for line in interview.lines:
        if line.question and (not line.prompt_kind or line.prompt_suggested):
            line = replace(line, prompt_kind=suggest(line.question, spoken), prompt_suggested=True)
        elif line.prompt_kind:
            line = replace(line, prompt_suggested=False)
        lines.append(line)
    return replace(interview, lines=tuple(lines))


def suggestions(interview: Interview) -> tuple[str, ...]:
    """What each line's question is by its words, whatever was chosen; empty for a line without a question."""
    spoken = _spoken(interview)
    return tuple(suggest(line.question, spoken) if line.question else "" for line in interview.lines)


def _spoken(interview: Interview) -> str:
    return interview.language + (f" {interview.interpreter.language}" if interview.interpreter else "")


def unsuggested(interview: Interview) -> Interview:
    """Without the kinds that the program suggested, as a form to change: what it then says, a person said."""
    lines = [replace(one, prompt_kind="") if one.prompt_suggested else one for one in interview.lines]
    return replace(interview, lines=tuple(lines))


def count(interview: Interview) -> Questions:
    """The questions of an interview; lines that hold only a note or an answer are none."""
    asked = [(place, line) for place, line in enumerate(interview.lines, 1) if line.question]
    found = Counter(line.prompt_kind for _, line in asked)
    return Questions(
        counts={kind: found[kind] for kind in PROMPTS},
        unsaid=sum(number for kind, number in found.items() if kind not in PROMPTS),
        suggested=sum(line.prompt_suggested is True for _, line in asked),
        first_leading=next((place for place, line in asked if line.prompt_kind == LEADING), None),
    )
