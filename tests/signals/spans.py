"""Spans to test with, made by hand."""

import os
import time
from collections.abc import Iterable, Sequence

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

TRACE_ID = bytes(range(1, 17))
SECOND = 10**9


def text(key: str, value: str) -> KeyValue:
    return KeyValue(key=key, value=AnyValue(string_value=value))


def span(
    name: str = "search_api",
    *,
    trace_id: bytes = TRACE_ID,
    span_id: bytes = b"",
    parent: bytes = b"",
    start_ns: int | None = None,
    duration_ns: int = 1_000_000,
    kind: int = Span.SPAN_KIND_INTERNAL,
    attributes: Iterable[KeyValue] = (),
    status: Status | None = None,
) -> Span:
    start = time.time_ns() if start_ns is None else start_ns
    return Span(
        trace_id=trace_id,
        span_id=span_id or os.urandom(8),
        parent_span_id=parent,
        name=name,
        kind=Span.SpanKind.ValueType(kind),
        start_time_unix_nano=start,
        end_time_unix_nano=start + duration_ns,
        attributes=attributes,
        status=status,
    )


def resource_spans(
    spans: Sequence[Span], service: str = "search-backend", *more: KeyValue
) -> ResourceSpans:
    return ResourceSpans(
        resource=Resource(attributes=[text("service.name", service), *more]),
        scope_spans=[ScopeSpans(spans=spans)],
    )


def request(
    spans: Sequence[Span], service: str = "search-backend", *more: KeyValue
) -> ExportTraceServiceRequest:
    return ExportTraceServiceRequest(resource_spans=[resource_spans(spans, service, *more)])


def in_pieces(held: Iterable[ResourceSpans]) -> dict[tuple[bytes, bytes], tuple[bytes, ...]]:
    """Return the bytes of each span, its resource and its scope, by the span's ids."""
    return {
        (one.trace_id, one.span_id): (
            one.SerializeToString(),
            rs.resource.SerializeToString(),
            rs.schema_url.encode(),
            ss.scope.SerializeToString(),
            ss.schema_url.encode(),
        )
        for rs in held
        for ss in rs.scope_spans
        for one in ss.spans
    }
