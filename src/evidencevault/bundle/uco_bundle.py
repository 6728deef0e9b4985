"""``data/case.jsonld``: the provenance of what a bundle delivers, and nothing that its extract does not disclose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evidencevault.bundle.contents import ORIGINAL, Document
from evidencevault.bundle.outside import Outside, Step
from evidencevault.bundle.uco import File, Graph

PATH = "case.jsonld"
_UNTOLD = "Original of {exhibit}. Its SHA-256 is not disclosed; salted commitment: {commitment}"
_NO_FILE = "Original of {exhibit}: no file, or its SHA-256 was not entered."


def document(told: Outside) -> bytes:
    """The document; its ids are those of every other document about the case."""
    cover, graph = told.cover, Graph(told.cover.origin)
    performers = {key: graph.identity(key, f"{role or 'member'}, key {key}") for key, role in told.roles.items()}
    files, originals, records = {}, {}, []
    for number in dict.fromkeys(one.exhibit for one in told.documents):
        ours = [one for one in told.documents if one.exhibit == number]
        originals[number] = _original(graph, ours)
        files[number] = [
            originals[number] if one.kind == ORIGINAL else graph.document_of(one.number, _file(one)) for one in ours
        ]
        missing = [one.said for one in told.gaps if one.exhibit == number]
        records.append(graph.provenance(number, [originals[number], *files[number]], missing))
    authorization = graph.authorization(cover.bundle, cover.legal_basis, cover.purpose, cover.made)
    steps: dict[str, list[str]] = {}
    for one in told.steps:
        steps.setdefault(one.subject, []).append(_action(graph, told, one, performers, originals, files))
    everything = [one for some in files.values() for one in some]
    graph.action(
        f"released {cover.bundle}",
        "released",
        told.released_at,
        performers[told.released_by],
        objects=[*records, *everything],
        said=[f"{cover.name}, sealed for its recipient"],
        informed_by=[one for number in (*originals, cover.bundle) for one in steps.get(number, ())],
    )
    said = f"Bundle {cover.name} at checkpoint {cover.checkpoint_size}:{told.root} of {cover.origin}"
    missing = [one.said for one in told.gaps if not one.exhibit]
    return graph.document(cover.case, [said, *missing], [authorization])


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


def _action(
    graph: Graph,
    told: Outside,
    one: Step,
    performers: Mapping[str, str],
    originals: Mapping[str, str],
    files: Mapping[str, Sequence[str]],
) -> str:
    original, made = originals.get(one.subject), files.get(one.subject, [])
    objects, results = [original] if original else [], []
    if one.action in ("imported", "received"):
        objects, results = [], objects
    elif one.action == "redacted" and any(one.digest == d.sha256 for d in told.documents if d.exhibit == one.subject):
        results = list(made)
    said = f"Entry {one.sequence}" + (f", {one.subject}" if one.subject else "")
    return graph.action(
        one.sequence, one.action, one.time, performers[one.actor], objects=objects, results=results, said=[said]
    )
