"""Two commands beside each other, as `make test` runs the page's tests and Python's."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import interruptible
from tests.waiting import SECONDS, wait_until

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [sys.executable, "-m", "scripts.side_by_side"]


def _sh(script: str) -> list[str]:
    return ["sh", "-c", script]


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [("exit 0", "exit 0", 0), ("exit 3", "exit 0", 3), ("exit 0", "exit 4", 4)],
)
def test_either_failure_is_one_of_both(first: str, second: str, code: int) -> None:
    done = subprocess.run([*COMMAND, *_sh(first), "--", *_sh(second)], cwd=ROOT, check=False)
    assert done.returncode == code


def test_they_run_at_once_and_what_the_first_prints_stays_together(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    first = _sh(f"echo one; cat {tmp_path / 'fifo'}; echo two >&2")
    second = _sh(f"echo before; echo told > {tmp_path / 'fifo'}")
    printed = subprocess.check_output([*COMMAND, *first, "--", *second], cwd=ROOT, text=True)
    assert printed == "before\n\none\ntold\ntwo\n"


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_both_end_when_they_are_told_to(ending: signal.Signals, tmp_path: Path) -> None:
    begun = [tmp_path / name for name in ("first", "second")]
    # The first has a child, as npm has; the second ends what it has started by itself.
    first = _sh(f"touch {begun[0]}; sleep 3600; exit 0")
    second = _sh(f"touch {begun[1]}; exec sleep 3600")
    with interruptible():
        process = subprocess.Popen(
            [*COMMAND, *first, "--", *second],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
    wait_until(lambda: all(path.exists() for path in begun), process=process)
    if ending == signal.SIGINT:  # as a terminal does it
        os.killpg(process.pid, ending)
    else:
        process.send_signal(ending)
    # The output ends when the last process that holds it has ended.
    process.communicate(timeout=SECONDS)
    assert process.returncode != 0
