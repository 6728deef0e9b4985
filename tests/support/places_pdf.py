"""A small builder of raw PDFs (ISO 32000-1), for files that no library would write."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

WIDTH, HEIGHT = 400, 200
"""Points of every page."""
HARMLESS = "Report of the day"
AREA = (20.0, 70.0, 380.0, 115.0)
"""Where the secret stands if it is drawn: points, origin top left. ``HARMLESS`` stands above it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A file with the secret in one place.

    ``how``: ``term`` (the text of the page holds it), ``box`` (only the eye sees it: ``box`` must be marked), ``""``
    (no page shows it: it must be gone all the same).
    """

    name: str
    make: Callable[[str], bytes]
    how: str
    box: tuple[float, float, float, float] = AREA

    def __call__(self, secret: str) -> bytes:
        """The file with this secret."""
        return self.make(secret)


class Pdf:
    """Objects in the order of their adding, written with a classic cross-reference table."""

    def __init__(self) -> None:
        self.objects: list[bytes] = []

    def add(self, body: bytes) -> bytes:
        """An object; the reference to it."""
        self.objects.append(body)
        return b"%d 0 R" % len(self.objects)

    def stream(self, data: bytes, keys: bytes = b"", flate: bool = True) -> bytes:
        """A stream, compressed unless its own filter is among the keys; the reference to it."""
        body = zlib.compress(data) if flate else data
        filters = b"/Filter/FlateDecode" if flate else b""
        return self.add(b"<<%b%b/Length %d>>\nstream\n" % (keys, filters, len(body)) + body + b"\nendstream")

    def write(self, root: bytes, trailer: bytes = b"", between: bytes = b"") -> bytes:
        """The whole file; ``between`` is written after each object."""
        out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
        for number, body in enumerate(self.objects, 1):
            places.append(len(out))
            out += b"%d 0 obj\n" % number + body + b"\nendobj\n" + between
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        out += b"trailer\n<</Size %d/Root %b%b>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, root, trailer, start)
        return bytes(out)


@dataclass
class Sheet:
    """One page with a harmless line, and all that a place adds to it. Every field is PDF source."""

    pdf: Pdf
    drawn: bytes = b""
    fonts: bytes = b""
    xobjects: bytes = b""
    resources: bytes = b""
    page: bytes = b""
    catalog: bytes = b""
    trailer: bytes = b""
    annotations: bytes = b""
    between: bytes = b""
    box: tuple[float, float, float, float] = (0, 0, WIDTH, HEIGHT)

    def write(self) -> bytes:
        """The file."""
        pdf = self.pdf
        line = b"BT /F0 16 Tf 30 160 Td (" + HARMLESS.encode() + b") Tj ET\n"
        body = pdf.stream(line + self.drawn)
        helvetica = pdf.add(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
        resources = b"<</Font<</F0 %b %b>>/XObject<<%b>>%b>>" % (helvetica, self.fonts, self.xobjects, self.resources)
        number = len(pdf.objects) + 1
        pdf.add(
            b"<</Type/Page/Parent %d 0 R/MediaBox[%b]/Resources%b/Contents %b/Annots[%b]%b>>"
            % (number + 1, b" ".join(b"%g" % one for one in self.box), resources, body, self.annotations, self.page)
        )
        pdf.add(b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % number)
        root = pdf.add(b"<</Type/Catalog/Pages %d 0 R%b>>" % (number + 1, self.catalog))
        return pdf.write(root, self.trailer, self.between)


def sheet() -> Sheet:
    """A page to add to."""
    return Sheet(Pdf())


def string(text: str) -> bytes:
    """A literal string, in Latin-1 letters."""
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return b"(" + escaped.encode("latin-1") + b")"


def wide(text: str) -> bytes:
    """A text string as UTF-16BE in hex, which is how many programs write metadata."""
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"


def name(text: str) -> bytes:
    """A name object; letters beyond ASCII are written as #xx."""
    return b"/" + b"".join(bytes([c]) if chr(c).isalnum() and c < 128 else b"#%02X" % c for c in text.encode())


def line(text: str, before: bytes = b"", font: bytes = b"F0") -> bytes:
    """Text where ``AREA`` is, 24 points."""
    return b"BT /%b 24 Tf %b 30 100 Td %b Tj ET\n" % (font, before, string(text))


def form(pdf: Pdf, drawn: bytes, keys: bytes = b"", box: bytes = b"0 0 400 200") -> bytes:
    """A form XObject with Helvetica as F0; the reference to it."""
    fonts = b"/Resources<</Font<</F0<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    return pdf.stream(drawn, b"/Type/XObject/Subtype/Form/BBox[%b]%b%b" % (box, fonts, keys))
