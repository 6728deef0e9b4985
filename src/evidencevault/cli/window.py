"""The door from the command line to the window."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from evidencevault.cli import offices
from evidencevault.cli.face import Face, read_passphrase
from evidencevault.errors import VaultError
from evidencevault.resources import tr
from evidencevault.session import Session


def open_received(face: Face, file: Path | None) -> int:
    """Show the window of a received bundle, without any vault; returns its exit code. Raises VaultError."""
    _need_display()
    app = _desktop()
    code: int = app.run(None, "", unconfined=face.unconfined, received=app.Received(file), language=face.lang or "")
    return code


def open_window(face: Face) -> int:
    """Show the desktop on the vault and user that were named, if any; returns its exit code when it is closed.

    With a passphrase file it begins unlocked. Raises VaultError without a display, and what unlocking raises.
    """
    _need_display()
    if face.passphrase_file is None:
        return _show(face, Path(face.vault) if face.vault else None, None)
    return open_unlocked(face, face.folder(), face.name(), read_passphrase(face.passphrase_file))


def open_unlocked(face: Face, folder: Path, name: str, passphrase: str) -> int:
    """Show the desktop on an unlocked vault. Raises what unlocking raises."""
    session = Session.unlock(folder, name, passphrase, key_file=face.key_bytes(), unconfined=face.unconfined)
    return _show(face, folder, session)


def _need_display() -> None:
    if not offices.has_display():
        raise VaultError(tr("There is no display to open the window on. “evidencevault --help” lists the commands."))


def _show(face: Face, folder: Path | None, session: Session | None) -> int:
    try:
        app = _desktop()
    except VaultError:
        if session is not None:
            session.close()
        raise
    code: int = app.run(
        folder, face.member or "", unconfined=face.unconfined, session=session, language=face.lang or ""
    )
    return code


def _desktop() -> ModuleType:
    try:
        # Here and not above: Qt takes longer to load than most commands run, and needs libraries that they do not.
        from evidencevault.desktop import running
    except ImportError as error:
        raise VaultError(
            tr(
                "The window cannot be opened: {why}. Install what is missing (./run does on Debian and Ubuntu); "
                "the commands work without it."
            ).format(why=error)
        ) from error
    return running
