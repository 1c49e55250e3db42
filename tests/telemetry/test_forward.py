import pytest
from google.protobuf.json_format import ParseDict
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans

from gutenberg_explorer import telemetry
from gutenberg_explorer.telemetry.forward import readable_spans
from tests.telemetry.collector import collector

IDS = {"traceId": "q83vASNFZ4mrze8BI0VniQ==", "spanId": "q83vASNFZ4k="}
SENT = ParseDict(
    {
        "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "page"}}]},
        "scopeSpans": [
            {
                "scope": {"name": "search", "version": "2"},
                "spans": [
                    {
                        **IDS,
                        "parentSpanId": "ASNFZ4mrze8=",
                        "traceState": "a=b",
                        "name": "http_request",
                        "kind": 3,
                        "startTimeUnixNano": 10**18 + 1,
                        "endTimeUnixNano": 10**18 + 2_001,
                        "attributes": [
                            {"key": "s", "value": {"stringValue": "text"}},
                            {"key": "i", "value": {"intValue": -5}},
                            {"key": "d", "value": {"doubleValue": 0.5}},
                            {"key": "b", "value": {"boolValue": True}},
                            {
                                "key": "list",
                                "value": {"arrayValue": {"values": [{"stringValue": "x"}]}},
                            },
                        ],
                        "events": [{"name": "e", "timeUnixNano": 10**18 + 5}],
                        "links": [IDS],
                        "status": {"code": 2, "message": "broken"},
                    }
                ],
            }
        ],
    },
    ResourceSpans(),
)


def test_a_forwarded_span_is_the_span_that_was_sent() -> None:
    (encoded,) = encode_spans(list(readable_spans([SENT]))).resource_spans
    (was,) = SENT.scope_spans[0].spans
    (now,) = encoded.scope_spans[0].spans
    # The SDK says in a flag whether the parent is in another process; the page does not.
    now.flags = was.flags
    for link in now.links:
        link.flags = 0
    assert now == was
    assert encoded.resource == SENT.resource
    assert encoded.scope_spans[0].scope == SENT.scope_spans[0].scope


def test_forwarded_spans_reach_the_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    with collector() as receiver:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url)
        tracing = telemetry.start("1.2.3")
        tracing.forward([SENT])
        tracing.shutdown()
    assert [s.name for s in receiver.spans] == ["http_request"]
    assert receiver.services == {"page"}
