"""The served app as a process: with OpenTelemetry's own instrumentation, and as several workers."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from gutenberg_explorer.telemetry.export import destinations
from tests.libraries import IndexedShelf
from tests.processes import interruptible
from tests.telemetry.otlp_endpoint import Receiver, otlp_endpoint
from tests.waiting import SECONDS, wait_until, wait_until_ready

SERVE = [sys.executable, "-m", "gutenberg_explorer", "serve", "--port"]
UVICORN = [sys.executable, "-m", "uvicorn", "--factory", "gutenberg_explorer.api:create_app"]
AUTO = str(Path(sys.executable).with_name("opentelemetry-instrument"))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with otlp_endpoint() as opened:
        yield opened


@pytest.fixture
def environment(
    indexed_small_books: IndexedShelf, tmp_path: Path, receiver: Receiver
) -> dict[str, str]:
    exporting = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url,
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_LOGS_EXPORTER": "none",
    }
    return os.environ | indexed_small_books.environment(tmp_path / "data") | exporting


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _serving(
    command: list[str], port: int, environment: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    with interruptible():
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_until_ready(f"http://127.0.0.1:{port}", process)
        yield process
    finally:
        process.terminate()
        process.wait(SECONDS)


def _get(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=SECONDS) as answer:
        return bytes(answer.read())


def _instances(receiver: Receiver, name: str) -> dict[str, int]:
    """Return how many spans of a name each instance has sent."""
    found: dict[str, int] = {}
    for group in receiver.resource_spans:
        (instance,) = [
            a.value.string_value
            for a in group.resource.attributes
            if a.key == "service.instance.id"
        ]
        spans = [s for scope in group.scope_spans for s in scope.spans if s.name == name]
        if spans:
            found[instance] = found.get(instance, 0) + len(spans)
    return found


def _assert_whole(receiver: Receiver, searches: int) -> None:
    """Assert that there are so many searches' traces, each complete and sent once."""
    ids = [(s.trace_id, s.span_id) for s in receiver.spans]
    assert len(set(ids)) == len(ids)
    by_id = dict(zip(ids, receiver.spans, strict=True))
    servers = [s for s in receiver.spans if s.kind == Span.SPAN_KIND_SERVER]
    assert [s.name for s in servers] == ["GET /search"] * searches
    for span in receiver.spans:
        if span.parent_span_id:
            assert (span.trace_id, span.parent_span_id) in by_id
    for name in ("search_api", "perform_search", "tfidf_search", "process_results"):
        assert sum(s.name == name for s in receiver.spans) == searches


def test_under_automatic_instrumentation_a_request_is_one_server_span(
    receiver: Receiver, environment: dict[str, str], free_port: int
) -> None:
    with _serving([AUTO, *SERVE, str(free_port)], free_port, environment):
        for _ in range(3):
            _get(free_port, "/search?q=whale")
    _assert_whole(receiver, 3)
    assert receiver.services == {"search-backend"}


def test_workers_are_instances_and_lose_no_span(
    receiver: Receiver, environment: dict[str, str], free_port: int, tmp_path: Path
) -> None:
    command = [*SERVE, str(free_port), "--workers", "2"]
    environment["OTEL_BSP_SCHEDULE_DELAY"] = "100"
    # Nothing is indexed, so that who builds the index can be told from who serves it.
    environment["GUTENBERG_EXPLORER_DATA_DIR"] = str(tmp_path / "unindexed")
    with _serving(command, free_port, environment), ThreadPoolExecutor(8) as callers:
        # One is ready; the other has to be, too.
        wait_until(lambda: len(_instances(receiver, "app_startup")) == 3)
        searches = 0

        def search_until_both_have_answered() -> bool:
            nonlocal searches
            # New connections, so that both processes get some.
            searches += len([*callers.map(lambda _: _get(free_port, "/search?q=whale"), range(50))])
            return searches >= 200 and len(_instances(receiver, "GET /search")) == 2

        wait_until(search_until_both_have_answered)
    _assert_whole(receiver, searches)
    by_worker = _instances(receiver, "GET /search")
    assert len(by_worker) == 2
    assert not by_worker.keys() & _instances(receiver, "tfidf_vectorization").keys()


@pytest.mark.peers
def test_workers_that_take_long_to_start_are_waited_for(
    environment: dict[str, str], free_port: int, tmp_path: Path
) -> None:
    slow = "import sys, time\nif 'spawn_main' in str(sys.orig_argv): time.sleep(8)\n"
    (tmp_path / "sitecustomize.py").write_text(slow)
    environment["PYTHONPATH"] = str(tmp_path)
    with _serving([*SERVE, str(free_port), "--workers", "2"], free_port, environment):
        assert b'"total_results":1' in _get(free_port, "/search?q=whale")


def test_each_worker_has_a_page_for_prometheus(environment: dict[str, str], free_port: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        first = int(probe.getsockname()[1])
    environment["GUTENBERG_EXPLORER_METRICS_ADDRESS"] = str(first)
    found: dict[str, int] = {}
    with _serving([*SERVE, str(free_port), "--workers", "2"], free_port, environment):

        def both_are_found() -> bool:
            for port in range(first, first + 8):
                with contextlib.suppress(OSError):
                    page = _get(port, "/metrics").decode()
                    if "index_books 3.0" in page:  # the worker is ready
                        found[re.findall(r'service_instance_id="([^"]+)"', page)[0]] = port
            return len(found) == 2

        wait_until(both_are_found)
    assert first in found.values()


@pytest.mark.peers
def test_a_worker_that_is_replaced_loses_no_span(
    receiver: Receiver, environment: dict[str, str], free_port: int
) -> None:
    command = [*SERVE, str(free_port), "--workers", "2", "--max-requests", "20"]
    answered = 0
    with _serving(command, free_port, environment | {"OTEL_BSP_SCHEDULE_DELAY": "100"}):

        def search_until_one_is_replaced() -> bool:
            nonlocal answered
            with contextlib.suppress(OSError):  # both may be being replaced just now
                for _ in range(10):
                    _get(free_port, "/search?q=whale")
                    answered += 1
            # The first process, the two workers, and one in the place of another.
            return len(_instances(receiver, "open_index")) >= 4

        wait_until(search_until_one_is_replaced)
    found = sum(_instances(receiver, "GET /search").values())
    assert found >= answered > 20
    _assert_whole(receiver, found)
    assert len(_instances(receiver, "GET /search")) > 2


@pytest.mark.parametrize(
    ("command", "ending"),
    [
        (SERVE, signal.SIGTERM),
        (SERVE, signal.SIGINT),
        ([*UVICORN, "--port"], signal.SIGINT),
        ([*UVICORN, "--reload", "--port"], signal.SIGINT),
    ],
)
def test_what_was_answered_before_the_end_is_sent(
    receiver: Receiver,
    environment: dict[str, str],
    free_port: int,
    command: list[str],
    ending: signal.Signals,
) -> None:
    with _serving([*command, str(free_port)], free_port, environment) as process:
        for _ in range(20):
            _get(free_port, "/search?q=whale")
        process.send_signal(ending)
        assert process.wait(SECONDS) in ({0} if command is SERVE else {0, 130, -ending})
    _assert_whole(receiver, 20)


def test_an_end_with_the_endpoint_gone_is_bounded(
    environment: dict[str, str], free_port: int
) -> None:
    gone = environment | {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}
    with _serving([*SERVE, str(free_port)], free_port, gone) as process:
        _get(free_port, "/search?q=whale")
        process.terminate()
        # It would be tried for longer than this is waited for.
        assert destinations._KEEP_TRYING > SECONDS
        assert process.wait(SECONDS) == 0
