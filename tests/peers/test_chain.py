"""The whole chain: browser, nginx, backend, Collector, and Datadog's intake or an OTLP endpoint."""

import json
import logging
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from playwright.sync_api import Browser, expect

from benchmarks.judge import Verdict, count_of_spans, judge
from benchmarks.load import Load, Search
from benchmarks.recorder import Received, Recorder, recording
from benchmarks.server import environment, serving
from gutenberg_explorer import __version__
from tests.libraries import IndexedShelf
from tests.peers.collector.running import collector
from tests.peers.datadog.intake import DatadogSpan, Intake, datadog_intake
from tests.peers.datadog.mapping import SHARED
from tests.peers.nginx.running import nginx
from tests.peers.relay import Relay
from tests.signals.spans import request
from tests.waiting import wait_until

logger = logging.getLogger(__name__)
pytestmark = [pytest.mark.peers, pytest.mark.browser]

MAPPING = Path(__file__).resolve().parents[2] / "deploy/datadog/mapping.json"
SEARCHES, RATE = 10_000, 200.0
# How long the Collector is away (s). The backend's queue holds 65,536 spans: 16 s of searches.
AWAY = 8.0
# How long a Collector needs that nothing is sent to (s): to decide, to batch, and to write.
EMPTY = 10.0
# How long what waits may take after the last search (s).
ARRIVAL = 60.0
# How many requests the Collector sends at once, each of which a kill may catch before its answer.
AT_ONCE = 10
EVERYTHING = {"KEEP_PERCENT": "100", "DECISION_WAIT": "2s"}


@contextmanager
def _served(books: IndexedShelf, folder: Path, endpoint: str) -> Iterator[int]:
    """Run backend and nginx, which export to `endpoint`; yield nginx's port."""
    env = environment(
        books.copy_to(folder / "data"),
        GUTENBERG_EXPLORER_SHELF=books.spec,
        OTEL_EXPORTER_OTLP_ENDPOINT=endpoint,
        OTEL_METRICS_EXPORTER="none",
        OTEL_LOGS_EXPORTER="none",
        OTEL_RESOURCE_ATTRIBUTES="deployment.environment.name=production",
    )
    with serving(env) as server, nginx(folder, server.url) as front:
        port = urlsplit(front.address).port
        assert port
        yield port


def _to(intake: Intake) -> dict[str, object]:
    """Return the change to the gateway by which it sends to an intake of this machine."""
    there = {signal: {"endpoint": intake.url} for signal in ("traces", "metrics", "logs")}
    return {"exporters": {"datadog": there}}


def test_a_search_is_one_trace_of_two_services_at_datadog(
    browser: Browser, indexed_small_books: IndexedShelf, tmp_path: Path
) -> None:
    with (
        datadog_intake() as intake,
        collector(tmp_path, "gateway.yaml", change=_to(intake), **EVERYTHING) as gateway,
        _served(indexed_small_books, tmp_path, gateway.url) as port,
    ):
        context = browser.new_context(base_url=f"http://localhost:{port}", locale="en-US")
        page = context.new_page()
        page.goto("/?q=white+whale")
        expect(page.get_by_role("link", name="The Whale").first).to_be_visible()
        wait_until(lambda: any(span.resource == "frontend_search" for span in intake.spans))
        context.close()
        (trace_id,) = {s.trace_id for s in intake.spans if s.resource == "frontend_search"}
        wait_until(lambda: any(s.resource == "GET /search" for s in _trace(intake, trace_id)))
    trace = _trace(intake, trace_id)
    assert {span.service for span in trace} == {"search-frontend", "search-backend"}
    by_id = {span.span_id: span for span in trace}
    assert len(by_id) == len(trace)
    (root,) = [span for span in trace if span.parent_id == 0]
    assert root.resource == "frontend_search"
    assert all(span is root or span.parent_id in by_id for span in trace)
    (server,) = [span for span in trace if span.resource == "GET /search"]
    assert by_id[server.parent_id].meta["span.kind"] == "client"
    rows = {(row["service"], row["resource"], row["operation"]): row for row in _mapping()}
    for span in trace:
        row = rows[span.service, span.resource, span.name]
        assert (span.type, span.meta["span.kind"]) == (row["type"], row["kind"])
        assert (span.meta["env"], span.meta["version"]) == ("production", __version__)
        assert {name for name in span.meta if not name.startswith(SHARED)} <= set(row["tags"])


def _trace(intake: Intake, trace_id: int) -> list[DatadogSpan]:
    return [span for span in intake.spans if span.trace_id == trace_id]


def _mapping() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(MAPPING.read_text())["spans"]
    return rows


def _search_while_it_is_away(port: int, restart: Callable[[], None]) -> list[Search]:
    """Search 10,000 times through nginx; in the middle the Collector is restarted."""
    load = Load(port, SEARCHES, RATE)
    load.start()
    wait_until(lambda: len(load.done) >= SEARCHES // 3)
    restart()
    return load.join()


def _assert_whole(verdict: Verdict) -> None:
    logger.info("%s\n%s", verdict.HEADER, verdict.row())
    assert (verdict.asked, verdict.failed) == (SEARCHES, 0)
    assert verdict.complete == SEARCHES
    assert verdict.duplicates == 0


def test_no_trace_is_lost_when_the_collector_is_replaced(
    indexed_18_books: IndexedShelf, tmp_path: Path
) -> None:
    """As a load balancer does it: nothing more is sent to it, it empties itself, and is ended.

    Datadog's writer loses what it holds when it is ended, a hundred traces or two at this rate.
    """
    with (
        datadog_intake() as intake,
        collector(tmp_path, "gateway.yaml", change=_to(intake), **EVERYTHING) as gateway,
    ):
        host, service_port = gateway.address("http").split(":")
        service = Relay((host, int(service_port)))

        def replace() -> None:
            service.drain()
            time.sleep(EMPTY)
            gateway.stop()
            gateway.start()
            service.open()

        endpoint = f"http://127.0.0.1:{service.port}"
        with _served(indexed_18_books, tmp_path, endpoint) as port:
            searches = _search_while_it_is_away(port, replace)
        expected = sum(map(count_of_spans, searches))
        wait_until(lambda: len(intake.spans) >= expected, seconds=ARRIVAL)
    _assert_whole(judge(searches, [_received(intake)]))


def _received(intake: Intake) -> Received:
    """Return what Datadog got as OTLP, for the judge."""
    spans = [
        Span(
            trace_id=bytes.fromhex(span.meta["otel.trace_id"]),
            span_id=span.span_id.to_bytes(8, "big"),
            parent_span_id=span.parent_id.to_bytes(8, "big"),
            name=span.resource,
            start_time_unix_nano=span.start,
            end_time_unix_nano=span.start + span.duration,
        )
        for span in intake.spans
    ]
    sent: ExportTraceServiceRequest = request(spans)
    return Received(time.time_ns(), sent)


def test_no_trace_is_lost_when_a_collector_with_a_queue_is_killed(
    indexed_18_books: IndexedShelf, tmp_path: Path
) -> None:
    """What waits for a decision of sampling is in memory alone, so this one samples nothing."""
    (tmp_path / "far-end").mkdir()
    with recording(tmp_path / "far-end") as far_end:
        with (
            collector(tmp_path, "gateway.yaml", change=_queueing(far_end)) as gateway,
            _served(indexed_18_books, tmp_path, gateway.url) as port,
        ):
            arrived = 0

            def kill() -> None:
                nonlocal arrived
                gateway.stop(signal.SIGKILL)
                arrived = len([*far_end.received()])
                time.sleep(AWAY)
                gateway.start()

            searches = _search_while_it_is_away(port, kill)
        once, again = _told_apart(far_end.received())
    _assert_whole(judge(searches, once))
    # Sent again is only what the kill has caught between a request and its answer.
    assert all(arrived - AT_ONCE <= first <= arrived for first in again), (arrived, again)


def _told_apart(received: Iterable[Received]) -> tuple[list[Received], list[int]]:
    """Return what came for the first time, and with which request that did which came again."""
    came: dict[tuple[bytes, bytes], int] = {}
    once, again = [], []
    for number, each in enumerate(received):
        new = []
        for span in each.spans():
            first = came.setdefault((span.trace_id, span.span_id), number)
            if first == number:
                new.append(span)
            else:
                again.append(first)
        sent: ExportTraceServiceRequest = request(new)
        once.append(Received(each.at, sent))
    return once, again


def _queueing(far_end: Recorder) -> dict[str, object]:
    """Return the change to the gateway by which all goes through the queue on disk, as OTLP."""
    exporter = {"endpoint": far_end.url, "sending_queue": {"storage": "file_storage"}}
    return {
        "exporters": {"otlp_http/test": exporter},
        "service": {
            "pipelines": {"traces/kept": {"processors": [], "exporters": ["otlp_http/test"]}}
        },
    }
