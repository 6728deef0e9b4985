"""One answer of a worker, field by field. A parser that was taken over may say anything: nothing is believed unchecked.

Every field that is missing or out of bounds raises DocumentFailed with ``Reason.NONSENSE`` and the document's name.
"""

from __future__ import annotations

from dataclasses import dataclass

from evidencevault.documents.names import shown_text
from evidencevault.documents.requests import DocumentFailed, Reason
from evidencevault.documents.sentences import failed

_OF_A_DOCUMENT = frozenset(Reason) - {
    Reason.TIME, Reason.CRASHED, Reason.NONSENSE, Reason.UNCONFINED, Reason.NO_MEMORY,
}  # fmt: skip
"""Why a worker may refuse. The others are what the program itself saw; no document may claim them."""


def reason_of(name: str, untrusted: object) -> Reason:
    """Why the worker refused the document. Raises DocumentFailed where it gave no reason of a document."""
    for reason in _OF_A_DOCUMENT:
        if untrusted == reason.value:
            return reason
    raise failed(name, Reason.NONSENSE)


@dataclass(frozen=True, slots=True)
class Said:
    """What a worker said about the document ``name``: untrusted fields, and the bytes that came with them."""

    name: str
    untrusted: dict[str, object]
    data: bytes

    def nonsense(self) -> DocumentFailed:
        """The error for an answer that cannot be."""
        return failed(self.name, Reason.NONSENSE)

    def reason(self, key: str) -> Reason | None:
        """A reason of the document, None if the field is empty."""
        return reason_of(self.name, self.untrusted[key]) if self.untrusted.get(key) else None

    def text(self, key: str, most: int) -> str:
        """A text as it is, cut to ``most`` characters; not fit to be shown in a line."""
        return self._text(self.untrusted.get(key), most)

    def shown(self, key: str, most: int) -> str:
        """A text with control and direction characters written out; ``most`` counts before that."""
        return shown_text(self.text(key, most), most)

    def number(self, key: str, most: int) -> int:
        """A whole number from 0 to ``most``."""
        return self._number(self.untrusted.get(key), most)

    def real(self, key: str) -> float:
        """A measure in points."""
        return self._real(self.untrusted.get(key))

    def truth(self, key: str) -> bool:
        """True only if that is what was said."""
        return self.untrusted.get(key) is True

    def texts(self, key: str, most: int) -> list[str]:
        """A list of texts, each at most ``most`` characters, fit to be shown."""
        return [shown_text(self._text(one, most), most) for one in self._rows(key, 10_000)]

    def pairs(self, key: str, most: int) -> list[tuple[str, str]]:
        """At most 500 rows of two texts, fit to be shown; the second at most ``most`` characters."""
        return [
            (shown_text(self._text(first, 200), 200), shown_text(self._text(second, most), most))
            for first, second in self._twos(key, 500)
        ]

    def numbered(self, key: str, most: int) -> list[tuple[str, int | None]]:
        """Rows of a text, fit to be shown, and a number from 0 to ``most`` or None."""
        return [
            (shown_text(self._text(first, 200), 200), None if second is None else self._number(second, most))
            for first, second in self._twos(key, 10_000)
        ]

    def places(self, key: str, last: int, most: int) -> list[tuple[str, int, str]]:
        """Rows of a word, a page from 0 to ``last``, and a text of at most ``most`` characters, fit to be shown."""
        found = []
        for row in self._rows(key, 10_000):
            if not isinstance(row, list) or len(row) != 3:
                raise self.nonsense()
            word, page, text = row
            found.append((self._text(word, 50), self._number(page, last), shown_text(self._text(text, most), most)))
        return found

    def reals(self, key: str, width: int, most: int) -> list[list[float]]:
        """At most ``most`` rows of ``width`` measures each."""
        rows = self._rows(key, most)
        if not all(isinstance(row, list) and len(row) == width for row in rows):
            raise self.nonsense()
        return [[self._real(one) for one in row] for row in rows if isinstance(row, list)]

    def _rows(self, key: str, most: int) -> list[object]:
        untrusted = self.untrusted.get(key)
        if not isinstance(untrusted, list) or len(untrusted) > most:
            raise self.nonsense()
        return untrusted

    def _twos(self, key: str, most: int) -> list[tuple[object, object]]:
        found: list[tuple[object, object]] = []
        for row in self._rows(key, most):
            if not isinstance(row, list) or len(row) != 2:
                raise self.nonsense()
            found.append((row[0], row[1]))
        return found

    def _text(self, untrusted: object, most: int) -> str:
        if not isinstance(untrusted, str):
            raise self.nonsense()
        return untrusted[:most]

    def _real(self, untrusted: object) -> float:
        if type(untrusted) not in (int, float) or not abs(untrusted) < 1e7:  # type: ignore[arg-type]
            raise self.nonsense()
        return float(untrusted)  # type: ignore[arg-type]

    def _number(self, untrusted: object, most: int) -> int:
        # A bool is an int to isinstance, and no number.
        if type(untrusted) is not int or not 0 <= untrusted <= most:
            raise self.nonsense()
        return untrusted
