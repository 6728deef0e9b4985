"""The phases of an interview by the model it follows."""

from __future__ import annotations

_PHASES = {
    "PEACE": ("planning", "engage", "account", "closure", "evaluation"),
    "NICHD": (
        "introduction",
        "ground-rules",
        "rapport",
        "practice",
        "transition",
        "account",
        "break",
        "not-mentioned",
        "disclosure",
        "closing",
        "neutral-topic",
    ),
}


def phases(model: str) -> tuple[str, ...]:
    """The phases in their order, as they are stored; none where the model leaves them free.

    PEACE: College of Policing (England and Wales), APP Investigative interviewing. NICHD: the revised protocol (Lamb et
    al. 2018); ``practice`` is training in narrative, ``not-mentioned`` asks for details that were not told yet.
    """
    return _PHASES.get(model, ())
