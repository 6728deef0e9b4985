"""Mail and archives: the files inside, under caps against bombs."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any, BinaryIO, cast

import extract_msg
import extract_msg.utils

from evidencevault.documents.frames import READ_MAX
from evidencevault.documents.names import child_name
from evidencevault.documents.requests import MIB, Limits, Reason
from evidencevault.documents.worker import mails
from evidencevault.documents.worker.failed import Answer, Failed, Read
from evidencevault.documents.worker.media import media_of

# Asks for the time zone once, while its files can still be read: the library needs it for every date of a message.
extract_msg.utils.fromTimeStamp(0)


def children(question: Answer, limits: Limits, read: Read) -> Iterator[Answer]:
    """A frame a child: name inside and bytes. Raises Failed: bomb, encrypted, damaged, unsupported."""
    data = read()
    media = media_of(question, data)
    inside = {
        "message/rfc822": _mail,
        "application/mbox": _mbox,
        "application/zip": _zip,
        "application/x-tar": _tar,
        "application/gzip": _packed,
        "application/x-bzip2": _packed,
        "application/x-xz": _packed,
        "application/vnd.ms-outlook": _outlook,
    }.get(media)
    if inside is None:
        raise Failed(Reason.UNSUPPORTED)
    total = 0
    most = min(limits.children_bytes, 64 * MIB + limits.children_ratio * len(data))
    for count, (name, content) in enumerate(inside(data, replace(limits, children_bytes=most)), 1):
        total += len(content)
        if count > limits.children or total > most:
            raise Failed(Reason.BOMB)
        yield {"child": child_name(name), "data": content}


def _mail(data: bytes, limits: Limits) -> Iterator[tuple[str, bytes]]:
    yield from mails.attached(mails.parsed(data))


def _mbox(data: bytes, limits: Limits) -> Iterator[tuple[str, bytes]]:
    for number, message in enumerate(mails.of_mailbox(data), 1):
        yield f"message-{number:04d}.eml", message


def _zip(data: bytes, limits: Limits) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = [one for one in archive.infolist() if not one.is_dir()]
            if len(files) > limits.children or sum(one.file_size for one in files) > limits.children_bytes:
                raise Failed(Reason.BOMB)
            for one in files:
                if one.flag_bits & 1:
                    raise Failed(Reason.ENCRYPTED)
                with archive.open(one) as file:
                    content = file.read(one.file_size + 1)  # a size that lies is a bomb or damage
                if len(content) != one.file_size:
                    raise Failed(Reason.DAMAGED)
                yield one.filename, content
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Failed(Reason.DAMAGED) from error


def _tar(data: bytes, limits: Limits) -> Iterator[tuple[str, bytes]]:
    left = limits.children_bytes
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:*") as archive:
            for one in archive:
                file = archive.extractfile(one) if one.isreg() else None
                if file is None:
                    continue
                content = _at_most(file, left)
                left -= len(content)
                yield one.name, content
    except (tarfile.TarError, OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        raise Failed(Reason.DAMAGED) from error


def _at_most(file: IO[bytes], most: int) -> bytes:
    """All of a file in pieces: a single large read would take the memory beforehand. Raises Failed: bomb."""
    content = bytearray()
    while piece := file.read(READ_MAX):
        content += piece
        if len(content) > most:
            raise Failed(Reason.BOMB)
    return bytes(content)


def _packed(data: bytes, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """A packed tar archive, or else one packed file, whose name nobody need have kept."""
    if _is_tar(data):
        yield from _tar(data, limits)
        return
    try:
        with _unpacking(data) as file:
            content = _at_most(file, limits.children_bytes)
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        raise Failed(Reason.DAMAGED) from error
    yield "content", content


def _is_tar(data: bytes) -> bool:
    """Whether there is an archive with a first member: zeros alone would pass for an empty one."""
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:*") as archive:
            return archive.next() is not None
    except (tarfile.TarError, OSError, EOFError, zlib.error, lzma.LZMAError):
        return False


def _unpacking(data: bytes) -> BinaryIO:
    packed = io.BytesIO(data)
    if data.startswith(b"\x1f\x8b"):
        return cast(BinaryIO, gzip.GzipFile(fileobj=packed))
    return cast(BinaryIO, bz2.BZ2File(packed) if data.startswith(b"BZh") else lzma.LZMAFile(packed))


def _outlook(data: bytes, limits: Limits) -> Iterator[tuple[str, bytes]]:
    with extract_msg.openMsg(io.BytesIO(data)) as message:
        for number, one in enumerate(list[Any](message.attachments), 1):
            content, name = one.data, str(one.getFilename() or f"attachment-{number}")
            if isinstance(content, extract_msg.MSGFile):  # a message in a message
                content, name = content.exportBytes(), name if name.lower().endswith(".msg") else f"{name}.msg"
            if isinstance(content, bytes):
                yield name, content
