"""The metrics that a running backend emits are those of the contract, all of them and no others."""

from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric

from gutenberg_explorer.api.search_queue import SearchQueue
from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.search.local import bm25
from gutenberg_explorer.settings import Settings
from tests.api.part_of_backend import running_of
from tests.api.test_export import _page_spans
from tests.conftest import client_of
from tests.contract import judge_metrics, points
from tests.telemetry.otlp_endpoint import Receiver, otlp_endpoint, resource_of

TRACE_ID, SPAN_ID = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with otlp_endpoint() as opened:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", opened.url)
        yield opened


def _told(metric: Metric, *names: str) -> dict[tuple[str, ...], Any]:
    """Return each point of a metric by the values of some of its attributes, "" for none."""

    def key(point: Any) -> tuple[str, ...]:
        found = {pair.key: pair.value.string_value for pair in point.attributes}
        return tuple(found.get(name, "") for name in names)

    return {key(point): point for point in points(metric)}


def _broken(*_: Any, **__: Any) -> Any:
    raise OSError("broken")


def test_the_backend_measures_what_the_contract_lists(
    receiver: Receiver, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = settings.model_copy(update={"trace_store": "on"})
    backend = Backend.open(both)
    with client_of(backend) as client:
        traced = {"traceparent": f"00-{TRACE_ID}-{SPAN_ID}-01"}
        client.get("/search?q=love&method=bm25", headers=traced).raise_for_status()
        for query in ("q=love", "q=nowhere&method=bm25", "q=", "q=love&method=magic"):
            client.get(f"/search?{query}")
        client.get("/books/none")
        with monkeypatch.context() as patched:
            patched.setattr(backend, "settings", both.model_copy(update={"search_deadline": 1e-9}))
            assert client.get("/search?q=love&method=bm25").json()["partial"]
        running = running_of(client.app)
        with monkeypatch.context() as patched:
            patched.setattr(running, "searches", SearchQueue(max_waiting=0))
            assert client.get("/search?q=love").status_code == 503
        with monkeypatch.context() as patched:
            patched.setattr(bm25, "cut", _broken)
            assert client.get("/search?q=love&method=bm25").status_code == 500
        spans: Any = _page_spans("search-frontend")
        sent = spans["resourceSpans"][0]["scopeSpans"][0]["spans"]
        sent.append({**sent[0], "startTimeUnixNano": "1"})
        client.post("/v1/traces", json=spans).raise_for_status()
        with monkeypatch.context() as patched:
            patched.setattr("gutenberg_explorer.index.update.compact", _broken)
            with pytest.raises(OSError, match="broken"):
                backend.library.build()

    metrics = receiver.metrics
    judge_metrics(metrics.values())
    with pytest.raises(AssertionError, match="nothing emits"):
        judge_metrics([])
    searches = _told(metrics["search.duration"], "search.method", "search.outcome")
    assert {key: point.count for key, point in searches.items()} == {
        ("bm25", "ok"): 1,
        ("tfidf", "ok"): 1,
        ("bm25", "no_results"): 1,
        ("tfidf", "invalid"): 1,
        ("", "invalid"): 1,
        ("bm25", "partial"): 1,
        ("bm25", "error"): 1,
    }
    dropped = _told(metrics["search.dropped"], "search.drop.reason")
    assert {key: point.as_int for key, point in dropped.items()} == {("queue_full",): 1}
    results = _told(metrics["search.results"], "search.method")
    assert {key: (point.count, point.sum) for key, point in results.items()} == {
        ("bm25",): (3, 2),
        ("tfidf",): (1, 2),
    }
    requests = _told(metrics["http.server.request.duration"], "http.route", "error.type")
    assert {key: point.count for key, point in requests.items() if key[1]} == {
        ("/search", "503"): 1,
        ("/search", "OSError"): 1,
    }
    (exemplar,) = searches["bm25", "ok"].exemplars
    assert exemplar.trace_id.hex() == TRACE_ID
    servers = {(s.trace_id, s.span_id) for s in receiver.spans if s.kind == s.SPAN_KIND_SERVER}
    exemplars = {(e.trace_id, e.span_id) for p in requests.values() for e in p.exemplars}
    assert exemplars
    assert exemplars <= servers
    received = _told(metrics["telemetry.spans.received"], "telemetry.outcome")
    assert {key: point.as_int for key, point in received.items()} == {
        ("admitted",): 1,
        ("refused",): 1,
    }
    (books,) = points(metrics["index.books"])
    (size,) = points(metrics["index.size"])
    assert (books.as_int, size.as_int) == (3, backend.index.size)
    exported = _told(metrics["telemetry.spans.exported"], "telemetry.destination")
    assert exported["store",].as_int == backend.tracing.stats["store"].exported
    assert exported["otlp",].as_int == len(receiver.spans)


def test_all_signals_come_from_one_instance(receiver: Receiver, settings: Settings) -> None:
    with client_of(Backend.open(settings)) as client:
        client.get("/search?q=love").raise_for_status()
    sent = receiver.resource_spans, receiver.resource_metrics, receiver.resource_logs
    assert all(sent)
    resources = [resource_of(group.resource) for signal in sent for group in signal]
    assert len({resource["service.instance.id"] for resource in resources}) == 1
    assert len({resource["service.version"] for resource in resources}) == 1
    (server,) = [span for span in receiver.spans if span.name == "GET /search"]
    (access,) = [r for r in receiver.log_records if "/search" in r.body.string_value]
    assert (access.trace_id, access.span_id) == (server.trace_id, server.span_id)


def test_a_newer_index_is_measured_anew(receiver: Receiver, settings: Settings) -> None:
    backend = Backend.open(settings)
    watcher = backend.watcher()
    backend.library.remove(["storm"])
    watcher.check()
    backend.close()
    (books,) = points(receiver.metrics["index.books"])
    assert books.as_int == 2
