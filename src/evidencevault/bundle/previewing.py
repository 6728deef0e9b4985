"""What would leave with a bundle, before it is made: the same content that is built for it, looked at page by page."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass

from evidencevault.bundle import assembly
from evidencevault.bundle.assembly import Selection
from evidencevault.bundle.building import Built, build
from evidencevault.bundle.contents import ORIGINAL, Document
from evidencevault.bundle.orders import Order
from evidencevault.bundle.parts import PDF, Part
from evidencevault.bundle.receiving import EXTRACT
from evidencevault.custody import extracts
from evidencevault.custody.casefile import CaseFile
from evidencevault.documents.requests import Bytes, Pixels
from evidencevault.documents.workers import Workers
from evidencevault.errors import NotFound
from evidencevault.evidence import exhibits, reading, views
from evidencevault.progress import Progress
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True)
class Preview:
    """A bundle that was neither made nor checked for leaks yet. It is bound to the opened case it was built of.

    ``files`` are those that are written for it, with their sizes in bytes. Of the chain of custody it shows ``entries``
    (how many), and of them the fields in ``disclosed``; all else in them stays committed.
    """

    order: Order
    documents: tuple[Document, ...]
    files: tuple[tuple[str, int], ...]
    entries: int
    disclosed: tuple[int, ...]
    _built: Built
    _workers: Workers

    def page(self, path: str, page: int, width: int) -> Pixels:
        """One page (from 1) of a document or PDF of the bundle by its path, as it would leave; a view, and entered.

        Raises NotFound, DocumentFailed (no pages), StorageFailed, NotPermitted.
        """
        built = self._built
        part = next((one for one in built.parts if one.document.path == path), None)
        if part is not None:
            return self._of_part(part, page, width)
        data = dict(built.files).get(path)
        if data is None:
            raise NotFound(tr("There is no file “{name}” in this bundle.").format(name=path))
        return self._workers.render(path, Bytes(data), page, width)

    def _of_part(self, part: Part, page: int, width: int) -> Pixels:
        case, document, workers = self._built.case, part.document, self._workers
        purpose = views.allow(exhibits.get(case, document.exhibit), self.order.purpose)
        if document.kind == ORIGINAL:
            return reading.render(case, workers, document.exhibit, page, width=width, purpose=purpose)
        if part.stored is not None:
            views.enter(case, [document.exhibit], purpose=purpose, how="bundle-preview")
        with ExitStack() as opened:
            return workers.render(document.path, self._built.source(part, opened), page, width)


def preview(case: CaseFile, workers: Workers, selection: Selection, progress: Progress) -> Preview:
    """Build what would leave, and nothing else. Raises as ``assembly.create``, but for the leak check."""
    order = assembly.draft(case, workers, selection, progress)
    built = build(case, workers, order, "", progress)
    extract = extracts.check(dict(built.files)[EXTRACT.removeprefix("data/")])
    files = [(path, len(data)) for path, data in (*built.files, *built.beside)]
    shown = {field for one in extract.entries for field in one.fields}
    return Preview(
        order=order,
        documents=tuple(one.document for one in built.parts),
        files=tuple(files),
        entries=len(extract.entries),
        disclosed=tuple(sorted(shown)),
        _built=built,
        _workers=workers,
    )


def is_paged(document: Document) -> bool:
    """Whether it can be looked at page by page; of an original the worker tells."""
    return document.media_type == PDF or document.kind == ORIGINAL
