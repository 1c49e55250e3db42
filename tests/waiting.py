"""Waiting for what other threads and processes do.

Only this module of the tests reads a clock to compare it (`tests/test_clocks.py`). Its limits are
generous: they end a test that would hang, and judge nobody's speed.
"""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar
from urllib.request import urlopen

T = TypeVar("T")

SECONDS = 120.0
"""How long anything is waited for; for sockets, processes and threads too."""

_CPU_SECONDS = 30.0


def wait_until(
    condition: Callable[[], T],
    what: str = "this",
    *,
    process: "subprocess.Popen[Any] | None" = None,
    seconds: float = SECONDS,
) -> T:
    """Return the first true value of `condition`, which is asked again and again.

    Raises AssertionError, which names `what` is waited for, when so many seconds have passed or
    `process` has ended.
    """
    deadline = time.monotonic() + seconds
    pause = 0.005
    while not (value := condition()):
        if process is not None and process.poll() is not None:
            raise AssertionError(f"Waited for {what}: the process ended: {process.returncode}.")
        if time.monotonic() > deadline:
            raise AssertionError(f"Waited for {what} in vain for {seconds:.0f} s.")
        time.sleep(pause)
        pause = min(1.5 * pause, 0.1)
    return value


def answers(url: str) -> bool:
    """Return whether a server answers at an address, and with success."""
    try:
        with urlopen(url, timeout=SECONDS):
            return True
    except OSError:
        return False


def wait_until_ready(address: str, process: "subprocess.Popen[Any]") -> None:
    """Return once a backend that has been started answers to searches. Raises AssertionError."""
    wait_until(lambda: answers(f"{address}/readyz"), address, process=process)


def seconds_of(action: Callable[[], object]) -> float:
    """Return how long something takes, to choose by it what to do, and not to judge it."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


@contextmanager
def bounded_work() -> Iterator[None]:
    """End a `with` block that works without end: after 30 s of this process's own time.

    What takes far longer with a longer text fails so, however busy the machine is. Raises
    AssertionError.
    """

    def end(_number: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"It was at work for {_CPU_SECONDS:.0f} s.")

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, _CPU_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
