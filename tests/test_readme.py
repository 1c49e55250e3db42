"""The README's commands, run as a reader runs them.

Each line of a `sh` block runs in a shell of its own, in the checkout, in the README's order. The
environment is a reader's, except for what `Reader` sets and for the literals in `REPLACED`. What
does not run is in `EXCLUDED`, each command with its reason.
"""

import contextlib
import functools
import http.server
import os
import re
import signal
import socket
import subprocess
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest

from gutenberg_explorer.index import IndexStore
from tests.corpus.gutenberg import mirrors
from tests.libraries import small_books
from tests.processes import unused_port
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECONDS = 600
"""How long a command may take on a busy machine before the test gives up."""

EXCLUDED = {
    ".venv/bin/pip install --editable '.[datadog]'": "Datadog; changes the checkout's environment",
    "DD_API_KEY=… DD_APP_KEY=… .venv/bin/gutenberg-explorer datadog plan": "needs Datadog",
    "docker compose up": "needs Docker",
    "./deploy-latest.sh --dry-run 1.2.0": "needs Kubernetes",
    "./deploy-latest.sh 1.2.0": "needs Kubernetes",
    "make test": "would run this test again",
    "make peers": "would run this test again",
}


REPLACED = (
    "/path/to/books",  # a folder of three small books
    "http://127.0.0.1:8000",  # ports that are free on this machine
    "PORT=9000",
    "METRICS_ADDRESS=9464",
)


def commands(document: str) -> list[str]:
    """Return the commands of a document's `sh` blocks: every line is one."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return [line for block in BLOCK.findall(text) for line in block.splitlines() if line.strip()]


COMMANDS = commands("README.md")


def is_slow(command: str) -> bool:
    """Tell whether a command takes more than a few seconds, or is one more `make run`."""
    return command.startswith("make ") or "make run" in command


CASES = [
    pytest.param(
        command, marks=[pytest.mark.peers] if number and is_slow(command) else [], id=command
    )
    for number, command in enumerate(COMMANDS)
    if command not in EXCLUDED
]


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Start children that SIGINT ends, also where the suite itself ignores it (in background)."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class Reader:
    """A reader's shell, with folders of its own and a port that is free."""

    def __init__(self, folder: Path, nltk_url: str) -> None:
        self.data_dir = folder / "data"
        self.port = unused_port()
        mirror = mirrors.write(
            folder / "mirror",
            mirrors.generated(84)
            | mirrors.generated(158)
            | mirrors.generated(1342)
            | mirrors.generated(2701)
            | {mirrors.CATALOGUE: mirrors.catalogue()},
        )
        # What `make test` and the person who runs it have set is no part of a reader's shell.
        foreign = re.compile(r"GUTENBERG_EXPLORER_|OTEL_|MAKE|MFLAGS|HOST$|PORT$|ARGS$|PYTEST_")
        self.environment = {
            **{name: value for name, value in os.environ.items() if not foreign.match(name)},
            "PORT": str(self.port),
            "GUTENBERG_EXPLORER_DATA_DIR": str(self.data_dir),
            # The 18 books, from this machine in place of the Internet.
            "GUTENBERG_EXPLORER_NLTK_URL": nltk_url,
            # Project Gutenberg's numbers, from a folder in place of a mirror on the Internet.
            "GUTENBERG_EXPLORER_GUTENBERG_MIRROR": str(mirror),
        }
        self._own = dict(
            zip(
                REPLACED,
                (
                    str(small_books(folder / "books")),
                    f"http://127.0.0.1:{self.port}",
                    f"PORT={self.port}",
                    f"METRICS_ADDRESS={unused_port()}",
                ),
                strict=True,
            )
        )

    def typed(self, command: str) -> str:
        """Return a command of the README with what a reader replaces in it."""
        for literal, own in self._own.items():
            command = command.replace(literal, own)
        return command

    def run(self, command: str) -> None:
        """Run a command to its end. It must succeed."""
        with self._started(command) as (process, printed):
            assert process.wait(SECONDS) == 0, printed()

    @contextlib.contextmanager
    def serving(self, command: str) -> Iterator[None]:
        """Run a command until the app answers, and end it as Ctrl-C does."""
        with self._started(command) as (process, printed):
            wait_until(lambda: process.poll() is not None or self._is_ready(), seconds=SECONDS)
            assert process.poll() is None, printed()
            yield
            os.killpg(process.pid, signal.SIGINT)
            # make ends by the signal itself, once the app has ended.
            assert process.wait(SECONDS) in {0, -signal.SIGINT, 128 + signal.SIGINT}, printed()
            assert "Traceback" not in printed()
            wait_until(lambda: not self._answers(), seconds=SECONDS)

    @contextlib.contextmanager
    def _started(self, command: str) -> Iterator[tuple[subprocess.Popen[bytes], Callable[[], str]]]:
        """Start a command in a process group of its own; give it and what it has printed."""
        with NamedTemporaryFile() as output:
            with _interruptible():
                process = subprocess.Popen(
                    ["sh", "-c", self.typed(command)],
                    cwd=ROOT,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            try:
                yield process, Path(output.name).read_text
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _is_ready(self) -> bool:
        with contextlib.suppress(OSError):
            url = f"http://127.0.0.1:{self.port}/readyz"
            with urllib.request.urlopen(url, timeout=10) as answer:
                return bool(answer.status == 200)
        return False

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder, and logs nothing."""

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture(scope="module")
def nltk_url(corpus_zip: Path) -> Iterator[str]:
    """The address of NLTK's 18 books on this machine."""
    handler = functools.partial(_Quiet, directory=corpus_zip.parent)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/{corpus_zip.name}"
        server.shutdown()


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, nltk_url: str) -> Reader:
    return Reader(tmp_path_factory.mktemp("reader"), nltk_url)


def _try(reader: Reader, command: str) -> None:
    if "make run" in command:
        with reader.serving(command):
            pass
    elif "http://127.0.0.1:8000" in command:
        with reader.serving("make run"):
            reader.run(command)
    else:
        reader.run(command)


@pytest.mark.parametrize("command", CASES)
def test_a_command_works(reader: Reader, command: str) -> None:
    _try(reader, command)


@pytest.mark.peers
def test_all_commands_in_their_order_keep_the_first_library(tmp_path: Path, nltk_url: str) -> None:
    reader = Reader(tmp_path, nltk_url)
    first, *others = [
        command
        for command in COMMANDS
        if re.search("make run|gutenberg-explorer (?!datadog)", command)
    ]
    _try(reader, first)
    library = IndexStore(reader.data_dir).library("nltk")
    before = library.open_current()
    texts = {book.id: before.text(n, 0, 2**40) for n, book in enumerate(before.books)}
    for command in others:
        _try(reader, command)
    index = library.open_current()
    assert index.damage() == []
    for book, text in texts.items():
        number = index.book_number(book)
        assert number is not None
        assert index.text(number, 0, 2**40) == text
    # None of them was indexed again: their segments are the same.
    segments = {entry.name for entry in index.manifest.segments}
    assert {entry.name for entry in before.manifest.segments} <= segments
    # What was added by hand is here too, though another library was served then.
    assert {book.shelf for book in index.books} > {"nltk"}


def test_what_is_excluded_or_replaced_is_in_the_readme() -> None:
    assert [command for command in EXCLUDED if command not in COMMANDS] == []
    text = "\n".join(COMMANDS)
    assert [literal for literal in REPLACED if literal not in text] == []


def test_blocks_are_commands_and_nothing_else() -> None:
    """A comment or a prompt would be typed too: zsh takes `#` as an argument."""
    assert [command for command in COMMANDS if re.search(r"(^|\s)#|^[$>]|\\$", command)] == []
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^```(\w*)$", text, re.MULTILINE)) == {"sh", ""}


def test_the_japanese_readme_has_the_same_commands() -> None:
    assert commands("README.ja.md") == COMMANDS
