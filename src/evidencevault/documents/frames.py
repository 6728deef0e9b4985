"""The wire between the program and a document worker.

A frame is four bytes of length (little endian) and one MessagePack array ``[tag, payload]``. The program sends ``ask``
(the question: kind, ending of the name, size, limits) and ``data`` (bytes read for the worker). The worker sends
``ready`` (how it is confined), ``read`` (offset, n), ``part`` (bytes), ``item`` (an answer, after its parts), and at
last ``done`` or ``failed`` (a reason).
"""

from __future__ import annotations

from typing import BinaryIO

import msgpack

from evidencevault.documents.requests import MIB

DOOR = "--document-worker"
FORKS = "forks"
"""After the door: not one question, but a process for each that comes."""

READ_MAX = 4 * MIB
FRAME_MAX = 24 * MIB
PART = MIB


def frame(tag: str, payload: object = None) -> bytes:
    """One frame, ready to write."""
    body: bytes = msgpack.packb([tag, payload], use_bin_type=True, unicode_errors="surrogatepass")
    return len(body).to_bytes(4, "little") + body


def send(stream: BinaryIO, tag: str, payload: object = None) -> None:
    """Write one frame now. Raises BrokenPipeError if nobody listens any more."""
    stream.write(frame(tag, payload))
    stream.flush()


def read_frame(stream: BinaryIO, limit: int = FRAME_MAX) -> tuple[str, object]:
    """The next frame as (tag, payload).

    Raises EOFError where the stream ends, ValueError if the frame is longer than ``limit`` bytes or is none.
    """
    size = int.from_bytes(_exactly(stream, 4), "little")
    if size > limit:
        raise ValueError("frame too long")
    body = _exactly(stream, size)
    untrusted = msgpack.unpackb(body, raw=False, strict_map_key=True, unicode_errors="replace")
    if not isinstance(untrusted, list) or len(untrusted) != 2 or not isinstance(untrusted[0], str):
        raise ValueError("not a frame")
    return untrusted[0], untrusted[1]


def _exactly(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise EOFError("the other side ended in the middle of a frame")
    return data
