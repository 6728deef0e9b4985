"""Mail and archives: the files inside, under caps against bombs."""

from __future__ import annotations

import email
import email.policy
import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

from evidencevault.documents.requests import MIB, Limits, Reason, child_name
from evidencevault.documents.worker.look import media_type
from evidencevault.documents.worker.main import Failed


def children(question: dict[str, object], limits: Limits, read: Callable[[], bytes]) -> Iterator[dict[str, object]]:
    """A frame a child: name inside and bytes. Raises Failed: too-large for a bomb, encrypted, damaged."""
    data = read()
    media = media_type(data, str(question["suffix"]))
    inside = {
        "message/rfc822": _mail,
        "application/mbox": _mbox,
        "application/zip": _zip,
        "application/x-tar": _tar,
        "application/gzip": _tar,
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
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    for number, part in enumerate(message.iter_attachments(), 1):
        name = part.get_filename() or f"attachment-{number}"
        content = part.get_content() if part.get_content_type() == "message/rfc822" else part.get_payload(decode=True)
        if isinstance(content, EmailMessage):
            yield (name if name.endswith(".eml") else f"{name}.eml"), content.as_bytes()
        elif isinstance(content, bytes):
            yield name, content


def _mbox(data: bytes, limits: Limits) -> Iterator[tuple[str, bytes]]:
    start, number = 0, 0
    while start < len(data):
        end = data.find(b"\nFrom ", start)
        end = len(data) if end < 0 else end + 1
        _, _, message = data[start:end].partition(b"\n")
        number += 1
        if message.strip():
            yield f"message-{number:04d}.eml", message.replace(b"\n>From ", b"\nFrom ")
        start = end


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
                content = file.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise Failed(Reason.BOMB)
                yield one.name, content
    except (tarfile.TarError, zlib.error, EOFError) as error:
        raise Failed(Reason.DAMAGED) from error


def _outlook(data: bytes, limits: Limits) -> Iterator[tuple[str, bytes]]:
    import extract_msg

    with extract_msg.openMsg(io.BytesIO(data)) as message:
        for number, one in enumerate(list[Any](message.attachments), 1):
            content = one.data
            if isinstance(content, bytes):
                yield str(one.getFilename() or f"attachment-{number}"), content
