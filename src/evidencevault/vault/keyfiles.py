"""Key files: a second thing besides the passphrase. Any file serves; what is hashed is its bytes (formats.md §1)."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from evidencevault.errors import Refused, StorageFailed
from evidencevault.resources import tr

LARGEST = 1024 * 1024


def read(file: Path) -> bytes:
    """The bytes of a key file. Raises Refused: it cannot be read, is empty, or larger than a key file may be."""
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        raise Refused(tr("The key file {file} cannot be read: {why}.").format(file=file, why=error.strerror)) from error
    if not data or len(data) > LARGEST:
        raise Refused(tr("{file} is no key file: it is empty, or larger than 1 MB.").format(file=file))
    return data


def make(file: Path) -> bytes:
    """A new key file: 64 random bytes in Base64, for its owner alone. Raises StorageFailed; never over another."""
    data = base64.encodebytes(os.urandom(64))
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except FileExistsError as error:
        raise StorageFailed(
            tr("There is a file {file} already. Choose another name; nothing was written.").format(file=file)
        ) from error
    except OSError as error:
        raise StorageFailed(tr("{file} could not be written: {why}.").format(file=file, why=error.strerror)) from error
    return data
