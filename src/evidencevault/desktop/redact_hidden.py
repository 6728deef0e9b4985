"""What the pages do not show, beside them: comments, layers, metadata, earlier versions, by kind and in full."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLabel, QTextBrowser

from evidencevault.desktop import readers, scale, words
from evidencevault.desktop.forms import Form
from evidencevault.desktop.look import Theme
from evidencevault.documents.requests import HiddenItem
from evidencevault.documents.sentences import unseen as called
from evidencevault.resources import tr


class HiddenPanel(Form):
    """Shows the list that ``redaction.unseen`` gives."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("redact_hidden")
        self._theme, self._html = theme, ""
        self._shown = self.child(QTextBrowser, "items")
        theme.changed.connect(self._coloured)
        self.clear()

    def clear(self) -> None:
        """Nobody has looked yet."""
        self._say(tr("Reading …"), "")

    def show_items(self, items: Sequence[HiddenItem]) -> None:
        """The items, the same kinds together in the order in which they were met."""
        none_of_it = tr("None of it is in a redacted copy. It may say what else has to be marked.")
        nothing = tr("Nothing was found that the pages do not show.")
        told = tr("{n} things. {rest}").format(n=len(items), rest=none_of_it) if items else nothing
        kinds: dict[str, list[HiddenItem]] = {}
        for one in items:
            kinds.setdefault(one.kind, []).append(one)
        self._say(told, "".join(_kind(kind, found) for kind, found in kinds.items()))

    def show_failure(self, sentence: str) -> None:
        """It could not be looked."""
        self._say(sentence, "")

    def _say(self, told: str, html: str) -> None:
        self.child(QLabel, "told").setText(told)
        self._html = html
        self._coloured()

    def _coloured(self) -> None:
        readers.prepare(self._shown, self._theme.tokens)
        self._shown.setHtml(self._html)
        self._shown.document().setDocumentMargin(scale.px(14))


def _kind(kind: str, found: Sequence[HiddenItem]) -> str:
    head = f'<p class="h2">{readers.escaped(called(kind) or kind)}</p>'
    return head + "".join(_item(one) for one in found)


def _item(one: HiddenItem) -> str:
    where = tr("Page {n}").format(n=one.page) if one.page else ""
    page = f'<span class="muted">{readers.escaped(where)}</span> ' if where else ""
    return f"<p>{page}{readers.escaped(words.visible(one.text))}</p>"
