"""Where shipped files lie (wheel or checkout), and the one gettext catalogue."""

from __future__ import annotations

import gettext
import os
from functools import lru_cache
from pathlib import Path

LANGUAGES = ("en", "nl", "fr", "es", "ar")


@lru_cache(maxsize=1024)
def find(name: str) -> Path:
    """Path of a shipped file or folder such as ``resources/sample`` or ``ui/unlock.ui``.

    A wheel carries them under ``evidencevault/_data``; an editable install leaves them in the checkout, two folders up.
    Raises FileNotFoundError, which is a packaging fault, not a user's.
    """
    here = Path(__file__).resolve().parent
    for root in (here / "_data", here.parent.parent):
        if (root / name).exists():
            return root / name
    raise FileNotFoundError(f"shipped file missing: {name}")


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("evidencevault", str(find("resources/translations")), [language], fallback=True)


def system_language() -> str:
    """The language of the environment, as POSIX asks it; English where it is none of ours."""
    said = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "en")
    return said[:2] if said[:2] in LANGUAGES else "en"


_language = system_language()


def use_language(code: str) -> None:
    """Choose the language of messages for this process; unknown codes mean English."""
    global _language
    _language = code if code in LANGUAGES else "en"
    _catalogue.cache_clear()


def language() -> str:
    """The code of the chosen language."""
    return _language


def tr(text: str) -> str:
    """The text in the chosen language; placeholders are filled by the caller with ``str.format``."""
    return _catalogue(_language).gettext(text)


def tr_in(code: str, text: str) -> str:
    """The text in a named language, whichever is chosen; English where the language is none of ours."""
    return _catalogue(code).gettext(text)


def later(text: str) -> str:
    """The text itself: marks it for the catalogue where it is translated later, by :func:`tr_in`."""
    return text
