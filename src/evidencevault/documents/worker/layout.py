"""HTML made here out of foreign text: all of it escaped, long runs breakable, of foreign HTML only what is harmless."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from html.parser import HTMLParser

_RUN = re.compile(r"[^\s\u200b]{61,}")
_BREAK = "\u200b"
"""Zero width space: without it MuPDF draws a long run beyond the page, where nobody sees or marks it."""
STYLE = """@page { margin: 40pt }
body { font-family: sans-serif; font-size: 10pt }
table { border-collapse: collapse }
th, td { border: 0.5pt solid #999; padding: 2pt 4pt; text-align: left; vertical-align: top }
th { background: #eee } h1 { font-size: 13pt } h2 { font-size: 11pt } .text { white-space: pre-wrap }
.head th, .head td { border: none; background: #fff } .small { font-size: 8pt }
"""
_KEPT = frozenset(
    [
        "p",
        "br",
        "b",
        "strong",
        "i",
        "em",
        "u",
        "s",
        "sub",
        "sup",
        "div",
        "span",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "pre",
        "code",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "hr",
        "center",
        "font",
        "big",
        "small",
    ]
)
_UNSEEN = frozenset(["script", "style", "head", "title", "noscript", "template", "iframe", "object", "svg", "math"])
_ALONE = frozenset(("br", "hr"))
_CLOSES_ITSELF = frozenset(("p", "li", "td", "th", "tr", "dt", "dd", "option"))
"""Elements whose end may be left out (HTML, 13.1.2.4): one that is hidden must not hide what comes after."""
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def escaped(text: str) -> str:
    """Text as HTML; runs of more than sixty characters can be broken over lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    broken = _RUN.sub(lambda run: _BREAK.join(_pieces(run.group())), lines)
    return html.escape("".join(c if c in "\n\t" or c >= " " else " " for c in broken), quote=True)


def _pieces(run: str) -> list[str]:
    return [run[at : at + 40] for at in range(0, len(run), 40)]


def page(*parts: str) -> bytes:
    """A whole document of these parts."""
    head = f'<head><meta charset="utf-8"/><style>{STYLE}</style></head>'
    return f"<html>{head}<body>{''.join(parts)}</body></html>".encode()


def text(content: str, mono: bool = False) -> str:
    """Running text with its lines and blanks."""
    font = ' style="font-family: monospace; font-size: 9pt"' if mono else ""
    return f'<div class="text"{font}>{escaped(content)}</div>'


def table(rows: Iterable[Sequence[str]], kind: str = "") -> str:
    """Rows of cells; the first cell of each is its heading."""
    lines = []
    for first, *rest in rows:
        lines.append(f"<tr><th>{escaped(first)}</th>{''.join(f'<td>{escaped(one)}</td>' for one in rest)}</tr>")
    return f'<table class="{kind}">{"".join(lines)}</table>'


def harmless(foreign: str) -> str:
    """Foreign HTML with its words and their order, in elements without attributes: no scripts, styles, pictures."""
    reader = _Reader()
    reader.feed(foreign)
    reader.close()
    return reader.finish()


class _Reader(HTMLParser):
    """Gathers words and kept elements; what is hidden or is no text stays out, it is listed elsewhere."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._open: list[tuple[str, bool]] = []  # tag, and whether what is in it is seen

    @property
    def _seen(self) -> bool:
        return all(seen for _, seen in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._open and self._open[-1][0] == tag and tag in _CLOSES_ITSELF:
            self.handle_endtag(tag)
        if tag in _ALONE:
            self._out += [f"<{tag}/>"] * self._seen
        elif tag not in _KEPT and tag not in _UNSEEN:
            self._out += [" "] * self._seen  # words on both sides of it are two words
        else:
            hidden = tag in _UNSEEN or any(_hides(name, value or "") for name, value in attrs)
            self._open.append((tag, not hidden))
            self._out += [f"<{tag}>"] * (self._seen and not hidden)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ALONE:
            self._out += [f"<{tag}/>"] * self._seen

    def handle_endtag(self, tag: str) -> None:
        if not any(tag == one for one, _ in self._open):
            self._out += [" "] * (self._seen and tag not in _KEPT)
            return
        while self._open:
            seen = self._seen
            closed, _ = self._open.pop()
            self._out += [f"</{closed}>"] * seen
            if closed == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._seen:
            self._out.append(escaped(data))

    def finish(self) -> str:
        """What was read, with everything closed."""
        while self._open:
            self.handle_endtag(self._open[-1][0])
        return "".join(self._out)


def _hides(name: str, value: str) -> bool:
    return name == "hidden" or (name == "style" and _HIDING.search(value) is not None)
