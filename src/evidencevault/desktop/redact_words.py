"""The codes of redaction in words of the screen: reasons, kinds of marks, groups of suggestions, how far a plan is."""

from __future__ import annotations

from collections.abc import Mapping

from evidencevault.desktop import words
from evidencevault.redaction import standings, suggesting
from evidencevault.redaction.gaps import Figure
from evidencevault.redaction.marks import Span
from evidencevault.resources import tr


def reason(code: str, more: Mapping[str, str]) -> str:
    """Why something is hidden; ``more`` are the names of the policy's own codes."""
    known = {
        "child": tr("A child"),
        "reporter": tr("Who reported"),
        "witness": tr("A witness"),
        "third-party": tr("Somebody else"),
        "respondent": tr("Who is complained about"),
        "address": tr("An address"),
        "contact": tr("Telephone or mail"),
        "birth": tr("A date of birth"),
        "health": tr("Health"),
        "location": tr("A place"),
        "image": tr("A picture of a person"),
        "privilege": tr("Legal advice"),
        "other": tr("Another reason"),
    }
    return known.get(code) or more.get(code) or code


def kind(code: str, what: str, term: str) -> str:
    """How a mark came to be."""
    known = {
        "box": tr("Box drawn by hand"),
        "text": tr("Selected text"),
        "line": tr("Whole line"),
        "page": tr("Whole page"),
        "inverse": tr("Everything but one part"),
        "span": tr("Stretch of a recording"),
        "face": tr("Face"),
        "term": tr("Words: {words}").format(words=words.isolated(words.one_line(term))),
        "person": tr("Name of {person}").format(person=words.isolated(what)),
    }
    return known.get(code) or pattern(what)


def pattern(code: str) -> str:
    """What a pattern finds."""
    return {
        "email": tr("Mail address"),
        "phone": tr("Telephone number"),
        "iban": tr("Bank account"),
        "national-id": tr("National number"),
        "date": tr("Date"),
        "birth": tr("Date of birth"),
        "url": tr("Web address"),
        "gps": tr("Coordinates"),
    }.get(code, code)


def group(code: str) -> str:
    """A group of suggestions, such as ``person:Child A``."""
    of, _, what = code.partition(":")
    if of == "person":
        return tr("Names of {person}").format(person=words.isolated(what))
    if of == suggesting.MISREAD:
        return tr("Perhaps {person}, misread").format(person=words.isolated(what))
    return tr("What may be faces") if of == "face" else pattern(what)


def state(code: str, marks: int) -> tuple[str, str, str]:
    """How far a plan is in a few words, its tone, its icon."""
    return {
        standings.UNTOUCHED: (tr("Nothing marked"), "plain", "square-dashed"),
        standings.DRAFT: (tr("{n} marks, draft").format(n=marks) if marks else tr("Draft"), "warn", "eye-off"),
        standings.WAITING: (tr("To be approved"), "accent", "clock"),
        standings.NOTHING: (tr("Nothing to hide"), "plain", "circle-check"),
        standings.APPROVED: (tr("Approved"), "good", "badge-check"),
        standings.CANNOT: (tr("Not possible"), "plain", "file-lock"),
    }[code]


def width(one: Figure, page: int) -> tuple[str, str]:
    """What the width of a gap gives away, for somebody who never heard of it, and its tone."""
    where = tr("Page {n}, mark {mark}").format(n=page, mark=words.isolated(one.mark_id))
    if not one.measured:
        told = tr("the width could not be measured here. Somebody with patience might guess the name from it.")
        return f"{where}: {told}", "warn"
    if one.singled_out:
        told = tr("of all persons of this case, only this one name is as wide as the box. It gives the name away.")
        return f"{where}: {told}", "bad"
    told = tr("as wide as the box are {here} names of this case and {public} of a list of usual names.").format(
        here=one.register, public=one.public
    )
    if one.narrow:
        return f"{where}: {told} " + tr("So few, that the name can be guessed."), "bad"
    return f"{where}: {told} " + tr("Enough, so that nobody can tell which."), "good"


def checked(report: Mapping[str, object], pages: int) -> str:
    """What the attack on a finished copy found: nothing, else there would be no copy."""
    methods, read = report.get("methods"), report.get("read_back")
    tests = len(methods) if isinstance(methods, (list, tuple)) else 0
    said = tr("Checked: nothing that was hidden can be got back. {tests} ways were tried on {pages} pages.")
    told = said.format(tests=tests, pages=pages)
    if not read and pages:
        told += " " + tr("The pages were not read again by text recognition: none is installed here.")
    return told


def stretch(span: Span) -> str:
    """A stretch as people write it: ``1:02 – 1:10.5``."""
    return f"{_clock(span.start)} – {_clock(span.end)}"


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    part = f".{rest:03d}".rstrip("0") if rest else ""
    return f"{hours}:{minutes:02d}:{seconds:02d}{part}" if hours else f"{minutes}:{seconds:02d}{part}"
