"""Questions about foreign documents, each answered by a fresh confined process, and the answers as frozen records."""

from __future__ import annotations

import functools
import importlib.util
from dataclasses import replace

from evidencevault.documents.playing import Playing
from evidencevault.documents.redacting import Redacting
from evidencevault.documents.requests import (
    LIMITS,
    Bytes,
    Confinement,
    DocumentFailed,
)
from evidencevault.documents.said import Said
from evidencevault.documents.supervision import NEEDED
from evidencevault.resources import tr


class Workers(Redacting, Playing):
    """Asks a fresh confined process about one document at a time; texts read lately are remembered. Thread-safe."""

    def probe(self, act: str = "") -> dict[str, bool]:
        """Let a worker try what it must not be able to do; ``act`` may be hang, exhaust or crash."""
        return _refused(self._one("probe", "probe", Bytes(b""), act=act))


def faces_available() -> bool:
    """Whether what finds faces is installed (the extra ``faces``)."""
    return _installed("numpy", "onnxruntime")


def heic_available() -> bool:
    """Whether what reads HEIC pictures is installed (the extra ``heic``)."""
    return _installed("pillow_heif")


def recordings_available() -> bool:
    """Whether what reads sound and film is installed (the extra ``media``)."""
    return _installed("av", "numpy")


@functools.cache
def _installed(*packages: str) -> bool:
    return all(importlib.util.find_spec(one) is not None for one in packages)


def confinement() -> Confinement:
    """Start a worker and let it try what it must not: sandboxed only if everything was refused."""
    try:
        refused = Workers(limits=replace(LIMITS, seconds=20)).probe()
    except DocumentFailed as error:
        return Confinement(False, error.sentence)
    parts = tuple((name, tr("refused") if held else tr("possible")) for name, held in sorted(refused.items()))
    return Confinement(bool(refused) and all(refused.values()), " + ".join(sorted(NEEDED)), parts)


def _refused(said: Said) -> dict[str, bool]:
    untrusted = said.untrusted.get("refused")
    if not isinstance(untrusted, dict):
        raise said.nonsense()
    return {str(name): held is True for name, held in untrusted.items()}
