"""Processes of tests: each with a log of its own, waited for until it listens, ended by SIGTERM."""

import os
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.waiting import wait_until


@contextmanager
def running(
    command: Sequence[str | Path], port: int, log: Path, environment: dict[str, str]
) -> Iterator[None]:
    """Run a command that listens on `port` for the length of a `with` block.

    Raises RuntimeError, with its log, where it does not come to listen.
    """
    with log.open("w") as output:
        process = subprocess.Popen(
            command, env=os.environ | environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait(process, port, log)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    def listens() -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return True
        except OSError:
            return False

    try:
        wait_until(listens, process=process)
    except AssertionError as error:
        raise RuntimeError(log.read_text()) from error
