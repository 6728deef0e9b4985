"""Reading an exhibit: pages, text, thumbnail, original bytes. The view is entered first, else nothing shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from evidencevault.custody.casefile import CaseFile
from evidencevault.documents.requests import DocumentFailed, PageText, Pixels
from evidencevault.evidence import views
from evidencevault.evidence.conversion import paged_object
from evidencevault.evidence.exhibits import Exhibit, get, of_object
from evidencevault.vault.objects import ObjectReader

if TYPE_CHECKING:
    from evidencevault.documents.workers import Workers

__all__ = [
    "PageText",
    "Pixels",
    "opened",
    "original",
    "page_count",
    "paged",
    "pages",
    "render",
    "sizes",
    "small",
    "text",
    "thumbnail",
    "thumbnails",
]


def page_count(case: CaseFile, number: str) -> int:
    """Pages that can be shown (0: none, or nobody looked yet); no content, hence no view. Raises NotFound."""
    exhibit = get(case, number)
    return exhibit.pages or 0 if exhibit.previewable else 0


@contextmanager
def original(case: CaseFile, number: str, *, purpose: str | None = None, how: str = "view") -> Iterator[ObjectReader]:
    """The stored bytes, after the view was entered.

    Raises NotFound (no such exhibit, or no file), Refused (restricted, and no purpose), StorageFailed (the view cannot
    be entered: then nothing is shown), NotPermitted, Damaged.
    """
    exhibit = get(case, number)
    with _entered(case, exhibit, purpose, how, of_object(exhibit)) as reader:
        yield reader


@contextmanager
def paged(case: CaseFile, number: str, *, purpose: str | None = None, how: str = "view") -> Iterator[ObjectReader]:
    """What has the exhibit's pages: its own bytes, or the PDF that was made of it. Raises as :func:`original`."""
    exhibit = get(case, number)
    with _entered(case, exhibit, purpose, how, paged_object(case, exhibit)) as reader:
        yield reader


def opened(
    case: CaseFile, number: str, *, purpose: str | None = None, how: str = "view", pages: bool = True
) -> ObjectReader:
    """What has the exhibit's pages, or (not ``pages``) its own bytes, to be read for as long as it is shown.

    The caller closes it. Raises as :func:`original`.
    """
    exhibit = get(case, number)
    _enter(case, exhibit, purpose, how)
    return case.open_object(paged_object(case, exhibit) if pages else of_object(exhibit))


def render(
    case: CaseFile, workers: Workers, number: str, page: int, *, width: int = 1000, purpose: str | None = None
) -> Pixels:
    """One page (from 1) at about ``width`` pixels. Raises as :func:`original`, and DocumentFailed."""
    exhibit = get(case, number)
    with paged(case, number, purpose=purpose) as reader:
        return workers.render(exhibit.name, reader, page, width=width)


def pages(
    case: CaseFile,
    workers: Workers,
    number: str,
    wanted: Iterable[int] | None = None,
    *,
    width: int = 1000,
    purpose: str | None = None,
) -> Iterator[Pixels]:
    """Several pages (all, if none are named), one view. Raises as :func:`render`."""
    exhibit = get(case, number)
    with paged(case, number, purpose=purpose) as reader:
        for page in wanted if wanted is not None else range(1, (exhibit.pages or 0) + 1):
            yield workers.render(exhibit.name, reader, page, width=width)


def text(case: CaseFile, workers: Workers, number: str, *, purpose: str | None = None) -> list[PageText]:
    """All pages with their characters and boxes. Raises as :func:`render`."""
    exhibit = get(case, number)
    with paged(case, number, purpose=purpose, how="text") as reader:
        return workers.text(exhibit.name, reader)


def sizes(case: CaseFile, workers: Workers, number: str, *, purpose: str | None = None) -> list[tuple[float, float]]:
    """Width and height of each page in points. It opens the exhibit, hence is a view. Raises as :func:`render`."""
    exhibit = get(case, number)
    with paged(case, number, purpose=purpose) as reader:
        return workers.sizes(exhibit.name, reader)


def thumbnail(case: CaseFile, workers: Workers, number: str, *, purpose: str | None = None) -> bytes:
    """A PNG of at most 256 pixels a side. Raises as :func:`render`."""
    exhibit = get(case, number)
    with paged(case, number, purpose=purpose, how="thumbnail") as reader:
        return workers.thumbnail(exhibit.name, reader)


def small(
    case: CaseFile, workers: Workers, numbers: Sequence[str], *, width: int
) -> Iterator[tuple[str, Pixels | DocumentFailed]]:
    """First pages as pixels, or why not, of what is previewable and not restricted; all views in one commit before."""
    shown = [one for one in (get(case, number) for number in numbers) if one.previewable and not one.restricted]
    views.enter(case, [one.number for one in shown], how="thumbnail")
    for exhibit in shown:
        with case.open_object(paged_object(case, exhibit)) as reader:
            try:
                yield exhibit.number, workers.render(exhibit.name, reader, 1, width=width)
            except DocumentFailed as error:
                yield exhibit.number, error


def thumbnails(case: CaseFile, workers: Workers, numbers: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Thumbnails of what is previewable and not restricted; all views in one commit before the first."""
    shown = [one for one in (get(case, number) for number in numbers) if one.previewable and not one.restricted]
    views.enter(case, [one.number for one in shown], how="thumbnail")
    for exhibit in shown:
        with case.open_object(paged_object(case, exhibit)) as reader:
            yield exhibit.number, workers.thumbnail(exhibit.name, reader)


@contextmanager
def _entered(case: CaseFile, exhibit: Exhibit, purpose: str | None, how: str, item: bytes) -> Iterator[ObjectReader]:
    _enter(case, exhibit, purpose, how)
    with case.open_object(item) as reader:
        yield reader


def _enter(case: CaseFile, exhibit: Exhibit, purpose: str | None, how: str) -> None:
    views.enter(case, [exhibit.number], purpose=views.allow(exhibit, purpose), how=how)
