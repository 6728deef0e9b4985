"""What the page of a bundle tells of the case: rows of tables, and the data that its script reads."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from evidencevault.bundle import contents
from evidencevault.bundle.contents import Cover, Document, Redaction, Withheld
from evidencevault.bundle.page_words import KEYS, words
from evidencevault.formats import fingerprints
from evidencevault.resources import language

_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u180e\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)  # the same as in resources/bundle/1-text.js
_SHOWN = re.compile(r"\.(pdf|png|jpe?g|gif|webp|bmp|wav|flac|mp3|m4a|ogg|mp4|webm)\Z")
"""Files that a browser shows without running anything of them: others (an original may be HTML) are not linked."""
_IN_SCRIPT = re.compile(f"[<>&]|{_HIDDEN.pattern}")


def visible(text: str) -> str:
    """The text with signs that do not print, or that turn the direction of writing, shown by their number."""
    return _HIDDEN.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text)


def for_script(value: object) -> str:
    """JSON that no HTML parser can leave and that shows all it holds: ``<``, ``>``, ``&`` and unseen signs escaped."""
    made = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _IN_SCRIPT.sub(lambda match: f"\\u{ord(match[0]):04x}", made)


def data(
    cover: Cover, documents: Sequence[Document], redactions: Sequence[Redaction], withheld: Sequence[Withheld]
) -> str:
    """What the script reads: name, fingerprint, and rows without names of columns (2-list.js knows their order)."""
    reasons = _reasons(redactions)
    rows = [
        [
            one.number,
            one.last,
            one.path,
            one.exhibit,
            one.kind,
            one.pages,
            one.size,
            one.sha256,
            one.note,
            [[reason, label, count] for (reason, label), count in sorted(reasons.get(one.number, {}).items())],
        ]
        for one in documents
    ]
    held = [[one.document, one.exhibit, one.reason, one.basis, one.agreed] for one in withheld]
    return for_script({"name": cover.name, "fingerprint": cover.fingerprint, "documents": rows, "withheld": held})


def totals(cover: Cover, documents: Sequence[Document], withheld: Sequence[Withheld]) -> dict[str, int]:
    """The totals under the keys of their words."""
    counted = contents.totals(cover, documents, withheld)
    return {
        "t_case": counted.case,
        "t_delivered": counted.delivered,
        "t_withheld": counted.withheld,
        "t_left": counted.left_out,
        "t_files": counted.files,
    }


def key(fingerprint: str) -> dict[str, str]:
    """The releasing key for people: eight words, and a QR code as markup; empty for what is no fingerprint."""
    try:
        found = fingerprints.of_ssh(fingerprint)
    except ValueError:
        return {"key_words": "", "qr": ""}
    return {"key_words": found.words, "qr": fingerprints.qr_svg(found.told, fits=True)}


def answer(cover: Cover, documents: Sequence[Document], withheld: Sequence[Withheld]) -> dict[str, str]:
    """What a person who asked for access is told, under the keys of the words; empty for any other bundle."""
    told = contents.answered(cover, documents, withheld)
    if told is None:
        return {}
    said = words(language())
    reasons = "".join(
        f'<li><span{_word(f"r_{reason}")}>{html.escape(said.get(f"r_{reason}", visible(reason)))}</span>: {count}</li>'
        for reason, count in told.refused
    )
    return {
        "a_person": html.escape(visible(cover.access)),
        "a_about": str(told.about),
        "a_delivered": str(told.delivered),
        "a_refused": str(sum(count for _, count in told.refused)),
        "a_uncopied": str(told.uncopied),
        "a_rest": str(told.not_about),
        "a_reasons": reasons,
    }


def _word(key: str) -> str:
    """Where the script finds a word that it knows; nothing for a code that a policy added."""
    return f' data-t="{key}"' if key in KEYS else ""


def documents_rows(documents: Sequence[Document], redactions: Sequence[Redaction], said: Mapping[str, str]) -> str:
    """The table that shows where scripts are off."""
    reasons = _reasons(redactions)
    return "\n".join(_document(one, reasons.get(one.number, Counter()), said) for one in documents)


def withheld_rows(withheld: Sequence[Withheld], said: Mapping[str, str]) -> str:
    """What was held back; the script draws it anew in the chosen language."""
    if not withheld:
        return f'<tr><td colspan="4">{html.escape(said["nothing_withheld"])}</td></tr>'
    agreed = f'<span class="note">{html.escape(said["second_person"])}</span>'
    return "\n".join(
        _row(
            _isolated(one.exhibit),
            _isolated(said.get(f"r_{one.reason}", one.reason)),
            _isolated(one.basis) + (agreed if one.agreed else ""),
            _isolated(one.document),
        )
        for one in withheld
    )


def _document(one: Document, reasons: Mapping[tuple[str, str], int], said: Mapping[str, str]) -> str:
    told = [f"{said.get(f'r_{reason}', reason)} {label}".strip() for reason, label in sorted(reasons)]
    number = _isolated(one.number)
    if _SHOWN.search(one.path):
        number = f'<a href="{quote(f"data/{one.path}")}">{number}</a>'
    if one.last != one.number:
        number += f" – {_isolated(one.last)}"
    return _row(
        number,
        _isolated(one.exhibit),
        html.escape(said.get(f"k_{one.kind}", one.kind)),
        str(one.pages or ""),
        str(sum(reasons.values()) or ""),
        "<br>".join(_isolated(part) for part in told) or _isolated(one.note),
        f'<bdi dir="ltr"><code>{html.escape(one.sha256)}</code></bdi>',
    )


def _reasons(redactions: Sequence[Redaction]) -> dict[str, Counter[tuple[str, str]]]:
    """How many marks each document has, by reason and label."""
    found: dict[str, Counter[tuple[str, str]]] = {}
    for one in redactions:
        found.setdefault(one.document, Counter())[one.reason, one.label] += 1
    return found


def _row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _isolated(text: str) -> str:
    return f"<bdi>{html.escape(visible(text))}</bdi>"
