"""What was said so far, as it is read above the line that is being typed."""

from __future__ import annotations

from evidencevault.casework.interviews import Interview
from evidencevault.desktop.interview_reader import dialogue
from evidencevault.desktop.markup import body, escaped
from evidencevault.resources import tr


def said_html(one: Interview, scheme: str) -> str:
    """Lines and breaks in their order; each line has a link ``SCHEME:PLACE`` (from 0) that takes it up again."""
    name = escaped(tr("Put right"))

    def link(place: int) -> str:
        return f' <a href="{scheme}:{place - 1}">{name}</a>'

    return body(dialogue(one, link))
