"""The real nginx with the real configuration, in front of a real backend."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from tests.libraries import IndexedShelf
from tests.page import built_page
from tests.peers.collector.running import free_port
from tests.peers.programs import program
from tests.waiting import SECONDS, answers, wait_until

START = Path(__file__).resolve().parents[3] / "deploy/nginx/start.sh"


@dataclass(frozen=True)
class Answer:
    """An answer: its headers under lower-case names."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(address: str, path: str, method: str = "GET", body: bytes = b"", **named: str) -> Answer:
    """Send one request, its path untouched and its headers named with `_` for `-`."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=20)
    try:
        headers = {name.replace("_", "-"): value for name, value in named.items()}
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, told, answer.read())
    finally:
        connection.close()


class Process:
    """A server that is started, ended and started again at the same port."""

    def __init__(self, command: list[str], port: int, log: Path, **environ: str) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._command = command
        self._environ = os.environ | environ
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """What it has printed."""
        return self._log.read_text()

    def start(self, probe: str) -> None:
        """Start it, and return when `probe` answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environ, stdout=log, stderr=log
            )
        try:
            wait_until(lambda: answers(self.address + probe), process=self._process)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log[-2000:]}") from None

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send it a signal, and return its status once it has ended."""
        if self._process is None:
            return 0
        self._process.send_signal(number)
        status = self._process.wait(SECONDS)
        self._process = None
        return status


@contextmanager
def backend(books: IndexedShelf, folder: Path, **environ: str) -> Iterator[Process]:
    """Serve the books of `tests/browser/harbour.py`."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = books.environment(folder / "data")
    port = free_port()
    command = [sys.executable, "-m", "gutenberg_explorer", "serve", "--port", str(port)]
    running = Process(command, port, folder / "backend.log", **settings, **environ)
    try:
        running.start("/readyz")
        yield running
    finally:
        running.stop()


@contextmanager
def nginx(folder: Path, backend_url: str, **environ: str) -> Iterator[Process]:
    """Serve the built page, and pass all else on to `backend_url`."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    settings = {
        "BACKEND_URL": backend_url,
        "LISTEN": f"127.0.0.1:{port}",
        "PAGE": str(built_page()),
        "RUN": str(folder / "run"),
        "PATH": f"{program('nginx').parent}:{program('envsubst').parent}:{os.environ['PATH']}",
    }
    # Its workers would else be those of Debian's own user, who may not look into this folder.
    arguments = ["-g", "user root;"] if os.getuid() == 0 else []
    running = Process([str(START), *arguments], port, folder / "nginx.log", **(settings | environ))
    try:
        running.start("/nginx-health")
        yield running
    finally:
        running.stop()
