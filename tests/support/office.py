"""Office files, really written by LibreOffice from flat OpenDocument, and such files put together by hand."""

from __future__ import annotations

import functools
import io
import subprocess
import tempfile
import zipfile
from pathlib import Path

from evidencevault.documents import libreoffice

NEEDED = "LibreOffice is not installed (soffice)"
SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in {
        "office": "office", "text": "text", "style": "style", "draw": "drawing", "table": "table", "meta": "meta",
        "fo": "xsl-fo-compatible", "svg": "svg-compatible", "presentation": "presentation", "script": "script",
        "manifest": "manifest",
    }.items()
)  # fmt: skip
SPACES += ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
SPACES += ' xmlns:ooo="http://openoffice.org/2004/office"'
_KINDS = {"fodt": "text", "fods": "spreadsheet", "fodp": "presentation"}


def flat(kind: str, body: str, before: str = "") -> bytes:
    """A flat document (fodt, fods, fodp) with this in its body; ``before`` are styles, scripts and the like."""
    name = _KINDS[kind]
    said = f'office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.{name}"'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {SPACES} {said}>{before}'
        f"<office:body><office:{name}>{body}</office:{name}></office:body></office:document>"
    ).encode()


def packed(mime: str, parts: dict[str, str], body: str, before: str = "") -> bytes:
    """An OpenDocument file of which only ``content.xml`` is given as elements; ``parts`` are further files."""
    out = io.BytesIO()
    name = mime.rpartition(".")[2]
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", mime)
        inside = f"{before}<office:body><office:{name}>{body}</office:{name}></office:body>"
        archive.writestr("content.xml", f"<office:document-content {SPACES}>{inside}</office:document-content>")
        for path, text in parts.items():
            archive.writestr(path, text)
    return out.getvalue()


@functools.cache
def written(source: bytes, kind: str, ending: str) -> bytes:
    """What LibreOffice, started as anybody starts it, makes of a flat document."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / f"made.{kind}").write_bytes(source)
        subprocess.run(
            ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", ending,
             "--outdir", str(folder / "out"), str(folder / f"made.{kind}")],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120, check=True,
        )  # fmt: skip
        return (folder / "out" / f"made.{ending}").read_bytes()


def installed() -> bool:
    """Whether there is a LibreOffice to try."""
    return libreoffice.program() is not None


LETTER = flat("fodt", "<text:p>On Monday Wietske came.</text:p><text:p>Nobody else was there.</text:p>")
SHEET = flat(
    "fods",
    '<table:table table:name="Group"><table:table-row><table:table-cell office:value-type="string">'
    "<text:p>Name</text:p></table:table-cell>"
    '<table:table-cell office:value-type="string"><text:p>Wietske</text:p></table:table-cell>'
    "</table:table-row></table:table>",
)
SLIDES = flat(
    "fodp",
    '<draw:page draw:name="One"><draw:frame svg:x="2cm" svg:y="2cm" svg:width="12cm" svg:height="3cm"><draw:text-box>'
    "<text:p>Wietske came</text:p></draw:text-box></draw:frame></draw:page>",
)
MADE = {
    "odt": (LETTER, "fodt"), "doc": (LETTER, "fodt"), "rtf": (LETTER, "fodt"), "ods": (SHEET, "fods"),
    "xls": (SHEET, "fods"), "odp": (SLIDES, "fodp"), "ppt": (SLIDES, "fodp"),
}  # fmt: skip
"""Every kind that has pages only through LibreOffice: what it is made of."""


def document(ending: str) -> bytes:
    """A document that says that Wietske came."""
    source, kind = MADE[ending]
    return written(source, kind, ending)
