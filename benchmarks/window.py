"""The window: from start to the first picture of it, and a case of many exhibits in it: first rows, whole list, sort.

    python benchmarks/window.py [--exhibits 100000] [--vault FOLDER] [--json]

``FOLDER`` keeps the vault for the next time: making 100,000 exhibits takes a minute. Opening the case (replaying its
ledger) is told apart, because its list can only be read after that.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

PASSPHRASE = "correct horse battery"

_FIRST = """
import time
begun = time.perf_counter()
from evidencevault.desktop import app
made = app.application()
desktop = app.Desktop(made, None, "", unconfined=False)
desktop.show()
made.processEvents()
desktop.unlocking.grab()
print(time.perf_counter() - begun)
"""


def first_window() -> float:
    """Seconds from the first import to the drawn window that asks for the passphrase, in a fresh process."""
    done = subprocess.run([sys.executable, "-c", _FIRST], capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def make(vault: Path, count: int) -> None:
    """A vault with one case of so many exhibits."""
    from case_and_ledger import BATCH

    from evidencevault.custody import casefile, membership
    from evidencevault.custody.casefile import Kind

    roles = frozenset({"officer"})
    founded = membership.found(
        vault, organisation="Bench", country="NL", name="anna", roles=roles, passphrase=PASSPHRASE
    )
    body = {"title": "Many", "categories": ["neglect"], "severity": "low", "immediate_safety": {"state": "safe"}}
    case = casefile.create_case(founded.office, body)
    for start in range(0, count, BATCH):
        write = case.write()
        for number in range(start, min(count, start + BATCH)):
            name = f"E{number + 1:03d}"
            told = {"number": name, "name": f"photograph {number * 7919 % count}.jpg", "source": "A camera",
                    "method": "received"}  # fmt: skip
            found = {"exhibit": name, "media_type": "image/jpeg", "pages": 1, "previewable": True, "warnings": [],
                     "metadata": {}, "hidden": [], "failure": None}  # fmt: skip
            records = [write.record(Kind.EXHIBIT, told), write.record(Kind.FINDINGS, found)]
            write.entry("imported", records=records, subject=name, digest=os.urandom(32))
        write.commit()
    founded.office.database.close()


class Watch:
    """How long the window's thread is kept at once: a timer that should come every millisecond."""

    def __init__(self) -> None:
        from PySide6.QtCore import QTimer

        self.longest, self._last = 0.0, time.perf_counter()
        self._timer = QTimer(interval=1)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest, self._last = max(self.longest, now - self._last), now

    def taken(self) -> float:
        """The longest since it was asked last, in seconds."""
        longest, self.longest = self.longest, 0.0
        return longest


def window(vault: Path, count: int) -> dict[str, float]:
    """Seconds for each step, and what kept the window's thread longest meanwhile."""
    from PySide6.QtWidgets import QComboBox, QPushButton

    from evidencevault.desktop import app
    from evidencevault.desktop.collecting import Collector
    from evidencevault.desktop.desk import Desk
    from evidencevault.desktop.evidence import EvidenceScreen
    from evidencevault.desktop.look import Theme
    from evidencevault.desktop.rows import case_head
    from evidencevault.session import Session

    made = app.application()
    collector = Collector(made)
    desk = Desk(Session.unlock(vault, "anna", PASSPHRASE))
    theme = Theme(made)
    screen = EvidenceScreen(desk, theme, lambda _: [])
    theme.wear(screen)
    screen.resize(1180, 800)
    screen.show()
    watch, seconds = Watch(), {}

    def until(holds: Callable[[], object]) -> float:
        begun = time.perf_counter()
        while not holds():
            made.processEvents()
            time.sleep(0.0005)
        return time.perf_counter() - begun

    def failed(error: Exception) -> None:
        raise error

    heads: list[object] = []
    reference = f"NL-{time.localtime().tm_year}-0001"
    desk.read(reference, lambda opened: opened.case.reference, heads.append, failed)
    seconds["open the case (its ledger)"] = until(lambda: heads)
    heads.clear()
    desk.read(reference, lambda opened: case_head(opened.case, ()), heads.append, failed)
    seconds["its head"] = until(lambda: heads)
    watch.taken()
    screen.show_case(heads[0])  # type: ignore[arg-type]
    seconds["first rows"] = until(lambda: screen.list.model.rowCount())
    model = screen.list.model
    seconds["whole list, behind"] = until(lambda: len(model.rows) == count and screen.list._reading is None)
    seconds["longest on the window's thread, filling"] = watch.taken()
    for step, act in (
        ("sort by name", lambda: screen.child(QComboBox, "sort").setCurrentIndex(1)),
        ("filter by words", lambda: screen.seek("photograph 77")),
        ("filter by kind", lambda: screen.child(QPushButton, "audio").click()),
        ("no filter", screen._cleared),
    ):
        begun = time.perf_counter()
        act()
        made.processEvents()
        seconds[step] = time.perf_counter() - begun
    seconds["longest on the window's thread, sorting"] = watch.taken()
    desk.close()
    collector.stop()
    screen.hide()
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--exhibits", type=int, default=100_000)
    parser.add_argument("--vault", type=Path)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        vault = asked.vault or Path(temporary) / "vault"
        os.environ["EVIDENCEVAULT_STATE"] = str(vault.parent / "state")
        if not vault.exists():
            make(vault, asked.exhibits)
        found = {"first window": min(first_window() for _ in range(3)), **window(vault, asked.exhibits)}
    if asked.json:
        print(json.dumps(found))
        return
    for step, taken in found.items():
        print(f"{step:45s} {taken:8.3f} s")


if __name__ == "__main__":
    main()
