"""How large the parts of a span may be, and what is done about those that are larger."""

from collections.abc import Sized
from dataclasses import dataclass
from typing import Protocol

from google.protobuf.internal.containers import RepeatedCompositeFieldContainer
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from gutenberg_explorer.signals.errors import MalformedError

TRACE_ID_BYTES = 16
SPAN_ID_BYTES = 8

_MAX_UINT32 = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Bounds:
    """Longer string values are clipped; more or longer of anything else is refused."""

    value_chars: int = 4_096
    name_chars: int = 1_024
    key_chars: int = 256
    attributes: int = 1_024
    events: int = 1_024
    links: int = 1_024
    elements: int = 1_024
    depth: int = 16


class _Attributed(Protocol):
    dropped_attributes_count: int

    @property
    def attributes(self) -> RepeatedCompositeFieldContainer[KeyValue]: ...


def valid_id(value: bytes, length: int) -> bool:
    """Return whether `value` has `length` bytes, and not all of them zero."""
    return len(value) == length and any(value)


def check_span(span: Span, bounds: Bounds) -> None:
    """Clip the span's long values in place; raise MalformedError when it breaks a rule."""
    if not valid_id(span.trace_id, TRACE_ID_BYTES) or not valid_id(span.span_id, SPAN_ID_BYTES):
        raise MalformedError("a trace id must have 16 bytes and a span id 8, not all zero")
    if len(span.parent_span_id) not in (0, SPAN_ID_BYTES):
        raise MalformedError("a parent's span id must have 8 bytes, or be absent")
    if span.parent_span_id == span.span_id:
        raise MalformedError("a span can't be its own parent")
    _short(span.name, bounds.name_chars, "a span's name")
    _short(span.trace_state, bounds.value_chars, "a tracestate")
    if len(span.status.message) > bounds.value_chars:
        span.status.message = span.status.message[: bounds.value_chars]
    _few(span.events, bounds.events, "events")
    _few(span.links, bounds.links, "links")
    _clip(span, bounds)
    for event in span.events:
        _short(event.name, bounds.name_chars, "an event's name")
        _clip(event, bounds)
    for link in span.links:
        if len(link.trace_id) not in (0, TRACE_ID_BYTES):
            raise MalformedError("a link's trace id must have 16 bytes")
        if len(link.span_id) not in (0, SPAN_ID_BYTES):
            raise MalformedError("a link's span id must have 8 bytes")
        _short(link.trace_state, bounds.value_chars, "a tracestate")
        _clip(link, bounds)


def check_scope(scope_spans: ScopeSpans, bounds: Bounds) -> None:
    """Clip the scope's long values in place; raise MalformedError when it breaks a rule."""
    _short(scope_spans.scope.name, bounds.name_chars, "a scope's name")
    _short(scope_spans.scope.version, bounds.name_chars, "a scope's version")
    _short(scope_spans.schema_url, bounds.name_chars, "a schema URL")
    if scope_spans.scope.attributes:
        _clip(scope_spans.scope, bounds)


def check_resource(resource_spans: ResourceSpans, bounds: Bounds) -> None:
    """Raise MalformedError when the resource breaks a rule; it is never changed."""
    resource = resource_spans.resource
    _short(resource_spans.schema_url, bounds.name_chars, "a schema URL")
    _few(resource.attributes, bounds.attributes, "attributes")
    for attribute in resource.attributes:
        _short(attribute.key, bounds.key_chars, "an attribute's key")
        _walk(attribute.value, bounds, bounds.depth, clip=False)


def _clip(holder: _Attributed, bounds: Bounds) -> None:
    _few(holder.attributes, bounds.attributes, "attributes")
    clipped = 0
    for attribute in holder.attributes:
        _short(attribute.key, bounds.key_chars, "an attribute's key")
        clipped += _walk(attribute.value, bounds, bounds.depth, clip=True)
    if clipped:
        holder.dropped_attributes_count = min(
            _MAX_UINT32, holder.dropped_attributes_count + clipped
        )


def _walk(value: AnyValue, bounds: Bounds, depth: int, *, clip: bool) -> bool:
    """Return whether something in `value` was clipped."""
    kind = value.WhichOneof("value")
    if kind == "string_value":
        if clip and len(value.string_value) > bounds.value_chars:
            value.string_value = value.string_value[: bounds.value_chars]
            return True
        return False
    if kind == "bytes_value":
        if clip and len(value.bytes_value) > bounds.value_chars:
            value.bytes_value = value.bytes_value[: bounds.value_chars]
            return True
        return False
    if kind == "array_value":
        children: list[AnyValue] = list(value.array_value.values)
    elif kind == "kvlist_value":
        children = [item.value for item in value.kvlist_value.values]
        for item in value.kvlist_value.values:
            _short(item.key, bounds.key_chars, "an attribute's key")
    else:
        return False
    if not depth:
        raise MalformedError(f"values are nested more than {bounds.depth} levels deep")
    _few(children, bounds.elements, "elements in one value")
    clipped = [_walk(child, bounds, depth - 1, clip=clip) for child in children]
    return any(clipped)


def _short(text: str, limit: int, what: str) -> None:
    if len(text) > limit:
        raise MalformedError(f"{what} is longer than {limit} characters")


def _few(items: Sized, limit: int, what: str) -> None:
    if len(items) > limit:
        raise MalformedError(f"more than {limit} {what}")
