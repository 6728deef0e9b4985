# mypy: disable-error-code="no-untyped-call"
"""Documents as pages: MuPDF for PDF, office, HTML and text; Pillow for pictures; mail laid out as text."""

from __future__ import annotations

import array
import email
import email.policy
import io
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import pymupdf
from PIL import Image, ImageOps

from evidencevault.documents.requests import Limits, Reason
from evidencevault.documents.worker.main import Failed

pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)
Image.init()

_OPENS = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/epub+zip": "epub",
    "text/html": "html",
    "application/xhtml+xml": "xhtml",
    "image/svg+xml": "svg",
    "application/vnd.ms-xpsdocument": "xps",
    "application/oxps": "xps",
}
_A4 = (595, 842)


@dataclass(slots=True)
class Paged:
    """An open document: pages, metadata, and how to reach a page (from 1)."""

    count: int
    metadata: list[tuple[str, str]]
    mupdf: Any = None
    picture: Any = None


@contextmanager
def opened(data: bytes, media: str, limits: Limits) -> Iterator[Paged]:
    """Open by media type. Raises Failed: encrypted, unsupported, damaged, too-large."""
    if media.startswith("image/") and media != "image/svg+xml":
        with _picture(data, limits) as paged:
            yield paged
        return
    filetype, stream = _OPENS.get(media, ""), data
    if media == "message/rfc822":
        filetype, stream = "txt", mail_text(data).encode()
    elif not filetype and (media.startswith("text/") or media in ("application/json", "application/xml")):
        filetype, stream = "txt", data.decode("utf-8", "replace").encode()
    if not filetype:
        raise Failed(Reason.UNSUPPORTED)
    try:
        document = pymupdf.open(stream=stream, filetype=filetype)
    except (RuntimeError, ValueError) as error:
        raise Failed(Reason.DAMAGED) from error
    with document:
        if document.needs_pass:
            raise Failed(Reason.ENCRYPTED)
        if document.is_reflowable:
            document.layout(width=_A4[0], height=_A4[1], fontsize=11)
        if document.page_count < 1:
            raise Failed(Reason.DAMAGED)
        if document.page_count > limits.pages:
            raise Failed(Reason.TOO_LARGE)
        metadata = [(str(key), str(value)) for key, value in (document.metadata or {}).items() if value]
        yield Paged(document.page_count, metadata, mupdf=document)


@contextmanager
def _picture(data: bytes, limits: Limits) -> Iterator[Paged]:
    Image.MAX_IMAGE_PIXELS = limits.pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Failed(Reason.TOO_LARGE) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise Failed(Reason.DAMAGED) from error
    with picture:
        yield Paged(int(getattr(picture, "n_frames", 1)), [], picture=picture)


def mail_text(data: bytes) -> str:
    """Headers and readable body of a message as plain text."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    lines = [f"{name}: {message[name]}" for name in ("From", "To", "Cc", "Date", "Subject") if message[name]]
    body = message.get_body(("plain", "html"))
    content = str(body.get_content()) if body is not None else ""
    if body is not None and body.get_content_type() == "text/html":
        with pymupdf.open(stream=content.encode(), filetype="html") as document:
            content = "\n".join(page.get_text() for page in document)
    attached = [part.get_filename() or "?" for part in message.iter_attachments()]
    return "\n".join([*lines, "", content, "", *(f"[{name}]" for name in attached)])


def points(width: int, height: int) -> tuple[float, float]:
    """The size of a picture as a page: at 96 dots an inch, and never longer than A4."""
    scale = min(0.75, 842 / max(width, height, 1))
    return width * scale, height * scale


def _page(document: Paged, number: int) -> Any:
    if not 1 <= number <= document.count:
        raise Failed(Reason.NO_SUCH_PAGE)
    return document.mupdf[number - 1]


def text(question: dict[str, object], limits: Limits, read: Callable[[], bytes]) -> Iterator[dict[str, object]]:
    """A frame a page: size in points and characters with boxes. Pictures give pages without text."""
    data = read()
    total = 0
    with opened(data, _media(question, data), limits) as document:
        for number in range(1, document.count + 1):
            if document.mupdf is None:
                document.picture.seek(number - 1)
                wide, high = points(*ImageOps.exif_transpose(document.picture).size)
                yield {"page": number, "width": wide, "height": high, "text": "", "data": b""}
                continue
            page = document.mupdf[number - 1]
            letters, boxes = _letters(page)
            total += len(letters)
            if total > limits.text or len(letters) > limits.page_text:
                raise Failed(Reason.TOO_LARGE)
            yield {"page": number, "width": page.rect.width, "height": page.rect.height, "text": letters, "data": boxes}


def _letters(page: Any) -> tuple[str, bytes]:
    """The running text, and four floats a character: an empty box for a newline."""
    letters: list[str] = []
    boxes, upright = array.array("f"), page.rotation_matrix
    flags = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP
    for block in page.get_text("rawdict", flags=flags)["blocks"]:
        for line in block.get("lines", ()):
            for span in line["spans"]:
                for char in span["chars"]:
                    letters.append(char["c"])
                    boxes.extend(pymupdf.Rect(char["bbox"]) * upright)
            letters.append("\n")
            boxes.extend((0.0, 0.0, 0.0, 0.0))
    if sys.byteorder == "big":
        boxes.byteswap()
    return "".join(letters), boxes.tobytes()


def _media(question: dict[str, object], data: bytes) -> str:
    from evidencevault.documents.worker.look import media_type

    return media_type(data, str(question["suffix"]))


def pixmap(document: Paged, number: int, width: int, limits: Limits) -> tuple[int, int, bytes]:
    """A page as RGB at about this width."""
    if document.picture is not None:
        if not 1 <= number <= document.count:
            raise Failed(Reason.NO_SUCH_PAGE)
        document.picture.seek(number - 1)
        try:
            upright = ImageOps.exif_transpose(document.picture).convert("RGB")
        except (OSError, SyntaxError, ValueError) as error:
            raise Failed(Reason.DAMAGED) from error
        if upright.width > width:
            upright = upright.resize((width, max(1, round(upright.height * width / upright.width))))
        return upright.width, upright.height, upright.tobytes()
    page = _page(document, number)
    zoom = width / max(1.0, page.rect.width)
    if page.rect.width * page.rect.height * zoom * zoom > limits.pixels:
        raise Failed(Reason.TOO_LARGE)
    pixels = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csRGB, alpha=False)
    return pixels.width, pixels.height, pixels.samples


def render(question: dict[str, object], limits: Limits, read: Callable[[], bytes]) -> Iterator[dict[str, object]]:
    """One page as RGB."""
    data = read()
    with opened(data, _media(question, data), limits) as document:
        width, height, rgb = pixmap(document, int(str(question["page"])), int(str(question["width"])), limits)
        count = document.count
    yield {"width": width, "height": height, "pages": count, "data": rgb}


def thumbnail(question: dict[str, object], limits: Limits, read: Callable[[], bytes]) -> Iterator[dict[str, object]]:
    """The first page as a PNG of at most 256 pixels a side, without metadata."""
    data = read()
    with opened(data, _media(question, data), limits) as document:
        width, height, rgb = pixmap(document, 1, 512, limits)
    small = Image.frombytes("RGB", (width, height), rgb)
    small.thumbnail((256, 256))
    out = io.BytesIO()
    small.save(out, "PNG")
    yield {"data": out.getvalue()}
