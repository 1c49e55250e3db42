"""What goes into the Collector of development comes out unchanged, by whatever protocol it came."""

import http.client
import os
import time
from collections.abc import Callable, Iterator

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import (
    AnyValue,
    ArrayValue,
    InstrumentationScope,
    KeyValue,
    KeyValueList,
)
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from tests.peers.collector import jaeger
from tests.peers.collector.jaeger import JaegerSpan
from tests.peers.collector.running import Collector, collector
from tests.peers.collector.senders import OTLP, Send
from tests.signals.spans import in_pieces, request, span, text
from tests.telemetry.otlp_endpoint import Receiver, otlp_endpoint, resource_of
from tests.waiting import wait_until

pytestmark = pytest.mark.peers

ENVIRONMENT = text("deployment.environment.name", "staging")


@pytest.fixture(scope="module")
def through(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Collector, Receiver]]:
    """A Collector whose trace store is a receiver."""
    folder = tmp_path_factory.mktemp("collector")
    with (
        otlp_endpoint() as receiver,
        collector(folder, "dev.yaml", TRACE_STORE_ENDPOINT=receiver.url) as running,
    ):
        yield running, receiver


def _rich_request() -> ExportTraceServiceRequest:
    """Return spans with all that a span can have."""
    now = time.time_ns()
    trace_id = os.urandom(16)
    values = [
        AnyValue(string_value="“white whale” 🐋"),
        AnyValue(bool_value=False),
        AnyValue(int_value=-(2**62)),
        AnyValue(double_value=0.1),
        AnyValue(bytes_value=b"\0\xff"),
        AnyValue(array_value=ArrayValue(values=[AnyValue(int_value=1), AnyValue(int_value=2)])),
        AnyValue(kvlist_value=KeyValueList(values=[text("a", "b")])),
        AnyValue(string_value=""),
    ]
    attributes = [KeyValue(key=f"test.{n}", value=value) for n, value in enumerate(values)]
    root = Span(
        trace_id=trace_id,
        span_id=os.urandom(8),
        trace_state="vendor=value",
        flags=0x101,
        name="GET /search",
        kind=Span.SPAN_KIND_SERVER,
        start_time_unix_nano=now,
        end_time_unix_nano=now + 12_345_678,
        attributes=attributes,
        dropped_attributes_count=1,
        events=[Span.Event(time_unix_nano=now + 1, name="event", attributes=attributes[:1])],
        dropped_events_count=2,
        links=[
            Span.Link(
                trace_id=os.urandom(16),
                span_id=os.urandom(8),
                trace_state="a=b",
                attributes=attributes[:1],
                flags=1,
            )
        ],
        dropped_links_count=3,
        status=Status(code=Status.STATUS_CODE_ERROR, message="it failed"),
    )
    # The Collector writes a status where none was set, which says the same.
    unset = Status()
    others = [
        span(f"kind {kind}", trace_id=trace_id, parent=root.span_id, kind=kind, status=unset)
        for kind in (1, 2, 3, 4, 5)
    ]
    page = span(trace_id=trace_id, status=unset)
    scope = InstrumentationScope(name="test", version="1.2", attributes=[text("scope", "yes")])
    resource = Resource(
        attributes=[
            text("service.name", "search-backend"),
            text("service.namespace", "gutenberg-explorer"),
            text("service.version", "1.2.3"),
            text("service.instance.id", "here"),
            ENVIRONMENT,
        ]
    )
    schema = "https://opentelemetry.io/schemas/1.44.0"
    spans = ScopeSpans(scope=scope, spans=[root, *others], schema_url=schema)
    return ExportTraceServiceRequest(
        resource_spans=[
            ResourceSpans(resource=resource, scope_spans=[spans], schema_url=schema),
            *request([page], "search-frontend", ENVIRONMENT).resource_spans,
        ]
    )


@pytest.mark.parametrize("protocol", OTLP)
def test_spans_are_unchanged(protocol: str, through: tuple[Collector, Receiver]) -> None:
    running, receiver = through
    sent = _rich_request()
    OTLP[protocol](running, sent)
    expected = in_pieces(sent.resource_spans)
    wait_until(lambda: set(expected) <= set(in_pieces(receiver.resource_spans)))
    arrived = in_pieces(receiver.resource_spans)
    assert {key: arrived[key] for key in expected} == expected


@pytest.mark.parametrize("send", OTLP.values(), ids=list(OTLP))
def test_who_a_service_says_it_is_stays(send: Send, through: tuple[Collector, Receiver]) -> None:
    running, receiver = through
    trace_id = os.urandom(16)
    both = ExportTraceServiceRequest(
        resource_spans=[
            *request([span(trace_id=trace_id)], "search-backend", ENVIRONMENT).resource_spans,
            *request([span(trace_id=trace_id)], "search-frontend").resource_spans,
        ]
    )
    send(running, both)
    wait_until(lambda: len(_resources(receiver, trace_id)) == 2)
    assert _resources(receiver, trace_id) == {
        "search-backend": "staging",
        "search-frontend": "development",
    }


def _resources(receiver: Receiver, trace_id: bytes) -> dict[str, str]:
    """Return the environment of each service that has spans of a trace."""
    return {
        (names := resource_of(group.resource))["service.name"]: names["deployment.environment.name"]
        for group in receiver.resource_spans
        if any(s.trace_id == trace_id for scope in group.scope_spans for s in scope.spans)
    }


@pytest.mark.parametrize("send", [jaeger.by_grpc, jaeger.by_thrift])
def test_jaeger_is_understood(
    send: Callable[[Collector, JaegerSpan], None], through: tuple[Collector, Receiver]
) -> None:
    running, receiver = through
    sent = JaegerSpan(
        service="an-old-program",
        name="fetch",
        trace_id=os.urandom(16),
        span_id=os.urandom(8),
        parent_id=os.urandom(8),
        start_us=time.time_ns() // 1000,
        duration_us=1_500,
        tag=("color", "white"),
    )
    send(running, sent)
    wait_until(lambda: sent.span_id in {one.span_id for one in receiver.spans})
    (found,) = (one for one in receiver.spans if one.span_id == sent.span_id)
    assert (found.trace_id, found.parent_span_id) == (sent.trace_id, sent.parent_id)
    assert (found.name, found.attributes[0]) == ("fetch", text(*sent.tag))
    assert found.start_time_unix_nano == sent.start_us * 1000
    assert found.end_time_unix_nano == (sent.start_us + sent.duration_us) * 1000
    assert "an-old-program" in receiver.services


def test_no_browser_is_let_in(through: tuple[Collector, Receiver]) -> None:
    running, _ = through
    connection = http.client.HTTPConnection(running.address("http"), timeout=5)
    headers = {
        "Origin": "http://localhost:3000",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    connection.request("OPTIONS", "/v1/traces", headers=headers)
    answer = connection.getresponse()
    assert answer.getheader("Access-Control-Allow-Origin") is None
    assert answer.status >= 400
    connection.close()
