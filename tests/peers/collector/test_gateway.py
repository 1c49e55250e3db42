"""What the Collector of production keeps, leaves out, and says of queries."""

import os
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from gutenberg_explorer.telemetry.query_text import hash_of
from tests.peers.collector.running import Collector, collector
from tests.peers.collector.senders import by_http_protobuf
from tests.signals.spans import request, span, text
from tests.telemetry.otlp_endpoint import Receiver, otlp_endpoint
from tests.waiting import wait_until

pytestmark = pytest.mark.peers

ERROR: Final = Status(code=Status.STATUS_CODE_ERROR)
KEEP_PERCENT, SLOW_MS = 25, 300


@contextmanager
def gateway(folder: Path, **environ: str) -> Iterator[tuple[Collector, Receiver]]:
    """Run the gateway with a receiver of OTLP in the place of Datadog."""
    with otlp_endpoint() as receiver:
        change: dict[str, object] = {
            "exporters": {"otlp_http/test": {"endpoint": receiver.url}},
            "service": {
                "pipelines": {
                    "traces/kept": {"exporters": ["otlp_http/test"]},
                    "metrics": {"exporters": ["otlp_http/test"]},
                    "logs": {"exporters": ["otlp_http/test"]},
                }
            },
        }
        environ.setdefault("DECISION_WAIT", "1s")
        with collector(folder, "gateway.yaml", change=change, **environ) as running:
            yield running, receiver


def _trace(trace_id: bytes, *, status: Status | None = None, ms: int = 20) -> list[list[Span]]:
    """Return the spans of a search: those of the page, and those of the backend."""
    start = time.time_ns()
    root = span("frontend_search", trace_id=trace_id, start_ns=start, duration_ns=ms * 10**6)
    http = span("http_request", trace_id=trace_id, parent=root.span_id, kind=3, start_ns=start)
    served = span(
        "GET /search", trace_id=trace_id, parent=http.span_id, kind=2, start_ns=start, status=status
    )
    inner = span("search_api", trace_id=trace_id, parent=served.span_id, start_ns=start)
    return [[root, http], [served, inner]]


def _send(running: Collector, traces: list[list[list[Span]]]) -> None:
    """Send the backend's spans, and after them the page's."""
    for half, service in ((1, "search-backend"), (0, "search-frontend")):
        spans = [each for trace in traces for each in trace[half]]
        by_http_protobuf(running, request(spans, service))


def test_errors_slow_searches_and_a_share_are_kept(tmp_path: Path) -> None:
    chance = random.Random(7)
    ids = [chance.randbytes(16) for _ in range(480)]
    failed, slow, usual = set(ids[:40]), set(ids[40:80]), set(ids[80:])
    environ = {"KEEP_PERCENT": str(KEEP_PERCENT), "SLOW_MS": str(SLOW_MS)}
    with gateway(tmp_path, **environ) as (running, receiver):
        traces = [
            _trace(
                trace_id,
                status=ERROR if trace_id in failed else None,
                ms=SLOW_MS + 100 if trace_id in slow else 20,
            )
            for trace_id in ids
        ]
        _send(running, traces)
        wait_until(lambda: len({one.trace_id for one in receiver.spans}) >= len(failed | slow))
        running.stop()  # which decides on what still waits
    spans: dict[bytes, set[bytes]] = defaultdict(set)
    for one in receiver.spans:
        spans[one.trace_id].add(one.span_id)
    assert len(receiver.spans) == sum(map(len, spans.values())), "a span came twice"
    assert failed | slow <= set(spans)
    assert {len(kept) for kept in spans.values()} == {4}, "a trace was torn"
    # Five standard deviations of a binomial distribution.
    kept = len(usual & set(spans))
    expected = len(usual) * KEEP_PERCENT / 100
    assert abs(kept - expected) < 5 * (expected * (1 - KEEP_PERCENT / 100)) ** 0.5


def test_what_comes_after_the_decision_follows_it(tmp_path: Path) -> None:
    with gateway(tmp_path, KEEP_PERCENT="0") as (running, receiver):
        failed, usual = os.urandom(16), os.urandom(16)
        _send(running, [_trace(failed, status=ERROR), _trace(usual)])
        wait_until(lambda: len(receiver.spans) == 4)
        late = [span("update_ui_final", trace_id=trace_id) for trace_id in (failed, usual)]
        by_http_protobuf(running, request(late, "search-frontend"))
        wait_until(lambda: len(receiver.spans) == 5)
        running.stop()
    assert {one.trace_id for one in receiver.spans} == {failed}


SECRET = "Zyzzyva  Wars"


@pytest.mark.parametrize(
    ("kept", "query", "address"),
    [
        ("plain", SECRET, "http://x/search?q=Zyzzyva+wars&method=bm25"),
        ("hashed", hash_of(SECRET), "http://x/search?q=REDACTED&method=bm25"),
        ("omitted", None, "http://x/search?q=REDACTED&method=bm25"),
    ],
)
def test_the_text_of_queries(kept: str, query: str | None, address: str, tmp_path: Path) -> None:
    attributes = [
        text("search.query", SECRET),
        text("search.method", "bm25"),
        text("url.full", "http://x/search?q=Zyzzyva+wars&method=bm25"),
        text("url.query", "q=Zyzzyva+wars&author=Zyzzyva&title=Zyzzyva&limit=20"),
    ]
    with gateway(tmp_path, KEEP_PERCENT="100", QUERY_TEXT=kept) as (running, receiver):
        by_http_protobuf(running, request([span(attributes=attributes)]))
        wait_until(lambda: receiver.spans)
        running.stop()
    (found,) = receiver.spans
    values = {pair.key: pair.value.string_value for pair in found.attributes}
    assert values.get("search.query") == query
    assert values["search.method"] == "bm25"
    assert values["url.full"] == address
    assert ("yzzyva" in str(found)) is (kept == "plain")


def test_who_a_service_says_it_is_stays(tmp_path: Path) -> None:
    own = text("deployment.environment.name", "staging")
    with gateway(tmp_path, KEEP_PERCENT="100") as (running, receiver):
        for service in ("search-backend", "search-frontend"):
            sent: ExportTraceServiceRequest = request([span()], service, own)
            by_http_protobuf(running, sent)
        wait_until(lambda: len(receiver.spans) == 2)
    resources = [
        {pair.key: pair.value.string_value for pair in group.resource.attributes}
        for group in receiver.resource_spans
    ]
    assert {names["service.name"] for names in resources} == {"search-backend", "search-frontend"}
    assert {names["deployment.environment.name"] for names in resources} == {"staging"}
