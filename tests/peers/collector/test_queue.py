"""What waits is not lost when the Collector is killed, nor when the backend is."""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.judge import judge
from benchmarks.load import Load
from benchmarks.recorder import Recorder
from benchmarks.server import Server, environment, serving
from tests.libraries import IndexedShelf
from tests.peers.collector.running import Collector
from tests.waiting import wait_until

pytestmark = pytest.mark.peers

SEARCHES = 200


@pytest.fixture
def far_end(tmp_path: Path) -> Iterator[Recorder]:
    """An OTLP endpoint that is not yet there."""
    folder = tmp_path / "far-end"
    folder.mkdir()
    recorder = Recorder(folder)
    yield recorder
    recorder.kill()


def _queueing(folder: Path, far_end: Recorder) -> Collector:
    """Return the gateway with OTLP in the place of Datadog, through the same queue on disk."""
    exporter = {
        "endpoint": far_end.url,
        "sending_queue": {"storage": "file_storage"},
        "retry_on_failure": {"initial_interval": "200ms", "max_interval": "500ms"},
    }
    change: dict[str, object] = {
        "exporters": {"otlp_http/test": exporter},
        "service": {"pipelines": {"traces/kept": {"exporters": ["otlp_http/test"]}}},
    }
    folder.mkdir()
    environ = {"KEEP_PERCENT": "100", "DECISION_WAIT": "1s"}
    return Collector(folder, "gateway.yaml", change=change, **environ)


@contextmanager
def _searched(
    books: IndexedShelf, folder: Path, collector: Collector
) -> Iterator[tuple[Load, Server]]:
    env = environment(
        books.copy_to(folder / "data"),
        GUTENBERG_EXPLORER_SHELF=books.spec,
        OTEL_EXPORTER_OTLP_ENDPOINT=collector.url,
        OTEL_BSP_SCHEDULE_DELAY="200",
        OTEL_METRICS_EXPORTER="none",
        OTEL_LOGS_EXPORTER="none",
    )
    with serving(env) as server:
        load = Load(server.port, SEARCHES)
        load.start()
        yield load, server


def test_what_waits_survives_the_end_of_all(
    indexed_small_books: IndexedShelf, tmp_path: Path, far_end: Recorder
) -> None:
    collector = _queueing(tmp_path / "collector", far_end)
    collector.start()
    try:
        with _searched(indexed_small_books, tmp_path, collector) as (load, server):
            searches = load.join()
            wait_until(lambda: "Exporting failed. Will retry" in collector.log)
            # So that all is decided on and batched, each within a second, and in the queue on disk.
            time.sleep(5)
            server.process.kill()
        collector.stop(signal.SIGKILL)
        far_end.start()
        collector.start()
        expected = {search.trace_id for search in searches}
        wait_until(lambda: expected <= set(_spans(far_end)))
    finally:
        collector.stop()
    verdict = judge(searches, far_end.received())
    assert (verdict.answered, verdict.complete) == (SEARCHES, SEARCHES), verdict
    assert verdict.duplicates == 0


def _spans(far_end: Recorder) -> Counter[bytes]:
    return Counter(span.trace_id for each in far_end.received() for span in each.spans())
