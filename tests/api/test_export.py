"""With an OTLP endpoint set, the backend's spans and the page's go there as one trace."""

import time
import uuid
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from gutenberg_explorer.api import create_app
from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.settings import Settings
from tests.conftest import LOCAL
from tests.telemetry.otlp_endpoint import Receiver, otlp_endpoint

PAGE = {"origin": LOCAL}
TRACE_ID, SPAN_ID = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with otlp_endpoint() as opened:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", opened.url)
        yield opened


def _page_spans(service: str) -> dict[str, object]:
    now = time.time_ns()
    attribute = {"key": "service.name", "value": {"stringValue": service}}
    instance = {"key": "service.instance.id", "value": {"stringValue": str(uuid.uuid4())}}
    span = {
        "traceId": TRACE_ID,
        "spanId": SPAN_ID,
        "name": "http_request",
        "kind": 3,
        "startTimeUnixNano": str(now - 10**9),
        "endTimeUnixNano": str(now),
    }
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": [attribute, instance]},
                "scopeSpans": [{"spans": [span]}],
            }
        ]
    }


def test_page_and_backend_meet_at_the_endpoint(receiver: Receiver, settings: Settings) -> None:
    backend = Backend.open(settings)
    assert backend.trace_store is None
    with TestClient(create_app(backend), LOCAL) as client:
        client.get(
            "/search?q=love", headers={"traceparent": f"00-{TRACE_ID}-{SPAN_ID}-01"}
        ).raise_for_status()
        page = _page_spans("search-frontend")
        client.post("/v1/traces", json=page, headers=PAGE).raise_for_status()
        for path in ("traces", f"traces/{TRACE_ID}", "services", "services/a/operations"):
            assert client.get(f"/api/{path}").status_code == 404
    spans = [span for span in receiver.spans if span.trace_id.hex() == TRACE_ID]
    assert receiver.services == {"search-backend", "search-frontend"}
    names = {span.span_id.hex(): span.name for span in spans}
    assert names[SPAN_ID] == "http_request"
    (server,) = [span for span in spans if span.name == "GET /search"]
    assert server.parent_span_id.hex() == SPAN_ID
    assert len(spans) == 11


def test_only_the_page_may_send_through_the_backend(receiver: Receiver, settings: Settings) -> None:
    with TestClient(create_app(Backend.open(settings)), LOCAL) as client:
        spans = _page_spans("another-service")
        assert client.post("/v1/traces", json=spans).status_code == 403
        rejected = client.post("/v1/traces", json=spans, headers=PAGE).json()["partialSuccess"]
        assert rejected["rejectedSpans"] == "1"
    assert "another-service" not in receiver.services


def test_what_a_collector_sends_back_is_kept_and_sent_no_further(
    receiver: Receiver, settings: Settings
) -> None:
    both = settings.model_copy(update={"trace_store": "on"})
    with TestClient(create_app(Backend.open(both)), LOCAL) as client:
        for service in ("search-frontend", "another-service"):
            client.post("/v1/traces", json=_page_spans(service)).raise_for_status()
        kept = client.get(f"/api/traces/{TRACE_ID}").json()["data"][0]
    assert [span["operationName"] for span in kept["spans"]] == ["http_request"]
    assert receiver.services <= {"search-backend"}


def test_the_store_can_be_kept_beside_the_endpoint(receiver: Receiver, settings: Settings) -> None:
    both = settings.model_copy(update={"trace_store": "on"})
    with TestClient(create_app(Backend.open(both)), LOCAL) as client:
        trace_id = client.get("/search?q=love").json()["trace_id"]
        (trace,) = client.get(f"/api/traces/{trace_id}").json()["data"]
    sent = [span for span in receiver.spans if span.trace_id.hex() == trace_id]
    assert {span["spanID"] for span in trace["spans"]} == {span.span_id.hex() for span in sent}


def test_an_endpoint_that_is_gone_costs_no_search(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    both = settings.model_copy(update={"trace_store": "on"})
    with TestClient(create_app(Backend.open(both)), LOCAL) as client:
        trace_id = client.get("/search?q=love").json()["trace_id"]
        assert len(client.get(f"/api/traces/{trace_id}").json()["data"][0]["spans"]) == 10
