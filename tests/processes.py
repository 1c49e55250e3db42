"""Starting processes: those that tests send signals to, and those whose memory is measured."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interruptible() -> Iterator[None]:
    """Give each process that is started in the `with` block the default handling of SIGINT.

    A shell starts a background job with SIGINT ignored, and so would be what the tests start then.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


_PRINT_PEAK = """
from pathlib import Path
for line in Path("/proc/self/status").read_text().splitlines():
    if line.startswith("VmHWM:"):
        print(line.split()[1])
"""


def peak_memory(program: str, *arguments: str) -> int:
    """Run a Python program in a process of its own; return its largest resident memory in bytes."""
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\n{_PRINT_PEAK}", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1]) * 1024


def unused_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
