"""What this machine offers: the sandbox, text recognition, conversion, and the versions of what seals and reads."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from evidencevault import __version__
from evidencevault.documents import libreoffice, tessdata
from evidencevault.documents.requests import Confinement
from evidencevault.documents.workers import confinement, heic_available, recordings_available

TOLD = ("cryptography", "sqlalchemy", "pymupdf", "pillow", "typer")


@dataclass(frozen=True, slots=True)
class Machine:
    """What was found. ``languages`` can be recognised, ``missing`` could be; ``office`` is None without LibreOffice."""

    version: str
    python: str
    system: str
    sandbox: Confinement
    languages: tuple[str, ...]
    missing: tuple[str, ...]
    office: Path | None
    heic: bool
    recordings: bool
    fonts: int
    versions: Mapping[str, str]


def look() -> Machine:
    """Look, and let a worker try what it must not. Takes a second or two."""
    installed = tessdata.languages(tessdata.folder())
    return Machine(
        version=__version__,
        python=platform.python_version(),
        system=platform.platform(),
        sandbox=confinement(),
        languages=tuple(installed),
        missing=tuple(one for one in tessdata.LANGUAGES if one not in installed),
        office=libreoffice.program(),
        heic=heic_available(),
        recordings=recordings_available(),
        fonts=len(_said_by("fc-list", ":", "family")),
        versions={name: importlib.metadata.version(name) for name in TOLD},
    )


def _said_by(program: str, *words: str) -> list[str]:
    """The lines that a program of the system prints; none where it is not installed or fails."""
    found = shutil.which(program)
    if found is None:
        return []
    try:
        done = subprocess.run([found, *words], capture_output=True, text=True, timeout=20, errors="replace")
    except (OSError, subprocess.TimeoutExpired):
        return []
    return done.stdout.splitlines()
