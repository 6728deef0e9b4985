"""Three doors: the document worker, the desktop and the command line.

The worker's door opens before anything else is imported: that process holds no keys and must not even load the code
that could ask for them. The other two are behind the command line (``evidencevault desktop`` opens the window).
"""

from __future__ import annotations

import sys


def main() -> None:
    """Open the door the first argument names; ends the process."""
    if sys.argv[1:] == ["--document-worker"]:
        from evidencevault.documents.worker import main as worker

        sys.exit(worker.run())
    if sys.argv[1:] == ["--document-worker", "forks"]:
        from evidencevault.documents.worker import forkserver

        sys.exit(forkserver.serve())
    from evidencevault.cli import main as command_line

    command_line.main()


if __name__ == "__main__":
    main()
