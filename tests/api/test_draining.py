"""A served app that is told to end, and drains before it does."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.libraries import IndexedShelf

DRAIN = 1.5


@contextlib.contextmanager
def _serving(
    books: IndexedShelf, folder: Path, *options: str
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    drain = {"GUTENBERG_EXPLORER_DRAIN": str(DRAIN)}
    environment = os.environ | books.environment(folder) | drain
    command = [sys.executable, "-m", "gutenberg_explorer", "serve", "--port", str(port), *options]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while _status(port, "/readyz") != 200:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield process, port
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)


def _status(port: int, path: str) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def _drained(port: int) -> None:
    deadline = time.monotonic() + DRAIN
    while _status(port, "/readyz") != 503:
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_server_that_is_told_to_end_serves_on_for_a_while(
    indexed_small_books: IndexedShelf, tmp_path: Path, workers: int
) -> None:
    with _serving(indexed_small_books, tmp_path, "--workers", str(workers)) as (process, port):
        told = time.monotonic()
        process.send_signal(signal.SIGTERM)
        if workers == 1:
            _drained(port)
            assert _status(port, "/healthz") == 200
        served = 0
        while time.monotonic() - told < DRAIN * 0.7:
            assert _status(port, "/search?q=whale") == 200
            served += 1
        assert served > 10
        assert process.wait(10) == 0
        assert time.monotonic() - told > DRAIN
        assert _status(port, "/healthz") is None


def test_what_is_kept_open_is_ended_with_the_next_answer(
    indexed_small_books: IndexedShelf, tmp_path: Path
) -> None:
    with _serving(indexed_small_books, tmp_path) as (process, port):
        kept = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        kept.request("GET", "/search?q=whale")
        before = kept.getresponse()
        before.read()
        assert before.getheader("connection") is None
        process.send_signal(signal.SIGTERM)
        _drained(port)
        kept.request("GET", "/search?q=whale")
        after = kept.getresponse()
        assert after.status == 200
        assert after.getheader("connection") == "close"
        after.read()
        assert kept.sock is None


def test_the_second_signal_ends_it_at_once(
    indexed_small_books: IndexedShelf, tmp_path: Path
) -> None:
    with _serving(indexed_small_books, tmp_path) as (process, port):
        process.send_signal(signal.SIGTERM)
        _drained(port)
        told = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert time.monotonic() - told < DRAIN * 0.6
