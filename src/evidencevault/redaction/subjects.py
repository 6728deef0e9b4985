"""What redaction needs to know of exhibits and persons of a case."""

from __future__ import annotations

from dataclasses import dataclass

from evidencevault.casework import people
from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import Refused
from evidencevault.evidence import exhibits
from evidencevault.evidence.model import Exhibit
from evidencevault.redaction.matching import words_of
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True)
class Subject:
    """An exhibit to redact: number, name as imported, SHA-256 of its bytes, type, the item of its object.

    ``sha256`` is zeros and ``object`` None for things that are no file. ``parent`` is the exhibit that it came inside
    of ("": none).
    """

    number: str
    name: str
    sha256: bytes
    media_type: str
    size: int
    object: bytes | None
    restricted: bool
    previewable: bool
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A person of the register: the label under which they appear outside, what they are, and every name to hide."""

    label: str
    role: str
    names: tuple[str, ...]
    aliases: tuple[str, ...]

    @property
    def all_names(self) -> tuple[str, ...]:
        """Names and aliases."""
        return self.names + self.aliases

    @property
    def spelt(self) -> set[str]:
        """Whole names and aliases, and each of their words, as :func:`spelling` has them."""
        whole = {spelling(name) for name in self.all_names}
        return whole | {word for name in whole for word in name.split()}


def spelling(text: str) -> str:
    """The words of a text as the matcher compares them: folded, one space between."""
    return " ".join(words_of(text))


def subject(case: CaseFile, number: str) -> Subject:
    """One exhibit by its number. Raises NotFound."""
    return _subject(exhibits.get(case, number))


def subjects(case: CaseFile) -> list[Subject]:
    """All exhibits in order."""
    return [_subject(one) for one in exhibits.list_exhibits(case)]


def persons(case: CaseFile) -> list[Named]:
    """The register of the case."""
    return [_named(one) for one in people.list_persons(case)]


def person(case: CaseFile, label: str) -> Named:
    """One person by label, whatever its case. Raises NotFound."""
    return _named(people.find(case, label))


def need_file(one: Subject) -> None:
    """Refused for a thing that is no file."""
    if one.object is None:
        raise Refused(tr("{exhibit} is a thing and no file: it has no pages to mark.").format(exhibit=one.number))


def _subject(one: Exhibit) -> Subject:
    return Subject(
        number=one.number,
        name=one.name,
        sha256=one.sha256 or bytes(32),
        media_type=one.media_type or "",
        size=one.size or 0,
        object=one.object,
        restricted=one.restricted is not None,
        previewable=one.previewable,
        parent=one.parent or "",
    )


def _named(one: people.Labelled) -> Named:
    return Named(one.label, one.person.role, one.person.names, one.person.aliases)
