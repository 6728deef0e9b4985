"""index.html of a bundle: opens from disk and offline, lists what is there, and lets the browser check the files.

It is put together from the files of ``resources/bundle``: constant pieces (layout, style, script, words in every
language) around what is told of the case. A Content Security Policy (CSP level 3) admits the one script and the one
style by their SHA-256 and nothing from elsewhere; texts of the case stand as escaped text or as JSON that the script
shows through ``textContent``.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from evidencevault.bundle import page_case
from evidencevault.bundle.contents import Cover, Document, Redaction, Withheld
from evidencevault.bundle.page_case import data, documents_rows, for_script, totals, visible, withheld_rows
from evidencevault.bundle.page_words import RIGHT_TO_LEFT, catalogues, words
from evidencevault.resources import find, language

PATH = "index.html"
_PLACE = re.compile(r"@case:(\w+)@")
_ANSWER = re.compile(r"<!--access-->\n(.*?)<!--/access-->\n", re.DOTALL)
_SAID = re.compile(r'(<(\w+)[^>]* data-t="([\w-]+)"[^>]*>)(?=</\2>)')


def index_html(
    cover: Cover, documents: Sequence[Document], redactions: Sequence[Redaction], withheld: Sequence[Withheld]
) -> bytes:
    """The page in UTF-8; what stands in it without scripts is in the chosen language."""
    said = words(language())
    approval = _text(cover.approval) if cover.approval else html.escape(said["second_person"])
    facts: dict[str, str] = {
        "name": _text(cover.name),
        "case": _text(cover.case),
        "bundle": _text(cover.bundle),
        "made": _text(cover.made.replace("T", " ")),
        "purpose": _text(cover.purpose),
        "legal_basis": _text(cover.legal_basis),
        "approval": f"<bdi>{approval}</bdi>" if cover.approval else f'<span data-t="second_person">{approval}</span>',
        "origin": _text(cover.origin),
        "entries": str(cover.checkpoint_size),
        "fingerprint": _text(cover.fingerprint),
        "documents": documents_rows(documents, redactions, said),
        "withheld": withheld_rows(withheld, said),
        "data": data(cover, documents, redactions, withheld),
        **{name: str(count) for name, count in totals(cover, documents, withheld).items()},
        **page_case.key(cover.fingerprint),
        **page_case.answer(cover, documents, withheld),
    }
    shell, places = _shell(language(), bool(cover.access))
    pieces = [shell[0]]
    for place, piece in zip(places, shell[1:], strict=True):
        pieces += [facts[place], piece]
    return "".join(pieces).encode()


def told(page: bytes) -> bytes:
    """What a page tells of the case: all of it but the program's own constant pieces, byte for byte.

    The attack looks for names; in the program's words and script it would find every child called Max. A page that
    was not put together as above is given back whole.
    """
    for answers in (False, True):
        values = _values(page.decode(), *_shell(language(), answers))
        if values is not None:
            return "\n".join(values).encode()
    return page


def _values(text: str, shell: Sequence[str], places: Sequence[str]) -> list[str] | None:
    """What stands between the constant pieces, and after them; None where these are not all there."""
    if not text.startswith(shell[0]):
        return None
    text, kept, key = text[len(shell[0]) :], [], {"": ""}
    for place, piece in zip(places, shell[1:], strict=True):
        value, found, text = text.partition(piece)
        if not found:
            return None
        if place == "fingerprint":
            key = page_case.key(value)
        # The words of the key are drawn from a list with first names in it; nobody chose them.
        if value != key.get(place):
            kept.append(value)
    return [*kept, text]


def policy(script: str, style: str) -> str:
    """The Content Security Policy: one script, one style, the bundle's own files to look at, and nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_source(script)}'",
            f"style-src '{_source(style)}'",
            # On file: a page is of no origin, so 'self' does not name its neighbours; no address of a network is named.
            "img-src file:",
            "media-src file:",
            "frame-src file:",
            "connect-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


@lru_cache(maxsize=8)
def _shell(code: str, answers: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The constant pieces in one language, and the names of what stands between them; ``answers`` a request or not."""
    script, style = _script(), _read("page.css")
    said = words(code)
    layout = _ANSWER.sub(r"\1" if answers else "", _read("page.html"))
    page = _SAID.sub(lambda match: match[1] + html.escape(said[match[3]]), layout)
    constants: Mapping[str, str] = {
        "language": code,
        "direction": "rtl" if code in RIGHT_TO_LEFT else "ltr",
        "policy": policy(script, style),
        "style": style,
        "script": script,
        "texts": for_script(catalogues()),
    }
    page = re.sub(r"@(language|direction|policy|style|script|texts)@", lambda match: constants[match[1]], page)
    parts = _PLACE.split(page)
    return tuple(parts[::2]), tuple(parts[1::2])


def _script() -> str:
    parts = sorted(find("resources/bundle").glob("*.js"))
    return '"use strict";\n(() => {\n' + "\n".join(part.read_text("utf-8") for part in parts) + "})();\n"


def _read(name: str) -> str:
    return (find("resources/bundle") / name).read_text("utf-8")


def _source(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _text(value: str) -> str:
    return html.escape(visible(value))
