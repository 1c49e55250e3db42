"""Recorded spans as OTLP messages."""

from collections.abc import Iterable, Mapping

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from gutenberg_explorer.telemetry.recorder import MAX_TEXT, AttributeValue, RecordedSpan

SCOPE = "gutenberg_explorer"

_ERROR = Status(code=Status.STATUS_CODE_ERROR)
# OTLP's flags say, beside the trace's own, whether it is known where the parent is, and where.
_PARENT_KNOWN, _PARENT_REMOTE = 0x100, 0x200


def _text(value: str) -> str:
    # A lone surrogate can't be written as UTF-8, and one such text would cost the whole batch.
    return value[:MAX_TEXT].encode("utf-8", "replace").decode()


def _pair(key: str, value: AttributeValue) -> KeyValue:
    if isinstance(value, str):
        return KeyValue(key=key, value=AnyValue(string_value=_text(value)))
    if isinstance(value, bool):
        return KeyValue(key=key, value=AnyValue(bool_value=value))
    if isinstance(value, int):
        return KeyValue(key=key, value=AnyValue(int_value=value))
    return KeyValue(key=key, value=AnyValue(double_value=value))


def _trace_id(number: int) -> bytes:
    return number.to_bytes(16, "big")


def _span_id(number: int) -> bytes:
    return number.to_bytes(8, "big")


def _encoded(span: RecordedSpan) -> Span:
    encoded = Span(
        trace_id=_trace_id(span.trace_id),
        span_id=_span_id(span.span_id),
        parent_span_id=_span_id(span.parent_id) if span.parent_id else b"",
        name=span.name,
        # OTLP counts the kinds from 1, the API from 0.
        kind=span.kind.value + 1,  # type: ignore[arg-type]
        start_time_unix_nano=span.start_time,
        end_time_unix_nano=span.end_time,
        attributes=[_pair(key, value) for key, value in span.attributes.items()],
        flags=span.flags | _PARENT_KNOWN | (_PARENT_REMOTE if span.parent_is_remote else 0),
    )
    if span.state:
        encoded.trace_state = span.state.to_header()
    if span.error:
        encoded.status.CopyFrom(_ERROR)
    for link in span.links:
        to = link.context
        encoded.links.add(trace_id=_trace_id(to.trace_id), span_id=_span_id(to.span_id))
    return encoded


def resource_spans(
    spans: Iterable[RecordedSpan], resource: Mapping[str, str], version: str
) -> ResourceSpans:
    """Return ended spans of one resource as an OTLP message."""
    return ResourceSpans(
        resource=Resource(attributes=[_pair(key, value) for key, value in resource.items()]),
        scope_spans=[
            ScopeSpans(
                scope=InstrumentationScope(name=SCOPE, version=version),
                spans=[_encoded(span) for span in spans],
            )
        ],
    )
