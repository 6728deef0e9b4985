"""Keeps a window out of screenshots, recordings and shared screens, where the system can do that.

Windows and macOS can; neither could be tried where this was written, so a failure changes nothing and is not reported.
X11 and Wayland have no such wish: every program of the same user may see an X11 window.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys

from PySide6.QtWidgets import QWidget

_EXCLUDED = 0x11  # WDA_EXCLUDEFROMCAPTURE, Windows 10 2004 and newer
_BLACK = 0x01  # WDA_MONITOR, before
_NONE = 0  # NSWindowSharingNone


def keep_unseen(window: QWidget) -> bool:
    """Ask for it once the window has been shown; whether the system said yes."""
    if sys.platform == "win32":
        return _windows(int(window.winId()))
    if sys.platform == "darwin":
        return _mac(int(window.winId()))
    return False


def _windows(handle: int) -> bool:
    user32 = getattr(ctypes, "windll").user32  # noqa: B009 - this name exists on Windows alone
    user32.SetWindowDisplayAffinity.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
    return any(user32.SetWindowDisplayAffinity(handle, one) for one in (_EXCLUDED, _BLACK))


def _mac(view: int) -> bool:
    """``[[view window] setSharingType: NSWindowSharingNone]``: Qt's window id is the NSView."""
    library = ctypes.util.find_library("objc")
    if library is None:
        return False
    objc = ctypes.cdll.LoadLibrary(library)
    objc.sel_registerName.restype, objc.sel_registerName.argtypes = ctypes.c_void_p, (ctypes.c_char_p,)
    send = ctypes.cast(objc.objc_msgSend, ctypes.c_void_p).value
    if send is None:
        return False
    ask = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)(send)
    tell = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ulong)(send)
    window = ask(view, objc.sel_registerName(b"window"))
    if not window:
        return False
    tell(window, objc.sel_registerName(b"setSharingType:"), _NONE)
    return True
