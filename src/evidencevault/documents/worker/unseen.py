"""Everything that a document's pages do not show, item by item."""

from __future__ import annotations

from collections.abc import Iterator

from evidencevault.documents.requests import Limits, Reason
from evidencevault.documents.worker import (
    pages,
    unseen_mail,
    unseen_odf,
    unseen_office,
    unseen_pdf,
    unseen_pictures,
)
from evidencevault.documents.worker.failed import Answer, Failed, Read
from evidencevault.documents.worker.found import Found
from evidencevault.documents.worker.media import OFFICE, OPEN_DOCUMENT, media_of


def hidden(question: Answer, limits: Limits, read: Read) -> Iterator[Answer]:
    """Batches of items [kind, page, text]. Raises Failed: encrypted, damaged, unsupported, bomb."""
    data = read()
    media = media_of(question, data)
    found = Found(limits)
    if media == "application/pdf":
        with pages.opened(data, media, limits) as document:
            unseen_pdf.listed(document.mupdf, data, found)
    elif media.startswith("image/") and media != "image/svg+xml":
        with pages.opened(data, media, limits) as document:
            unseen_pictures.listed(document.picture, data, found)
    elif media in unseen_office.KINDS:
        unseen_office.listed(data, limits, found)
    elif media in OPEN_DOCUMENT:
        unseen_odf.listed(data, limits, found)
    elif media in OFFICE:
        found.add("unlisted", 0, OFFICE[media])
    elif media == "message/rfc822":
        with found.trying("message"):
            unseen_mail.message(data, found)
    elif media in ("text/html", "application/xhtml+xml", "image/svg+xml"):
        with found.trying("page"):
            unseen_mail.html(data.decode("utf-8", "replace"), found)
    elif media.startswith("text/") or media in ("application/json", "application/xml"):
        return  # shown to the last character
    else:
        raise Failed(Reason.ENCRYPTED if media == "application/encrypted" else Reason.UNSUPPORTED)
    yield from found.answers()
