"""Run by test_kill.py as a process of its own: unlock, say so, import, and be killed at some moment of it."""

from __future__ import annotations

import sys
from pathlib import Path

from evidencevault.custody import casefile
from evidencevault.custody.office import Office
from evidencevault.evidence import intake
from evidencevault.evidence.exhibits import Acquisition


def main(vault: str, passphrase: str, reference: str, source: str) -> None:
    """Import ``source`` in small batches."""
    office = Office.unlock(Path(vault), "anna", passphrase)
    case = casefile.open_case(office, reference)
    print("ready", flush=True)
    intake.bring_in(case, [Path(source)], Acquisition("the reporter"), batch_files=4)
    office.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
