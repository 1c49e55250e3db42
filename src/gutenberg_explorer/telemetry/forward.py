"""OTLP messages as the SDK's finished spans, so that forwarded spans share the exporter's queue."""

from collections.abc import Iterable, Iterator

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span, Status
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, StatusCode, TraceFlags, TraceState
from opentelemetry.trace import Status as ApiStatus

_KINDS = {
    Span.SPAN_KIND_INTERNAL: SpanKind.INTERNAL,
    Span.SPAN_KIND_SERVER: SpanKind.SERVER,
    Span.SPAN_KIND_CLIENT: SpanKind.CLIENT,
    Span.SPAN_KIND_PRODUCER: SpanKind.PRODUCER,
    Span.SPAN_KIND_CONSUMER: SpanKind.CONSUMER,
}
_STATUS_CODES = {
    Status.STATUS_CODE_OK: StatusCode.OK,
    Status.STATUS_CODE_ERROR: StatusCode.ERROR,
}


def _value(any_value: AnyValue) -> object:
    kind = any_value.WhichOneof("value")
    if kind == "array_value":
        return [_value(item) for item in any_value.array_value.values]
    if kind == "kvlist_value":
        return _attributes(any_value.kvlist_value.values)
    return getattr(any_value, kind) if kind else ""


def _attributes(pairs: Iterable[KeyValue]) -> dict[str, object]:
    return {pair.key: _value(pair.value) for pair in pairs}


def _context(trace_id: bytes, span_id: bytes, trace_state: str, remote: bool) -> SpanContext:
    return SpanContext(
        int.from_bytes(trace_id, "big"),
        int.from_bytes(span_id, "big"),
        is_remote=remote,
        trace_flags=TraceFlags(TraceFlags.SAMPLED),
        trace_state=TraceState.from_header([trace_state]) if trace_state else None,
    )


def _readable(span: Span, resource: Resource, scope: InstrumentationScope) -> ReadableSpan:
    return ReadableSpan(
        name=span.name,
        context=_context(span.trace_id, span.span_id, span.trace_state, remote=False),
        parent=(
            _context(span.trace_id, span.parent_span_id, "", remote=False)
            if span.parent_span_id
            else None
        ),
        resource=resource,
        attributes=_attributes(span.attributes),  # type: ignore[arg-type]
        events=[
            Event(event.name, _attributes(event.attributes), event.time_unix_nano)  # type: ignore[arg-type]
            for event in span.events
        ],
        links=[
            Link(
                _context(link.trace_id, link.span_id, link.trace_state, remote=True),
                _attributes(link.attributes),  # type: ignore[arg-type]
            )
            for link in span.links
        ],
        kind=_KINDS.get(span.kind, SpanKind.INTERNAL),
        status=ApiStatus(
            _STATUS_CODES.get(span.status.code, StatusCode.UNSET), span.status.message or None
        ),
        start_time=span.start_time_unix_nano,
        end_time=span.end_time_unix_nano,
        instrumentation_scope=scope,
    )


def readable_spans(resource_spans: Iterable[ResourceSpans]) -> Iterator[ReadableSpan]:
    """Yield each span of OTLP messages as the SDK's exporters take it."""
    for group in resource_spans:
        resource = Resource(_attributes(group.resource.attributes), group.schema_url)  # type: ignore[arg-type]
        for scoped in group.scope_spans:
            scope = InstrumentationScope(scoped.scope.name, scoped.scope.version, scoped.schema_url)
            for span in scoped.spans:
                yield _readable(span, resource, scope)
