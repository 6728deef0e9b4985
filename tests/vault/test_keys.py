"""What a passphrase costs whoever guesses it."""

from __future__ import annotations

import os
import subprocess
import sys


def test_the_program_itself_takes_no_less_for_a_passphrase_than_it_should() -> None:
    """The tests' own vaults take less (see conftest), so a process of its own is asked."""
    program = "from evidencevault.vault.members import Argon; a = Argon(bytes(16)); print(a.memory, a.passes, a.lanes)"
    command = [sys.executable, "-c", program]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert told.stdout.split() == [b"65536", b"3", b"4"]
