"""``data/case.jsonld``: the provenance of what a bundle delivers, and nothing that its extract does not disclose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evidencevault.bundle.contents import ORIGINAL, Document
from evidencevault.bundle.outside import Outside, Step
from evidencevault.bundle.uco import File, Graph

PATH = "case.jsonld"
_UNTOLD = "Original of {exhibit}. Its SHA-256 is not disclosed; salted commitment: {commitment}"
_NO_FILE = "Original of {exhibit}: no file, or its SHA-256 was not entered."


@dataclass(slots=True)
class _Things:
    """The ids of one exhibit: its original, the copies that were approved (by SHA-256), the delivered files."""

    original: str
    copies: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)

    @property
    def all(self) -> list[str]:
        return [self.original, *self.copies.values(), *self.files]


def document(told: Outside) -> bytes:
    """The document; its ids are those of every other document about the case."""
    cover, graph = told.cover, Graph(told.cover.origin)
    performers = {key: graph.identity(key, f"{role or 'member'}, key {key}") for key, role in told.roles.items()}
    things = {number: _things(graph, told, number) for number in dict.fromkeys(one.exhibit for one in told.documents)}
    records = [
        graph.provenance(number, ours.all, [one.said for one in told.gaps if one.exhibit == number])
        for number, ours in things.items()
    ]
    authorization = graph.authorization(cover.bundle, cover.legal_basis, cover.purpose, cover.made)
    steps: dict[str, list[str]] = {}
    for one in told.steps:
        steps.setdefault(one.subject, []).append(_action(graph, one, performers[one.actor], things, cover.bundle))
    graph.action(
        f"released {cover.bundle}",
        "released",
        told.released_at,
        performers[told.released_by],
        objects=[*records, *(file for ours in things.values() for file in ours.files)],
        said=[f"{cover.name}, sealed for its recipient"],
        informed_by=[one for number in (*things, cover.bundle) for one in steps.get(number, ())],
    )
    said = f"Bundle {cover.name} at checkpoint {cover.checkpoint_size}:{told.root} of {cover.origin}"
    return graph.document(cover.case, [said, *(one.said for one in told.gaps if not one.exhibit)], [authorization])


def _things(graph: Graph, told: Outside, exhibit: str) -> _Things:
    documents = [one for one in told.documents if one.exhibit == exhibit]
    found = _Things(_original(graph, documents))
    for one in documents:
        if one.kind == ORIGINAL:
            found.files.append(found.original)
            continue
        found.files.append(graph.document_of(one.number, _file(one)))
        if one.copy_sha256:
            same = one.copy_sha256 == one.sha256
            copy = found.files[-1] if same else graph.copy_of(one.number, File(one.copy_sha256))
            found.copies[one.copy_sha256] = copy
    return found


def _file(one: Document) -> File:
    return File(one.sha256, one.size, f"data/{one.path}", one.media_type)


def _original(graph: Graph, documents: Sequence[Document]) -> str:
    """The original itself where it is delivered unredacted, else a thing of which only its commitment is told."""
    for one in documents:
        if one.kind == ORIGINAL:
            return graph.original(one.exhibit, _file(one))
    first = documents[0]
    untold = _UNTOLD if first.original_commitment else _NO_FILE
    said = untold.format(exhibit=first.exhibit, commitment=first.original_commitment)
    return graph.original(first.exhibit, None, said)


def _action(graph: Graph, one: Step, performer: str, things: Mapping[str, _Things], bundle: str) -> str:
    ours = things.get(one.subject)
    objects, results = [ours.original] if ours else [], []
    if one.action in ("imported", "received"):
        objects, results = [], objects
    elif one.action == "redacted" and ours:
        results = [ours.copies[one.digest]] if one.digest in ours.copies else []
    elif one.subject == bundle:  # made: the approved copies became the numbered files
        objects = [copy for some in things.values() for copy in some.copies.values()]
        results = [file for some in things.values() for file in some.files if file not in objects]
    said = f"Entry {one.sequence}" + (f", {one.subject}" if one.subject else "")
    return graph.action(one.sequence, one.action, one.time, performer, objects=objects, results=results, said=[said])
