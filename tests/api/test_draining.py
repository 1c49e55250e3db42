"""A served app that is told to end, and drains before it does."""

import asyncio
import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gutenberg_explorer.api.draining import Drain
from tests.libraries import IndexedShelf
from tests.waiting import SECONDS, wait_until

SHORT, LONG = 4, 300
"""How long a server drains (s): the one is waited for, the other is longer than any test."""


@contextlib.contextmanager
def _serving(
    books: IndexedShelf, folder: Path, drain: int, *options: str
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | books.environment(folder)
    environment["GUTENBERG_EXPLORER_DRAIN"] = str(drain)
    command = [sys.executable, "-m", "gutenberg_explorer", "serve", "--port", str(port), *options]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: _status(port, "/readyz") == 200, process=process)
        yield process, port
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(SECONDS)


def _status(port: int, path: str) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def _wait_until_it_drains(process: subprocess.Popen[bytes], port: int) -> None:
    wait_until(lambda: _status(port, "/readyz") == 503, process=process)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_server_that_is_told_to_end_serves_on_for_a_while(
    indexed_small_books: IndexedShelf, tmp_path: Path, workers: int
) -> None:
    options = ("--workers", str(workers))
    with _serving(indexed_small_books, tmp_path, SHORT, *options) as (process, port):
        process.send_signal(signal.SIGTERM)
        if workers == 1:
            _wait_until_it_drains(process, port)
            assert _status(port, "/healthz") == 200
        assert [_status(port, "/search?q=whale") for _ in range(20)] == [200] * 20
        assert process.wait(SECONDS) == 0
        assert _status(port, "/healthz") is None


def test_the_while_is_as_long_as_it_is_set() -> None:
    class Loop(asyncio.SelectorEventLoop):
        """A loop whose time is told by the test."""

        now = 1_000.0

        def time(self) -> float:
            return self.now

    ended: list[int] = []

    async def drain() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, Loop)
        draining = Drain(30)
        with draining.before_the_end():
            signal.raise_signal(signal.SIGTERM)
            assert draining.has_begun
            for passed in (0.0, 29.9):
                loop.now = 1_000 + passed
                for _ in range(3):
                    await asyncio.sleep(0)
                assert ended == []
            loop.now += 0.2
            for _ in range(3):
                await asyncio.sleep(0)
            assert ended == [signal.SIGTERM]

    before = signal.signal(signal.SIGTERM, lambda number, _: ended.append(number))
    try:
        with contextlib.closing(Loop()) as loop:
            loop.run_until_complete(drain())
    finally:
        signal.signal(signal.SIGTERM, before)


def test_what_is_kept_open_is_ended_with_the_next_answer(
    indexed_small_books: IndexedShelf, tmp_path: Path
) -> None:
    with _serving(indexed_small_books, tmp_path, LONG) as (process, port):
        kept = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        kept.request("GET", "/search?q=whale")
        before = kept.getresponse()
        before.read()
        assert before.getheader("connection") is None
        process.send_signal(signal.SIGTERM)
        _wait_until_it_drains(process, port)
        kept.request("GET", "/search?q=whale")
        after = kept.getresponse()
        assert after.status == 200
        assert after.getheader("connection") == "close"
        after.read()
        assert kept.sock is None


def test_the_second_signal_ends_it_at_once(
    indexed_small_books: IndexedShelf, tmp_path: Path
) -> None:
    with _serving(indexed_small_books, tmp_path, LONG) as (process, port):
        process.send_signal(signal.SIGTERM)
        _wait_until_it_drains(process, port)
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0
