"""What concerns the whole office: ``doctor``."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import typer

from evidencevault.cli.face import face_of, facts
from evidencevault.documents.machine import look
from evidencevault.resources import tr


def register(app: typer.Typer) -> None:
    """Hang the command into the program."""
    app.command("doctor")(doctor)


def doctor(ctx: typer.Context) -> None:
    """What this machine offers."""
    face = face_of(ctx)
    machine = look()
    sandbox = machine.sandbox
    found: dict[str, object] = {
        "version": machine.version,
        "python": machine.python,
        "system": machine.system,
        "sandbox": {"sandboxed": sandbox.sandboxed, "how": sandbox.how, "proofs": dict(sandbox.parts)},
        "ocr_languages": list(machine.languages),
        "ocr_missing": list(machine.missing),
        "office": str(machine.office or "") or None,
        "heic": machine.heic,
        "fonts": machine.fonts,
        "display": has_display(),
        "versions": dict(machine.versions),
    }
    face.show(
        found,
        *facts(
            [
                (tr("EvidenceVault"), machine.version),
                (tr("Python"), machine.python),
                (tr("System"), machine.system),
                (tr("Sandbox"), sandbox.how if sandbox.sandboxed else tr("none: {why}").format(why=sandbox.how)),
                *((f"  {name}", held) for name, held in sandbox.parts),
                (tr("Text recognition"), _recognition(machine.languages, machine.missing)),
                (tr("Office conversion"), found["office"] or tr("not installed")),
                (tr("HEIC pictures"), tr("yes") if machine.heic else tr("not installed")),
                (tr("Fonts"), machine.fonts),
                (tr("Display"), tr("yes") if found["display"] else tr("none")),
                *machine.versions.items(),
            ]
        ),
        *([] if sandbox.sandboxed else [tr("Foreign files are not parsed here, unless you give --unconfined.")]),
    )


def _recognition(installed: Sequence[str], missing: Sequence[str]) -> str:
    lacking = f"{tr('not installed')}: {', '.join(missing)}" if installed else tr("not installed")
    return "; ".join([*([", ".join(installed)] if installed else []), *([lacking] if missing else [])])


def has_display() -> bool:
    """Whether there is a display: DISPLAY or WAYLAND_DISPLAY on Linux, always elsewhere."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
