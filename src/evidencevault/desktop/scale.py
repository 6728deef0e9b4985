"""How large text and what stands around it are drawn, from 1.0 to 2.0: one number for the whole program.

Forms, style sheet, fonts and painted rows are all made with it, so a change needs the windows made anew.
"""

from __future__ import annotations

import re

LEAST, MOST = 1.0, 2.0
WINDOW = (1440, 900)
"""The size of a window at first."""

_LENGTHS = re.compile(r"(<(?:width|height)>)(\d+)(?=<)")
_SPACES = re.compile(r'(<property name="(?:\w*[sS]pacing|(?:left|top|right|bottom)Margin)"><number>)(\d+)(?=<)')
_PIXELS = re.compile(r"(\d+(?:\.\d+)?)px")
_UNBOUNDED = 16777215  # QWIDGETSIZE_MAX

_factor = 1.0


def use(factor: float) -> None:
    """Draw everything made from now on this large; what lies outside the bounds is brought within."""
    global _factor
    _factor = min(MOST, max(LEAST, factor))


def factor() -> float:
    """The number in use."""
    return _factor


def px(length: float) -> int:
    """Pixels of the layout for a length that was drawn at 1.0."""
    return round(length * _factor)


def form(text: str) -> str:
    """A form of ``ui/`` with its lengths and spaces scaled."""

    def larger(found: re.Match[str]) -> str:
        length = int(found[2])
        return f"{found[1]}{length if length == _UNBOUNDED else px(length)}"

    return _SPACES.sub(larger, _LENGTHS.sub(larger, text))


def sheet(text: str) -> str:
    """A style sheet with its lengths scaled; lines stay as thin as they are."""
    return _PIXELS.sub(lambda found: f"{found[1] if float(found[1]) <= 2 else px(float(found[1]))}px", text)
