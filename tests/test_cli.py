"""The command, run as a person runs it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from gutenberg_explorer import __version__
from gutenberg_explorer.cli import main
from tests.libraries import IndexedShelf
from tests.processes import interruptible, unused_port
from tests.waiting import SECONDS, wait_until, wait_until_ready

COMMAND = [sys.executable, "-m", "gutenberg_explorer"]


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def _run_here(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in this process: one that ends before it starts threads or processes.

    A process of its own takes half a second of CPU, and nearly all of it to start.
    """
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    result = CliRunner().invoke(main, arguments, env=environment)
    for number, handler in handlers.items():
        signal.signal(number, handler)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return subprocess.CompletedProcess(arguments, result.exit_code, result.stdout, result.stderr)


@pytest.fixture
def environment(indexed_small_books: IndexedShelf, tmp_path: Path) -> dict[str, str]:
    return indexed_small_books.environment(tmp_path / "data")


@pytest.fixture
def unindexed(tmp_path: Path, shelf_dir: Path) -> dict[str, str]:
    return {
        "GUTENBERG_EXPLORER_DATA_DIR": str(tmp_path / "data"),
        "GUTENBERG_EXPLORER_SHELF": f"directory:{shelf_dir}",
    }


def _get(url: str, headers: dict[str, str] | None = None) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {})) as response:
        return bytes(response.read())


@contextmanager
def serving(
    environment: dict[str, str], *arguments: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Serve for the length of a `with` block; yield the process and its address."""
    port = unused_port()
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port), *arguments],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(url, process)
        yield process, url
    finally:
        process.kill()
        process.communicate()


def test_the_version_is_told() -> None:
    assert __version__ in _run_here("--version").stdout


def test_a_search_from_the_shell(unindexed: dict[str, str]) -> None:
    assert _run("index", "build", **unindexed).returncode == 0
    done = _run("search", "white whale", **unindexed)
    assert done.returncode == 0
    assert "The Whale (whale)" in done.stdout.splitlines()[0]
    listed = _run_here("corpus", "list", **unindexed)
    assert [line.split("\t")[0] for line in listed.stdout.splitlines()] == [
        "garden",
        "storm",
        "whale",
    ]
    assert "all checksums match" in _run_here("corpus", "verify", **unindexed).stdout


def test_a_served_search_is_a_trace_and_survives_sigterm(environment: dict[str, str]) -> None:
    with serving(environment) as (process, url):
        answer = json.loads(_get(f"{url}/search?q=love"))
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 0
    lines = [json.loads(line) for line in output.splitlines()]
    access = [line for line in lines if line["logger"] == "gutenberg_explorer.access"]
    assert [line["trace_id"] for line in access] == [answer["trace_id"]]
    listed = _run_here("traces", "list", **environment).stdout
    assert f"{answer['trace_id']}  GET /search  10 spans" in listed
    shown = json.loads(_run_here("traces", "show", answer["trace_id"], **environment).stdout)
    assert len(shown["spans"]) == 10
    assert re.fullmatch(r"\d traces deleted\n", _run_here("traces", "clear", **environment).stdout)
    assert _run_here("traces", "list", **environment).stdout == ""


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_to_be_told_to_end_before_the_start_is_over_is_no_failure(
    unindexed: dict[str, str], tmp_path: Path, ending: signal.Signals
) -> None:
    for number in range(60):
        (tmp_path / "shelf" / f"{number}.txt").write_text("Love and whales.\n\n" * 20_000)
    with interruptible():
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0"],
            env=os.environ | unindexed,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    wait_until(lambda: [*(tmp_path / "data").glob("index/unfinished-*")], process=process)
    process.send_signal(ending)
    output, errors = process.communicate(timeout=SECONDS)
    assert (process.returncode, output, errors) == (0, "", "")
    assert not list((tmp_path / "data").glob("index/CURRENT"))


def _books(url: str) -> list[str]:
    return sorted(book["id"] for book in json.loads(_get(f"{url}/books"))["books"])


def test_a_server_keeps_its_library_whatever_other_shells_do(
    environment: dict[str, str], tmp_path: Path
) -> None:
    other, more = tmp_path / "other", tmp_path / "more"
    for folder in (other, more):
        folder.mkdir()
        (folder / f"{folder.name}.txt").write_text("A book of love.")
    data_dir = {"GUTENBERG_EXPLORER_DATA_DIR": environment["GUTENBERG_EXPLORER_DATA_DIR"]}
    elsewhere = data_dir | {"GUTENBERG_EXPLORER_SHELF": f"directory:{other}"}
    with serving(environment) as (process, url):
        served = _books(url)
        assert "The Whale (whale)" in _run_here("search", "white whale", **data_dir).stdout
        assert _run("index", "build", **elsewhere).returncode == 0
        assert _run("corpus", "remove", "storm", **elsewhere).returncode == 1
        assert "in a server" in _run_here("index", "list", **elsewhere).stdout
        assert "other" in _run_here("index", "prune", **data_dir).stdout
        assert _run("corpus", "add", f"directory:{more}", **data_dir).returncode == 0
        wait_until(lambda: _books(url) == sorted([*served, "more"]), process=process)
        assert _run("corpus", "remove", "storm", **data_dir).returncode == 0
        served.remove("storm")
        wait_until(lambda: _books(url) == sorted([*served, "more"]), process=process)
    listed = _run_here("corpus", "list", **environment).stdout
    assert [line.split("\t")[0] for line in listed.splitlines()] == sorted([*served, "more"])
    assert _run("corpus", "list", **elsewhere).stdout == listed  # it was removed


def test_a_kill_loses_no_trace_that_was_kept(environment: dict[str, str]) -> None:
    with serving(environment) as (process, url):
        answer = json.loads(_get(f"{url}/search?q=love"))
        _get(f"{url}/api/traces/{answer['trace_id']}")
        process.kill()
        process.wait()
    assert answer["trace_id"] in _run_here("traces", "list", **environment).stdout


def _one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert "Traceback" not in done.stderr + done.stdout
    assert lines[-1].startswith("Error: ")
    return lines[-1]


def test_a_port_in_use_is_one_line(environment: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        message = _one_line(_run_here("serve", "--port", str(port), **environment))
    assert f"127.0.0.1:{port}" in message
    assert "--port" in message


def test_a_port_in_use_for_prometheus_is_one_line(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        environment["GUTENBERG_EXPLORER_METRICS_ADDRESS"] = address
        message = _one_line(_run("serve", "--port", "0", **environment))
    assert f"Can't listen on {address} for Prometheus" in message
    assert "GUTENBERG_EXPLORER_METRICS_ADDRESS" in message


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"GUTENBERG_EXPLORER_SHELF": "directory:/nowhere"}, "/nowhere does not exist"),
        ({"GUTENBERG_EXPLORER_SHELF": "magic"}, "GUTENBERG_EXPLORER_SHELF=magic"),
        ({"GUTENBERG_EXPLORER_SHELF": "gutenberg:austen"}, "can't use 'austen'"),
        ({"GUTENBERG_EXPLORER_DATA_DIR": "/proc/nowhere"}, "/proc/nowhere"),
        (
            {
                "GUTENBERG_EXPLORER_SHELF": "nltk",
                "GUTENBERG_EXPLORER_NLTK_URL": "http://127.0.0.1:9/gutenberg.zip",
            },
            "can't be reached: check the network",
        ),
    ],
)
def test_what_can_not_be_is_one_line(
    unindexed: dict[str, str], changes: dict[str, str], message: str
) -> None:
    assert message in _one_line(_run_here("serve", "--port", "0", **unindexed | changes))


def test_a_read_only_data_directory_is_one_line(unindexed: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "read-only"
    folder.mkdir(mode=0o555)
    if os.access(folder, os.W_OK):  # root: a file system that even root can't write to
        folder = Path("/sys/gutenberg-explorer")
    message = _one_line(
        _run_here("index", "build", **unindexed | {"GUTENBERG_EXPLORER_DATA_DIR": str(folder)})
    )
    assert str(folder) in message


def test_few_descriptors_at_first_are_made_more(unindexed: dict[str, str]) -> None:
    few = ["sh", "-c", 'ulimit -S -n 8; exec "$@"', "sh", *COMMAND, "index", "build"]
    done = subprocess.run(few, env=os.environ | unindexed, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_read_only_index_is_served_without_traces(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "data" / "traces.sqlite3").mkdir()
    for path in (tmp_path / "data" / "index").rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    with serving(environment) as (_, url):
        assert json.loads(_get(f"{url}/search?q=love"))["total_results"] == 2


@pytest.mark.parametrize("trace_id", ["zz", "0" * 32, "ab" * 40])
def test_an_unknown_trace_is_one_line(environment: dict[str, str], trace_id: str) -> None:
    assert "has no trace" in _one_line(_run_here("traces", "show", trace_id, **environment))


def test_no_index_is_one_line(unindexed: dict[str, str]) -> None:
    assert "contains no index" in _one_line(_run_here("corpus", "verify", **unindexed))


def _status(url: str, host: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers={"Host": host})) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_other_hosts_are_answered_where_others_may_come_in(environment: dict[str, str]) -> None:
    with serving(environment) as (_, url):
        assert _status(f"{url}/books", "books.example") == 421
        assert _status(f"{url}/healthz", "10.0.0.1") == 200
    with serving(environment, "--host", "0.0.0.0") as (process, url):
        assert _status(f"{url}/books", "books.example") == 200
        process.terminate()
        output, _ = process.communicate(timeout=SECONDS)
    assert "GUTENBERG_EXPLORER_ALLOWED_HOSTS" in output
    named = environment | {"GUTENBERG_EXPLORER_ALLOWED_HOSTS": "books.example"}
    with serving(named, "--host", "0.0.0.0") as (_, url):
        assert _status(f"{url}/books", "books.example") == 200
        assert _status(f"{url}/books", "127.0.0.1") == 421
