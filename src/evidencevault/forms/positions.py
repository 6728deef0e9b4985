"""The line of every key of a TOML text (TOML 1.0), which tomllib does not tell.

Runs only over text that tomllib has accepted, so it walks and never judges.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right

Path = tuple[str | int, ...]
"""Where a value stands: keys, and places in lists counted from 0."""


def lines(text: str) -> dict[Path, int]:
    """Line (from 1) of each table, key and list element. ``text`` must be valid TOML."""
    return _Scanner(text).run()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._starts = [0, *(place + 1 for place, char in enumerate(text) if char == "\n")]
        self._lines: dict[Path, int] = {(): 1}
        self._counts: dict[Path, int] = {}  # arrays of tables → elements so far

    def run(self) -> dict[Path, int]:
        table: Path = ()
        while self._skip("\r\n"):
            if self._peek() == "[":
                table = self._header()
            else:
                self._pair(table)
        return self._lines

    def _line(self) -> int:
        return bisect_right(self._starts, self._at)

    def _peek(self, size: int = 1) -> str:
        return self._text[self._at : self._at + size]

    def _skip(self, more: str = "") -> bool:
        """Pass over blanks, comments and ``more``; False at the end of the text."""
        while self._at < len(self._text):
            char = self._text[self._at]
            if char == "#":
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            elif char in " \t" or char in more:
                self._at += 1
            else:
                return True
        return False

    def _note(self, path: Path, line: int) -> None:
        self._lines.setdefault(path, line)

    def _header(self) -> Path:
        line, is_list = self._line(), self._peek(2) == "[["
        self._at += 2 if is_list else 1
        keys = self._keys("]")
        self._at += 2 if is_list else 1
        path: Path = ()
        for key in keys[:-1]:
            path = self._entered((*path, key), line)
        path = (*path, keys[-1])
        self._note(path, line)
        if is_list:
            self._counts[path] = self._counts.get(path, 0) + 1
            return self._entered(path, line)
        return path

    def _entered(self, path: Path, line: int) -> Path:
        if path in self._counts:
            path = (*path, self._counts[path] - 1)
        self._note(path, line)
        return path

    def _pair(self, table: Path) -> None:
        line, path = self._line(), table
        for key in self._keys("="):
            path = (*path, key)
            self._note(path, line)
        self._at += 1
        self._value(path)

    def _keys(self, end: str) -> list[str]:
        keys: list[str] = []
        while True:
            self._skip()
            char = self._peek()
            if char in ('"', "'"):
                keys.append(self._quoted())
            elif char == ".":
                self._at += 1
            elif char == end:
                return keys
            else:
                start = self._at
                while self._peek() not in (" ", "\t", ".", end):
                    self._at += 1
                keys.append(self._text[start : self._at])

    def _quoted(self) -> str:
        start = self._at
        self._string()
        return str(tomllib.loads(f"k = {self._text[start : self._at]}")["k"])

    def _string(self) -> None:
        quote = self._peek()
        mark = quote * 3 if self._peek(3) == quote * 3 else quote
        self._at += len(mark)
        while not self._text.startswith(mark, self._at):
            self._at += 2 if quote == '"' and self._peek() == "\\" else 1
        self._at += len(mark)
        # Up to two quotes may stand inside, directly before the closing three.
        while len(mark) == 3 and self._peek() == quote:
            self._at += 1

    def _value(self, path: Path) -> None:
        self._skip()
        char = self._peek()
        if char in ('"', "'"):
            self._string()
        elif char == "[":
            self._list(path)
        elif char == "{":
            self._inline(path)
        else:
            while self._peek() not in ("", ",", "]", "}", "\n", "#"):
                self._at += 1

    def _list(self, path: Path) -> None:
        self._at += 1
        count = 0
        while self._skip("\r\n,") and self._peek() != "]":
            self._note((*path, count), self._line())
            self._value((*path, count))
            count += 1
        self._at += 1

    def _inline(self, path: Path) -> None:
        self._at += 1
        while self._skip("\r\n,") and self._peek() != "}":
            self._pair(path)
        self._at += 1
