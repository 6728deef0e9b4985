"""The gettext catalogues: ``update`` gathers the texts of code and forms, ``compile`` makes what the program loads.

    python installer/translations.py update|compile

Texts come from ``tr(...)``, ``later(...)`` and ``asked(...)`` in the code and from the forms of ``ui/``. ``update``
keeps what is translated, marks nothing as fuzzy (a changed text is a new one) and drops what no text uses any more.
"""

from __future__ import annotations

import ast
import io
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

TOP = Path(__file__).resolve().parent.parent
FOLDER = TOP / "resources" / "translations"
LANGUAGES = ("nl", "fr", "es", "ar")
_CALLS = ("tr", "later", "asked")
_LEFT_OUT = tuple(
    f'"{name}:'.encode()
    for name in (
        "Project-Id-Version",
        "Report-Msgid-Bugs-To",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
    )
)
_NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)


def texts() -> Iterator[tuple[str, str]]:
    """Each text of the program with the file where it stands, in the order of files."""
    for path in sorted((TOP / "src").rglob("*.py")):
        file = path.relative_to(TOP).as_posix()
        # The syntax tree also sees what stands inside an f-string, which a tokenizer of Python 3.11 does not.
        calls = [one for one in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(one, ast.Call)]
        for call in sorted(calls, key=lambda one: (one.lineno, one.col_offset)):
            match call:
                case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(text)), *_]) if name in _CALLS:
                    yield text, file
    for path in sorted((TOP / "ui").glob("*.ui")):
        for node in ElementTree.parse(path).iter("string"):
            if node.text and node.get("notr") != "true":
                yield node.text, f"ui/{path.name}"


def template() -> Catalog:
    """All texts, untranslated."""
    made = Catalog(project="EvidenceVault", header_comment="# Texts of EvidenceVault.", fuzzy=False)
    for text, file in texts():
        made.add(text, locations=[(file, None)])
    return made


def file_of(language: str, ending: str = "po") -> Path:
    """Where gettext looks for a language."""
    return FOLDER / language / "LC_MESSAGES" / f"evidencevault.{ending}"


def read(language: str) -> Catalog:
    """A language's catalogue; an empty one where there is none yet."""
    path = file_of(language)
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def written(catalogue: Catalog) -> bytes:
    """As a PO file, without date and places: the same texts give the same bytes, wherever they move in the code."""
    stream = io.BytesIO()
    write_po(stream, catalogue, width=120, omit_header=False, no_location=True, sort_output=True)
    kept = [line for line in stream.getvalue().splitlines() if not line.startswith(_LEFT_OUT)]
    return b"\n".join(kept) + b"\n"


def compiled(catalogue: Catalog) -> bytes:
    """As an MO file, without the day on which it was made."""
    catalogue.creation_date = catalogue.revision_date = _NO_DAY
    stream = io.BytesIO()
    write_mo(stream, catalogue)
    return stream.getvalue()


def update() -> None:
    """Bring template and catalogues to the texts of today."""
    base = template()
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "evidencevault.pot").write_bytes(written(base))
    for language in LANGUAGES:
        known = read(language)
        fresh = Catalog(
            locale=language, project="EvidenceVault", header_comment="# Texts of EvidenceVault.", fuzzy=False
        )
        for message in base:
            if message.id:
                old = known.get(message.id)
                fresh.add(message.id, old.string if old else "", locations=message.locations)
        file_of(language).parent.mkdir(parents=True, exist_ok=True)
        file_of(language).write_bytes(written(fresh))
        missing = sum(1 for one in fresh if one.id and not one.string)
        print(f"{language}: {len(fresh)} texts, {missing} without a translation")


def compile_all() -> None:
    """Make the MO files."""
    for language in LANGUAGES:
        file_of(language, "mo").write_bytes(compiled(read(language)))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["update"]:
            update()
        case ["compile"]:
            compile_all()
        case _:
            sys.exit(__doc__)
