"""A disk that is full: every command says so in one line, and the server goes on to search."""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.libraries import IndexedShelf
from tests.processes import unused_port
from tests.soak import share_of
from tests.waiting import SECONDS, wait_until_ready

COMMAND = [sys.executable, "-m", "gutenberg_explorer"]
_MOUNT = 'mount -t tmpfs -o size="$0" tmpfs "$1" && shift && exec "$@"'


def _may_mount() -> bool:
    unshare = shutil.which("unshare")
    if sys.platform != "linux" or unshare is None:
        return False
    tried = subprocess.run([unshare, "-rm", "true"], capture_output=True, check=False)
    return tried.returncode == 0


MAY_MOUNT = _may_mount()
FULL = "No space left on device" if MAY_MOUNT else "File too large"


def _on_small_disk(folder: Path, kib: int, *command: str) -> list[str]:
    """Return a command for which the disk of a folder has so many KiB.

    Where nothing can be mounted no file of it may be larger than that.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not MAY_MOUNT:
        return ["sh", "-c", 'ulimit -f "$0"; exec "$@"', str(2 * kib), *command]
    return ["unshare", "-rm", "sh", "-c", _MOUNT, f"{kib}k", str(folder), *command]


def _run(command: list[str], environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def _assert_one_line(done: "subprocess.CompletedProcess[str]", folder: Path) -> None:
    assert done.returncode == 1, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"Error: {folder}")
    assert FULL in line


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Books whose index has about two megabytes."""
    folder = tmp_path_factory.mktemp("shelf")
    for number in range(4):
        words = (f"word{place * number % 997} of the white whale.\n\n" for place in range(6_000))
        (folder / f"{number}.txt").write_text("".join(words))
    return folder


@pytest.fixture(scope="module")
def whole(books: Path, tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many KiB an index of them has at most while it is built, about."""
    data = tmp_path_factory.mktemp("whole")
    done = _run([*COMMAND, "index", "build"], _environment(data, books))
    assert done.returncode == 0
    return sum(file.stat().st_size for file in data.rglob("*")) // 1024


def _environment(data: Path, shelf: Path) -> dict[str, str]:
    return {
        "GUTENBERG_EXPLORER_DATA_DIR": str(data),
        "GUTENBERG_EXPLORER_SHELF": f"directory:{shelf}",
    }


@pytest.mark.soak
@pytest.mark.parametrize("step", range(max(6, share_of(120))))
def test_a_build_that_a_disk_has_no_room_for_is_one_line(
    step: int, books: Path, whole: int, tmp_path: Path
) -> None:
    """Wherever it becomes full: in texts, in arrays, in tantivy's threads, in the manifest."""
    steps = max(6, share_of(120))
    kib = 8 + (whole - 16) * step // steps
    disk = tmp_path / "disk"
    command = _on_small_disk(disk, kib, *COMMAND, "index", "build")
    _assert_one_line(_run(command, _environment(disk / "data", books)), disk / "data")


@pytest.mark.skipif(not MAY_MOUNT, reason="there is no small disk")
@pytest.mark.parametrize("change", ["add", "update", "remove"])
def test_a_change_that_a_disk_has_no_room_for_costs_nothing(
    change: str, books: Path, indexed_small_books: IndexedShelf, tmp_path: Path
) -> None:
    disk, shelf, before = tmp_path / "disk", tmp_path / "shelf", tmp_path / "before"
    shutil.copytree(indexed_small_books.shelf, shelf)
    shutil.copytree(indexed_small_books.data_dir, before / "data")
    environment = _environment(before / "data", shelf)
    assert _run([*COMMAND, "index", "build"], environment).returncode == 0
    arguments = {"add": [f"directory:{books}"], "remove": ["whale"], "update": []}[change]
    if change == "update":
        for book in books.iterdir():
            shutil.copy(book, shelf)
    script = (
        'cp -r "$0"/. "$1"; cat /dev/zero > "$1/filler" 2>&-; shift; "$@"; code=$?; '
        f"{COMMAND[0]} -m {COMMAND[2]} corpus list | cut -f 1 | sort | tr '\\n' ' '; "
        f"ls {disk}/data/index | grep -c unfinished; exit $code"
    )
    changing = ["sh", "-c", script, str(before), str(disk), *COMMAND, "corpus", change, *arguments]
    done = _run(_on_small_disk(disk, 1_000, *changing), _environment(disk / "data", shelf))
    _assert_one_line(done, disk / "data")
    assert done.stdout.split() == ["garden", "storm", "whale", "0"]


@contextmanager
def _serving(
    command: list[str], environment: dict[str, str], url: str, folder: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    """Serve for the length of a `with` block, then end it; `folder` gets `output` and `errors`."""
    with (folder / "output").open("wb") as output, (folder / "errors").open("wb") as errors:
        process = subprocess.Popen(
            command, env=os.environ | environment, stdout=output, stderr=errors
        )
        try:
            wait_until_ready(url, process)
            yield process
            process.send_signal(signal.SIGTERM)
            assert process.wait(SECONDS) == 0
        finally:
            process.kill()
            process.wait()


def test_a_server_searches_on_when_its_disk_is_full(
    indexed_small_books: IndexedShelf, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    environment = _environment(disk / "data", indexed_small_books.shelf)
    port = unused_port()
    url = f"http://127.0.0.1:{port}"
    serve = [*COMMAND, "serve", "--port", str(port)]
    copy = 'mkdir "$1" && cp -r "$0"/. "$1" && shift && exec "$@"'
    copied = ["sh", "-c", copy, str(indexed_small_books.data_dir), f"{disk}/data", *serve]
    with _serving(_on_small_disk(disk, 300, *copied), environment, url, tmp_path):
        for number in range(100):
            with urllib.request.urlopen(f"{url}/search?q=love+{number}") as answer:
                assert json.load(answer)["total_results"] == 2
        with urllib.request.urlopen(f"{url}/api/traces?service=search-backend") as answer:
            assert json.load(answer)["data"]
    assert (tmp_path / "errors").read_text() == ""
    lines = [json.loads(line) for line in (tmp_path / "output").read_text().splitlines()]
    said = [line["message"] for line in lines if line["severity"] != "INFO"]
    store = f"the trace store {disk}/data/traces.sqlite3: {FULL}" if MAY_MOUNT else "traces.sqlite3"
    assert 1 <= len([message for message in said if store in message]) <= 2
    assert not any("exception.type" in line for line in lines)


def test_lost_log_lines_are_told_of_once(indexed_small_books: IndexedShelf, tmp_path: Path) -> None:
    environment = indexed_small_books.environment(tmp_path / "data")
    port = unused_port()
    url = f"http://127.0.0.1:{port}"
    serve = [*COMMAND, "serve", "--port", str(port)]
    full = ["sh", "-c", 'exec "$@" > /dev/full', "sh", *serve]
    with _serving(full, environment, url, tmp_path):
        for _ in range(20):
            with urllib.request.urlopen(f"{url}/search?q=love") as answer:
                assert answer.status == 200
    errors = (tmp_path / "errors").read_text()
    assert errors.splitlines()[0] == "Log lines are lost: No space left on device."
    assert len(errors.splitlines()) <= 2
    assert "Traceback" not in errors
