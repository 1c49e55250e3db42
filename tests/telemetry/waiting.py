"""Waiting for what another thread does."""

import time
from collections.abc import Callable


def until(true: Callable[[], object]) -> None:
    """Return once `true` says so; fail after 10 seconds."""
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)
