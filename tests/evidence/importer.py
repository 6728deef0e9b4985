"""Run by test_kill.py as a process of its own: for each line a copy that unlocks, imports, and is killed meanwhile.

The copy says ``ready`` as soon as it begins to import; the process says its number before, and how it ended after.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from evidencevault.custody import casefile
from evidencevault.custody.office import Office
from evidencevault.evidence import intake
from evidencevault.evidence.exhibits import Acquisition


def bring_in(vault: str, passphrase: str, reference: str, source: str) -> None:
    """Import ``source`` in small batches."""
    office = Office.unlock(Path(vault), "anna", passphrase)
    case = casefile.open_case(office, reference)
    print("ready", flush=True)
    intake.bring_in(case, [Path(source)], Acquisition("the reporter"), batch_files=4)
    office.close()


def serve(vault: str, passphrase: str, reference: str) -> None:
    """A copy for each folder that standard input names."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                bring_in(vault, passphrase, reference, line.rstrip("\n"))
                code = 0
            finally:
                os._exit(code)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print("ended", os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve(*sys.argv[1:])
