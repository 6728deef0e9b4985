"""What can be wrong with an age file, told apart as the published test vectors tell it apart."""

from __future__ import annotations

from evidencevault.errors import Unreadable


class AgeError(Unreadable):
    """An age file, recipient or identity could not be used."""


class ArmorError(AgeError):
    """The ASCII armor around an age file is not strict PEM."""


class HeaderError(AgeError):
    """The header is malformed, over a bound, or names impossible values."""


class MacError(HeaderError):
    """The header was changed after it was written: its MAC does not fit."""


class NoMatch(AgeError):
    """None of the identities opens this file."""


class PayloadError(AgeError):
    """The payload was cut, extended, reordered or changed."""
