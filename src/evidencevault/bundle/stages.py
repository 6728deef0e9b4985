"""What making and releasing a bundle consists of, step by step: said to whoever waits."""

from __future__ import annotations

from enum import StrEnum

from evidencevault.resources import tr


class Stage(StrEnum):
    """In the order in which they come; KEEP ends the making, SEAL and WRITE the release."""

    CHOOSE = "choose"
    COLLECT = "collect"
    CHECK = "check"
    KEEP = "keep"
    SEAL = "seal"
    WRITE = "write"


MAKING = (Stage.CHOOSE, Stage.COLLECT, Stage.CHECK, Stage.KEEP)
RELEASING = (Stage.COLLECT, Stage.CHECK, Stage.SEAL, Stage.WRITE)


def told(stage: Stage) -> str:
    """A step as progress says it."""
    return {
        Stage.CHOOSE: tr("Choosing and numbering the documents"),
        Stage.COLLECT: tr("Putting documents, lists and proofs together"),
        Stage.CHECK: tr("Leak check of every file"),
        Stage.KEEP: tr("Entering it in the chain of custody"),
        Stage.SEAL: tr("Signing and sealing"),
        Stage.WRITE: tr("Writing the file"),
    }[stage]
