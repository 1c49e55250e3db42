"""Run two commands side by side: `side_by_side.py FIRST… -- SECOND…`, run by the Makefile.

What the first prints is shown in one piece once it has ended; the second has the terminal. Both run
to their end, and fail together if either fails. Ctrl-C and SIGTERM end both.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from types import FrameType


def main(first: Sequence[str], second: Sequence[str]) -> int:
    """Run both; return the second's exit code where it fails, else the first's."""
    # In a session of its own, so that all that it has started can be ended with it.
    quiet = subprocess.Popen(
        first, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )
    showing = threading.Thread(target=_show, args=(quiet,))
    showing.start()
    open_ = subprocess.Popen(second)

    def end(number: int, _frame: FrameType | None) -> None:
        if quiet.poll() is None:
            os.killpg(quiet.pid, signal.SIGTERM)
        if number == signal.SIGTERM:  # SIGINT comes to it from the terminal
            open_.terminate()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    failed = open_.wait()
    showing.join()
    return failed or quiet.returncode


def _show(process: "subprocess.Popen[bytes]") -> None:
    output, _ = process.communicate()
    sys.stdout.buffer.write(b"\n" + output)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    split = sys.argv.index("--")
    sys.exit(main(sys.argv[1:split], sys.argv[split + 1 :]))
