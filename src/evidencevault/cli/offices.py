"""What concerns the whole office: ``backup``, ``doctor``."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence

import typer

from evidencevault import __version__
from evidencevault.cli.face import face_of, facts, not_yet
from evidencevault.documents import libreoffice, tessdata
from evidencevault.documents.workers import confinement, heic_available
from evidencevault.resources import tr

backup = typer.Typer(help="Copies of the vault.", no_args_is_help=True)
LATER = {"ignore_unknown_options": True, "allow_extra_args": True}


def register(app: typer.Typer) -> None:
    """Hang the groups and commands into the program."""
    app.add_typer(backup, name="backup")
    app.command("doctor")(doctor)


def later(app: typer.Typer, group: str, *names: str) -> None:
    """Commands of the contract that this version does not carry out: they exist, and say so."""
    for name in names:
        _later(app, name, f"{group} {name}".strip())


def _later(app: typer.Typer, name: str, whole: str) -> None:
    @app.command(name, help="Not in this version yet.", context_settings=LATER)
    def refuse() -> None:
        raise not_yet(whole)


later(backup, "backup", "create", "verify", "restore")


def doctor(ctx: typer.Context) -> None:
    """What this machine offers."""
    face = face_of(ctx)
    sandbox = confinement()
    installed = tessdata.languages(tessdata.folder())
    missing = [one for one in tessdata.LANGUAGES if one not in installed]
    found: dict[str, object] = {
        "version": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "sandbox": {"sandboxed": sandbox.sandboxed, "how": sandbox.how, "proofs": dict(sandbox.parts)},
        "ocr_languages": list(installed),
        "ocr_missing": list(missing),
        "office": str(libreoffice.program() or "") or None,
        "heic": heic_available(),
        "fonts": len(_said_by("fc-list", ":", "family")),
        "display": has_display(),
        "versions": {name: importlib.metadata.version(name) for name in _TOLD},
    }
    face.show(
        found,
        *facts(
            [
                (tr("EvidenceVault"), __version__),
                (tr("Python"), found["python"]),
                (tr("System"), found["system"]),
                (tr("Sandbox"), sandbox.how if sandbox.sandboxed else tr("none: {why}").format(why=sandbox.how)),
                *((f"  {name}", held) for name, held in sandbox.parts),
                (tr("Text recognition"), _recognition(installed, missing)),
                (tr("Office conversion"), found["office"] or tr("not installed")),
                (tr("HEIC pictures"), tr("yes") if found["heic"] else tr("not installed")),
                (tr("Fonts"), found["fonts"]),
                (tr("Display"), tr("yes") if found["display"] else tr("none")),
                *((name, importlib.metadata.version(name)) for name in _TOLD),
            ]
        ),
        *([] if sandbox.sandboxed else [tr("Foreign files are not parsed here, unless you give --unconfined.")]),
    )


_TOLD = ("cryptography", "sqlalchemy", "pymupdf", "pillow", "typer")


def _recognition(installed: Sequence[str], missing: Sequence[str]) -> str:
    lacking = f"{tr('not installed')}: {', '.join(missing)}" if installed else tr("not installed")
    return "; ".join([*([", ".join(installed)] if installed else []), *([lacking] if missing else [])])


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


def has_display() -> bool:
    """Whether there is a display: DISPLAY or WAYLAND_DISPLAY on Linux, always elsewhere."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
