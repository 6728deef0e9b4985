# mypy: disable-error-code="no-untyped-call"
"""Earlier revisions of a PDF: it is saved by adding to its end, and what was deleted then is still in the file."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pymupdf

from evidencevault.documents.worker.found import Found
from evidencevault.documents.worker.objects import Objects
from evidencevault.documents.worker.unseen_objects import Walk

_END = re.compile(rb"startxref\s+\d+\s+%%EOF[\r\n]{0,2}")
_MOST = 20


def listed(document: Any, data: bytes, found: Found) -> None:
    """Add how many earlier revisions there are, and what of each is no longer in the document.

    ``found`` holds by then what lies in the objects of today.
    """
    ends = [match.end() for match in _END.finditer(data)]
    if b"/Linearized" in data[:1024] and ends:
        ends.pop(0)  # a file made to be read from its front has two ends, and one state
    earlier = ends[:-1]
    if not earlier:
        return
    found.add("revision", 0, str(len(earlier)))
    told = {text for _, _, text in found.items()}
    now: Counter[str] = Counter()
    for page in document:
        now.update(_words(page))
    for end in earlier[-_MOST:]:
        if found.full:
            return
        with found.trying("revision"), pymupdf.open(stream=data[:end], filetype="pdf") as before:
            _gone(before, now, found)
            own = found.within()
            Walk(Objects(before), {}, own).all()
            for _, _, text in own.items():  # comments, values of forms, files: what was deleted or changed since
                if text not in told:
                    found.add("revision-text", 0, text)


def _gone(before: Any, now: Counter[str], found: Found) -> None:
    pages = [_words(page) for page in before]
    left = Counter(word for words in pages for word in words) - now
    for number, words in enumerate(pages, 1):
        gone = []
        for word in words:
            if left[word] > 0:
                left[word] -= 1
                gone.append(word)
        found.long("revision-text", number, " ".join(gone))


def _words(page: Any) -> list[str]:
    return [str(one[4]) for one in page.get_text("words")]
