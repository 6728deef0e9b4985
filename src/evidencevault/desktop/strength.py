"""How long a passphrase would withstand guessing, by zxcvbn, in words."""

from __future__ import annotations

from collections.abc import Sequence

from evidencevault.resources import tr

LEAST = 12  # characters
NEEDED = 3  # of 4: below it, who has the stored vault can guess it in a day or so
_LONGEST = 72  # characters that zxcvbn looks at


def judge(passphrase: str, about: Sequence[str] = ()) -> int:
    """0 (guessed at once) to 4 (strong). ``about`` are words that whoever guesses would try first."""
    from zxcvbn import zxcvbn  # half the time of a first window, and not needed for unlocking

    return int(zxcvbn(passphrase[:_LONGEST], list(about))["score"]) if passphrase else 0


def said(score: int) -> tuple[str, str]:
    """A score in words, and its tone."""
    return (
        (tr("Very weak: it would be guessed at once."), "bad"),
        (tr("Weak: it would be guessed within minutes."), "bad"),
        (tr("Not strong enough: it would be guessed within a day."), "warn"),
        (tr("Good. One more word would make it strong."), "good"),
        (tr("Strong."), "good"),
    )[score]


def problem(first: str, second: str, score: int) -> str:
    """Why this new passphrase is not taken; empty where it is."""
    if len(first) < LEAST:
        return tr("Take at least {n} characters; four words are more than that.").format(n=LEAST)
    if score < NEEDED:
        return tr("This passphrase is too easy to guess. Add a word or two that do not belong together.")
    if first != second:
        return tr("The two are not the same. Type the new passphrase twice.")
    return ""
