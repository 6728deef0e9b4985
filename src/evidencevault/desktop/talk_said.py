"""What was said so far, as it is read above the line that is being typed."""

from __future__ import annotations

from dataclasses import replace

from evidencevault.casework.interviews import Interview
from evidencevault.desktop.interview_reader import dialogue
from evidencevault.desktop.markup import body, escaped
from evidencevault.resources import tr

ANCHOR = "l"
SHOWN = 40  # lines: a long interview is shown anew with every line, and must not slow down who is typing


def said_html(one: Interview, scheme: str, last: int) -> str:
    """The lines up to the one that is being typed (``last``, from 0) and those behind it, with the breaks.

    Each has a link ``SCHEME:PLACE`` (from 0) that takes it up again, the first also one to the lines before.
    """
    name = escaped(tr("Put right"))

    def link(place: int) -> str:
        return f' <a name="{ANCHOR}{place - 1}" href="{scheme}:{place - 1}">{name}</a>'

    after = max(0, last - SHOWN)
    until = after + 2 * SHOWN
    shown = replace(one, lines=one.lines[:until], breaks=one.breaks if until >= len(one.lines) else ())
    earlier = escaped(tr("Earlier lines: {n}").format(n=after))
    before = [f'<p><a href="{scheme}:{after - 1}">{earlier}</a></p>'] if after else []
    return body([*before, *dialogue(shown, link, after)])
