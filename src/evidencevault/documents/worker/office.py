"""Old office files, OpenDocument and RTF as PDF: LibreOffice as a library, within the confined process itself.

It is called through LibreOfficeKit (include/LibreOfficeKit/LibreOfficeKit.h, a stable C interface), not started as a
program: so it runs under the same filter as every other parser, which allows no program, no process and no socket. What
it may do beyond that is to read the system's programs and fonts, and to write in one folder, which the program made for
this document on a file system in memory.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evidencevault.documents.requests import Limits, Reason
from evidencevault.documents.worker import office_profile
from evidencevault.documents.worker.failed import Answer, Failed, Read
from evidencevault.documents.worker.media import OFFICE, media_of

LIBRARIES = ("libmergedlo.so", "libsofficeapp.so")
"""Where LibreOfficeKit is: the first in builds that merge their libraries, as distributions make them."""
_SHEETS = (".ods", ".ots", ".xls")
_ROOM = 3
"""Times the document's size that must be free in its file system: the document, what is unpacked of it, the PDF."""
_TEXT = ctypes.c_void_p  # char*, which stays ours to read as bytes


class _Office(ctypes.Structure):
    _fields_ = (
        ("size", ctypes.c_size_t),
        ("destroy", _TEXT),
        ("load", _TEXT),
        ("error", ctypes.CFUNCTYPE(_TEXT, _TEXT)),
        ("load_with", ctypes.CFUNCTYPE(_TEXT, _TEXT, ctypes.c_char_p, ctypes.c_char_p)),
        ("free_error", _TEXT),
        ("register", _TEXT),
        ("filters", _TEXT),
        ("features", _TEXT),
        ("password", _TEXT),
        ("version", ctypes.CFUNCTYPE(_TEXT, _TEXT)),
    )


class _Document(ctypes.Structure):
    _fields_ = (
        ("size", ctypes.c_size_t),
        ("destroy", _TEXT),
        ("save", ctypes.CFUNCTYPE(ctypes.c_int, _TEXT, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p)),
    )


def convert(question: Answer, limits: Limits, read: Read) -> Iterator[Answer]:
    """One answer: the PDF, and ``by``, what made it. Options: ``folder`` to work in, ``program`` of LibreOffice."""
    folder, program = Path(str(question["folder"])), Path(str(question["program"]))
    data = read()
    ending = OFFICE.get(media_of(question, data))
    if ending is None:
        raise Failed(Reason.UNSUPPORTED)
    threading.Thread(target=_watch, args=(folder,), daemon=True).start()
    _surround(folder)
    source, target = folder / f"document{ending}", folder / "document.pdf"
    if os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize < _ROOM * len(data):
        raise Failed(Reason.MEMORY)
    source.write_bytes(data)
    kit, office = _started(program, folder)
    document = office.load_with(kit, source.as_uri().encode(), b"Batch=true")
    if not document:
        raise Failed(_why(program, ending, kit, office))
    if not _class(document, _Document).save(document, target.as_uri().encode(), b"pdf", b""):
        raise Failed(Reason.DAMAGED)
    yield {"by": _version(kit, office), "data": _result(target, limits)}


def _watch(folder: Path) -> None:
    """End when the program has ended: then nobody waits for the answer, and nobody else empties the folder."""
    ends = select.poll()
    ends.register(0, 0)  # hanging up is told unasked
    ends.poll()
    for one in folder.iterdir():
        shutil.rmtree(one, ignore_errors=True) if one.is_dir() and not one.is_symlink() else one.unlink()
    os._exit(1)


def _surround(folder: Path) -> None:
    """Environment and profile: all that LibreOffice knows of a person is this folder."""
    (folder / "tmp").mkdir(mode=0o700)
    os.environ.clear()
    os.environ.update(
        HOME=str(folder),
        TMPDIR=str(folder / "tmp"),
        XDG_RUNTIME_DIR=str(folder),
        XDG_CONFIG_HOME=str(folder),
        XDG_CACHE_HOME=str(folder),
        LANG="C.UTF-8",
        LC_ALL="C.UTF-8",
        SAL_USE_VCLPLUGIN="svp",  # draws in memory, without a display
        SAL_DISABLE_OPENCL="1",
        TZ="UTC",
    )
    settings = folder / "profile" / "user"
    settings.mkdir(parents=True, mode=0o700)
    (settings / "registrymodifications.xcu").write_text(office_profile.settings(), "utf-8")


def _started(program: Path, folder: Path) -> tuple[int, Any]:
    """The kit, and its functions. Raises Failed (not installed) where it does not come up."""
    path = next((program / one for one in LIBRARIES if (program / one).is_file()), None)
    if path is None:
        raise Failed(Reason.NO_OFFICE)
    try:
        begin = ctypes.CDLL(str(path), mode=os.RTLD_LAZY | os.RTLD_GLOBAL).libreofficekit_hook_2
    except (OSError, AttributeError) as error:
        raise Failed(Reason.NO_OFFICE) from error
    begin.restype, begin.argtypes = _TEXT, (ctypes.c_char_p, ctypes.c_char_p)
    kit = begin(str(program).encode(), (folder / "profile").as_uri().encode())
    if not kit:
        raise Failed(Reason.NO_OFFICE)
    return kit, _class(kit, _Office)


def _class(thing: int, kind: type[Any]) -> Any:
    """The functions of a thing of the kit: its first word points to them (their size, then one after the other)."""
    functions = ctypes.cast(ctypes.cast(thing, ctypes.POINTER(ctypes.c_void_p))[0] or 0, ctypes.POINTER(kind)).contents
    if functions.size < ctypes.sizeof(kind):
        raise Failed(Reason.NO_OFFICE)
    return functions


def _why(program: Path, ending: str, kit: int, office: Any) -> Reason:
    """Why it did not open a document."""
    # As a library it opens sheets only with the forms of its windows, which packages "without windows" leave out.
    forms = program.parent / "share/config/soffice.cfg/modules/scalc/ui"
    if ending in _SHEETS and not forms.is_dir():
        return Reason.NO_OFFICE
    text = office.error(kit)
    said = ctypes.string_at(text).lower() if text else b""
    return Reason.ENCRYPTED if b"password" in said or b"encrypt" in said else Reason.DAMAGED


def _version(kit: int, office: Any) -> str:
    said = json.loads(ctypes.string_at(office.version(kit)).decode("utf-8", "replace"))
    return f"{said.get('ProductName', '')} {said.get('ProductVersion', '')}{said.get('ProductExtension', '')}"


def _result(target: Path, limits: Limits) -> bytes:
    with target.open("rb") as file:
        made = file.read(limits.answer + 1)
    if len(made) > limits.answer:
        raise Failed(Reason.TOO_LARGE)
    return made


def readable(program: str) -> list[str]:
    """What LibreOffice reads: programs and libraries, its settings, fonts; the null device and random bytes."""
    folders = ("/usr", "/lib", "/lib64", "/etc/fonts", "/etc/libreoffice", "/var/lib/libreoffice",
               "/var/spool/libreoffice", "/var/cache/fontconfig", str(Path(program).parent))  # fmt: skip
    return [*folders, "/etc/ld.so.cache", "/dev/null", "/dev/urandom"] if sys.platform.startswith("linux") else []
