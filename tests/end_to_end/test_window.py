"""The program's window, started as a person starts it: a process of its own, ended by a signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.support.desk import Desk

from evidencevault.custody.office import Office


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.call("vault", "create", "v", "--organisation", "O", "--country", "NL", "--role", "officer")
    return made


def _start(desk: Desk, *words: str, display: bool = True) -> subprocess.Popen[str]:
    # Qt draws into memory; the name of a display is what the program asks for before it starts Qt.
    env = {**desk.env, "QT_QPA_PLATFORM": "offscreen"}
    env = {key: value for key, value in env.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    env |= {"DISPLAY": ":none"} if display else {}
    command = [sys.executable, "-m", "evidencevault", "--vault", "v", "--member", "anna", *words]
    return subprocess.Popen(
        command,
        cwd=desk.folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )


def test_it_opens_on_a_vault_and_ends_clean(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    process = _start(desk, "--passphrase-file", "anna")
    try:
        opened = desk.folder / "state" / "recent.json"  # written once the window of the vault is made
        for _ in range(600):
            if opened.exists() or process.poll() is not None:
                break
            time.sleep(0.05)
        assert opened.exists(), process.communicate(timeout=10)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0, err
    assert "Traceback" not in out + err
    monkeypatch.setenv("EVIDENCEVAULT_STATE", str(desk.folder / "state"))
    Office.unlock(desk.folder / "v", "anna", "words of anna").close()


def test_without_a_display_it_says_so(desk: Desk) -> None:
    process = _start(desk, display=False)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "no display" in err
    assert "Traceback" not in out + err


def test_a_wrong_passphrase_file_is_refused_before_anything_is_shown(desk: Desk) -> None:
    process = _start(desk, "--passphrase-file", "leo")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 4
    assert "passphrase does not open" in err


def test_missing_libraries_are_said_in_a_sentence(desk: Desk) -> None:
    broken = desk.folder / "broken" / "PySide6"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise ImportError('libEGL.so.1: cannot open shared object file')\n")
    desk.env["PYTHONPATH"] = os.pathsep.join([str(broken.parent), desk.env["PYTHONPATH"]])
    process = _start(desk)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "libEGL.so.1" in err
    assert "the commands work without it" in err
