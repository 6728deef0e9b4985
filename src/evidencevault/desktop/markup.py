"""What is shown to read as markup: its style, escaped words of a case, tables of facts. Nothing of a case is markup."""

from __future__ import annotations

import html
from collections.abc import Iterable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTextBrowser

from evidencevault.desktop import scale, words
from evidencevault.desktop.look import Tokens


def prepare(shown: QTextBrowser, t: Tokens) -> None:
    """Give a browser the style of what is read, and the direction of the language."""
    document = shown.document()
    document.setDefaultStyleSheet(style(t))
    option = document.defaultTextOption()
    right = words.reads_from_right()
    option.setTextDirection(Qt.LayoutDirection.RightToLeft if right else Qt.LayoutDirection.LeftToRight)
    document.setDefaultTextOption(option)


def style(t: Tokens) -> str:
    """The style of what is read, for QTextDocument."""
    return scale.sheet(
        f"body {{ color: {t.text}; }} .h1 {{ font-size: 20px; font-weight: 600; }} "
        f".h2 {{ font-size: 12px; font-weight: 600; color: {t.muted}; margin-top: 18px; }} "
        ".line { margin-top: 12px; } "
        f"p {{ margin-top: 3px; margin-bottom: 3px; }} td {{ padding: 3px 14px 3px 0; }} "
        f".name {{ color: {t.muted}; font-size: 12px; }} .muted {{ color: {t.muted}; font-size: 12px; }} "
        f".question {{ color: {t.muted}; }} .answer {{ font-weight: 500; }} .bad {{ color: {t.bad}; }} "
        f".warn {{ color: {t.warn}; }} .good {{ color: {t.good}; }} "
        ".mono { font-family: 'DejaVu Sans Mono'; font-size: 11px; }"
    )


def escaped(text: str) -> str:
    """Text of a case within markup; line ends are kept, what cannot be seen is shown as such."""
    shown = words.visible(text.replace("\r\n", "\n"))
    if words.reads_from_right():  # each line keeps its own direction
        shown = "\n".join(words.isolated(line) for line in shown.split("\n"))
    return html.escape(shown).replace("\n", "<br/>")


def body(parts: Iterable[str]) -> str:
    """The whole of it."""
    return f"<body>{''.join(parts)}</body>"


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """A table of names and values, escaped here; what is empty is left out."""
    cells = [(escaped(name), escaped(value)) for name, value in pairs if value]
    named = '<td class="name" width="150">'
    if words.reads_from_right():  # Qt mirrors no table
        rows = [f'<tr><td align="right">{value}</td>{named}{name}</td></tr>' for name, value in cells]
        return f'<table width="100%">{"".join(rows)}</table>'
    return f"<table>{''.join(f'<tr>{named}{name}</td><td>{value}</td></tr>' for name, value in cells)}</table>"


def section(title: str, text: str) -> list[str]:
    """A heading with its text, escaped here; nothing where there is no text."""
    return [f"<p class='h2'>{escaped(title)}</p>", f"<p>{escaped(text)}</p>"] if text else []


def stamped(at: datetime | None) -> str:
    """Day, time and distance from UTC; empty for none."""
    return words.stamp(at) if at else ""


def clock(at: datetime | None) -> str:
    """The time of day; empty for none."""
    return at.strftime("%H:%M") if at else ""
