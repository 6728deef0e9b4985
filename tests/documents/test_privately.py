"""Folders in memory: for nobody else, gone at the end, and what the dead left is removed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from evidencevault.documents import privately


def test_only_a_tmpfs_counts_as_memory(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text("30 22 0:24 / /dev/shm rw,nosuid - tmpfs tmpfs rw\n31 22 0:25 / /mnt rw - ext4 /dev/sda rw\n")
    assert privately.in_memory(mounts=str(mounts)) and not privately.in_memory(Path("/mnt"), str(mounts))
    assert privately.in_memory(Path("/dev/shm/inner"), str(mounts))
    mounts.write_text(mounts.read_text() + "32 30 0:26 / /dev/shm rw - ext4 /dev/sdb rw\n")
    inner = Path("/dev/shm/inner")
    assert not privately.in_memory(inner, str(mounts)), "what was mounted over it counts"
    assert not privately.in_memory(Path("/srv"), str(mounts))
    assert not privately.in_memory(mounts=str(tmp_path / "none"))


def test_a_folder_is_ones_own_and_gone_afterwards(tmp_path: Path) -> None:
    with privately.folder(tmp_path) as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "in" / "deep").mkdir(parents=True)
        (folder / "in" / "deep" / "file").write_text("words")
        (folder / "in").chmod(0o000)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ZeroDivisionError), privately.folder(tmp_path):
        _ = 1 // 0
    assert list(tmp_path.iterdir()) == []


def test_sweeping_takes_what_the_dead_left_and_nothing_else(tmp_path: Path) -> None:
    kept = tmp_path / "elsewhere"
    kept.mkdir()
    (kept / "file").write_text("words")
    (tmp_path / "evidencevault-link").symlink_to(kept)
    (tmp_path / "other").mkdir()
    code = (
        "import os, sys; from pathlib import Path; from evidencevault.documents import privately\n"
        "with privately.folder(Path(sys.argv[1])) as folder:\n    (folder / 'plain').write_text('x'); os.abort()"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(one for one in sys.path if one)}
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], env=environment, check=False, stderr=subprocess.DEVNULL)
    (dead,) = (one for one in tmp_path.glob("evidencevault-*") if not one.is_symlink())
    assert (dead / "plain").exists()
    with privately.folder(tmp_path) as living:
        assert not dead.exists() and privately.sweep(tmp_path) == 0 and living.exists()
    assert (kept / "file").read_text() == "words" and (tmp_path / "other").is_dir()
