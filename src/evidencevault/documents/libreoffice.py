"""Where this machine keeps LibreOffice; nothing of it is started here."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

_LIBRARIES = ("libmergedlo.so", "libsofficeapp.so")


def program() -> Path | None:
    """The folder of its programs and libraries, None where it is not installed, or not as a library can be used."""
    if not sys.platform.startswith("linux"):
        return None
    named = [found for name in ("soffice", "libreoffice") if (found := shutil.which(name))]
    places = [Path(one).resolve().parent for one in named]
    places += [Path("/usr/lib/libreoffice/program"), *sorted(Path("/opt").glob("libreoffice*/program"), reverse=True)]
    return next((one for one in places if any((one / library).is_file() for library in _LIBRARIES)), None)
