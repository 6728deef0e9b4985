"""What the page of a mail, HTML or SVG does not show: other bodies, comments, hidden elements, scripts."""

from __future__ import annotations

import re
from email.message import MIMEPart
from html.parser import HTMLParser

from evidencevault.documents.worker import mails
from evidencevault.documents.worker.found import Found

_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)|mso-hide\s*:\s*all"
)
_EMPTY = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
}  # fmt: skip
_TOLD = {"title", "desc", "metadata"}
_DEEPEST = 1000


def message(data: bytes, found: Found) -> None:
    """Bodies besides the one shown. Headers stand on the page; messages inside are files of their own."""
    mail = mails.parsed(data)
    shown = mail.get_body(("plain", "html"))
    if shown is not None and shown.get_content_type() == "text/html":
        html(mails.words(shown), found)
    for part in mail.walk():
        if part.is_multipart() or part is shown or part.get_content_maintype() != "text":
            continue
        assert isinstance(part, MIMEPart)
        content = mails.words(part)
        if part.get_content_type() == "text/html":
            found.long("body", 0, html(content, found))
        else:
            found.long("body", 0, content)
    for text in (mail.preamble, mail.epilogue):
        if text and "MIME" not in text:
            found.long("body", 0, text)


def html(content: str, found: Found) -> str:
    """Add what is hidden in it; gives the words that are not."""
    reader = _Reader(found)
    reader.feed(content)
    reader.close()
    reader.finish()
    return " ".join(reader.words)


class _Reader(HTMLParser):
    def __init__(self, found: Found) -> None:
        super().__init__()
        self._found = found
        self._open: list[tuple[str, bool]] = []  # tag, and whether it or what it stands in is hidden
        self._unseen: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        hides = "hidden" in given or given.get("display") == "none" or given.get("visibility") == "hidden"
        hides = hides or _HIDING.search(given.get("style", "").lower()) is not None
        if tag == "meta" and given.get("content"):
            name = given.get("name") or given.get("property") or given.get("http-equiv", "")
            self._found.add("metadata", 0, f"{name}: {given['content']}")
        if tag == "input" and given.get("value"):
            kind = "field-hidden" if given.get("type", "").lower() == "hidden" else "field-value"
            self._found.add(kind, 0, given.get("name", ""), given["value"])
        for name, value in given.items():
            if name in ("alt", "title", "aria-label"):
                self._found.add("alternative", 0, value)
            elif name in ("href", "src", "action", "background"):
                self._found.add("link", 0, value if not value.startswith("data:") else value[:40])
            elif name.startswith("on"):
                self._found.long("script", 0, value)
            elif name.startswith("data-"):
                self._found.add("private", 0, f"{name}: {value}")
        if tag not in _EMPTY and len(self._open) < _DEEPEST:
            self._open.append((tag, hides or (bool(self._open) and self._open[-1][1])))

    def handle_endtag(self, tag: str) -> None:
        if any(tag == one for one, _ in self._open):
            while self._open and self._open.pop()[0] != tag:
                pass
        if not (self._open and self._open[-1][1]):
            self.finish()

    def handle_data(self, data: str) -> None:
        inside = {tag for tag, _ in self._open[-3:]}
        if inside & {"script", "style"}:
            if "script" in inside:
                self._found.long("script", 0, data)
        elif inside & _TOLD and data.strip():
            self._found.add("metadata", 0, f"{self._open[-1][0]}: {data}")
        elif inside & {"template", "noscript"} or (self._open and self._open[-1][1]):
            self._unseen.append(data)
        elif data.strip():
            self.words.append(data.strip())

    def handle_comment(self, data: str) -> None:
        self._found.long("markup-comment", 0, data)

    def finish(self) -> None:
        """Add the hidden words that were gathered."""
        self._found.long("hidden-element", 0, " ".join(self._unseen))
        self._unseen.clear()
