"""The RFC 3161 time stamp in a bundle: the authority's answer, and the checkpoint that it stamped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from evidencevault.bundle import continuity
from evidencevault.custody import timestamps
from evidencevault.custody.casefile import CaseFile
from evidencevault.custody.timestamps import Stamped
from evidencevault.errors import Damaged
from evidencevault.formats import signatures
from evidencevault.formats import timestamps as rfc3161
from evidencevault.resources import tr

ANSWER = "data/custody/timestamp.tsr"
NOTE = "data/custody/timestamp.checkpoint"


def newest(case: CaseFile) -> Sequence[Stamped]:
    """The stamp of the longest ledger, checked; none where nothing was stamped. Raises Damaged."""
    found = max(timestamps.kept(case), key=lambda one: one.size, default=None)
    if found is None:
        return ()
    timestamps.verify(case, found)
    return (found,)


def files(stamps: Iterable[Stamped]) -> Iterator[tuple[str, bytes]]:
    """What goes into the bundle, below data/."""
    for one in stamps:
        yield ANSWER.removeprefix("data/"), one.answer
        yield NOTE.removeprefix("data/"), one.note


def check(answer: bytes, note: bytes, earlier: Sequence[continuity.Earlier]) -> str:
    """The time that the answer says, once it covers the note and the note's checkpoint is proven to be continued.

    Raises Damaged. Whose signature it bears is not checked: that takes the authority's certificate, from elsewhere.
    """
    told = signatures.parse_checkpoint_text(signatures.parse_note(note).text)
    proven = any((one.bundle, one.size, one.root) == (continuity.STAMP, told.size, told.root) for one in earlier)
    if not proven or not rfc3161.covers(answer, note):
        raise Damaged(tr("The time stamp in the bundle is not one over its chain of custody."))
    return rfc3161.read(answer).time.isoformat()
