"""How large the parts of a span may be; what is larger is clipped."""

from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from google.protobuf.internal.containers import RepeatedCompositeFieldContainer
from opentelemetry.proto.common.v1.common_pb2 import (
    AnyValue,
    InstrumentationScope,
    KeyValue,
)
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from gutenberg_explorer.signals.service import SERVICE_NAME

TRACE_ID_BYTES = 16
SPAN_ID_BYTES = 8

_MAX_UINT32 = 2**32 - 1
# Beyond the limit, so many attributes of a resource are looked through for the service's name.
_LATE = 10_000

NAME: Final = "a name is clipped"
STATE: Final = "a trace state is clipped"
STATUS: Final = "the status message is clipped"
KEY: Final = "an attribute's key is clipped"
VALUE: Final = "an attribute's value is clipped"
ATTRIBUTES: Final = "attributes are dropped"
EVENTS: Final = "events are dropped"
LINKS: Final = "links are dropped"
PARENT: Final = "the parent's id is dropped because it does not have 8 bytes"
SCOPE: Final = "the scope is clipped"
RESOURCE: Final = "the resource is clipped"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is longer, deeper or more than this is clipped, and counted where OTLP has a count."""

    value_chars: int = 4_096
    name_chars: int = 1_024
    key_chars: int = 256
    attributes: int = 1_024
    events: int = 1_024
    links: int = 1_024
    elements: int = 1_024
    depth: int = 16
    origin_bytes: int = 64 * 1024
    """Of a resource, and of a scope: both are stored once more for each pair of them."""

    small_bytes: int = field(init=False)
    """Nothing in a message of so few encoded bytes is over a bound."""

    def __post_init__(self) -> None:
        """Find what is small: an item takes two bytes or more, a nested value four."""
        lengths = (self.value_chars, self.name_chars, self.key_chars)
        counts = (self.attributes, self.events, self.links, self.elements)
        small = min(*lengths, 2 * min(counts), 4 * self.depth)
        object.__setattr__(self, "small_bytes", small)


class _Attributed(Protocol):
    dropped_attributes_count: int

    @property
    def attributes(self) -> RepeatedCompositeFieldContainer[KeyValue]: ...


def valid_id(value: bytes, length: int) -> bool:
    """Return whether `value` has `length` bytes, and not all of them zero."""
    return len(value) == length and any(value)


def clip_span(span: Span, bounds: Bounds) -> set[str]:
    """Clip the span in place; return what was changed."""
    changed: set[str] = set()
    if len(span.parent_span_id) not in (0, SPAN_ID_BYTES):
        span.parent_span_id = b""
        changed.add(PARENT)
    if len(span.name) > bounds.name_chars:
        span.name = span.name[: bounds.name_chars]
        changed.add(NAME)
    _clip_state(span, bounds, changed)
    if len(span.status.message) > bounds.value_chars:
        span.status.message = span.status.message[: bounds.value_chars]
        changed.add(STATUS)
    if extra := _cut(span.events, bounds.events):
        span.dropped_events_count = _added(span.dropped_events_count, extra)
        changed.add(EVENTS)
    if extra := _cut(span.links, bounds.links) + _drop_nameless_links(span):
        span.dropped_links_count = _added(span.dropped_links_count, extra)
        changed.add(LINKS)
    _clip_attributes(span, bounds, changed)
    _clip_inner(span, bounds, changed)
    return changed


def _clip_inner(span: Span, bounds: Bounds, changed: set[str]) -> None:
    for event in span.events:
        if event.ByteSize() <= bounds.small_bytes:
            continue
        if len(event.name) > bounds.name_chars:
            event.name = event.name[: bounds.name_chars]
            changed.add(NAME)
        _clip_attributes(event, bounds, changed)
    for link in span.links:
        if link.ByteSize() <= bounds.small_bytes:
            continue
        _clip_state(link, bounds, changed)
        _clip_attributes(link, bounds, changed)


def clip_scope(scope_spans: ScopeSpans, bounds: Bounds) -> set[str]:
    """Clip the scope in place; return what was changed."""
    changed: set[str] = set()
    scope = scope_spans.scope
    if len(scope.name) > bounds.name_chars:
        scope.name = scope.name[: bounds.name_chars]
        changed.add(SCOPE)
    if len(scope.version) > bounds.name_chars:
        scope.version = scope.version[: bounds.name_chars]
        changed.add(SCOPE)
    if len(scope_spans.schema_url) > bounds.name_chars:
        scope_spans.schema_url = scope_spans.schema_url[: bounds.name_chars]
        changed.add(SCOPE)
    if scope.attributes:
        _clip_attributes(scope, bounds, changed)
        _fit(scope, bounds, changed)
    return {SCOPE} if changed else changed


def clip_resource(resource_spans: ResourceSpans, bounds: Bounds) -> set[str]:
    """Clip the resource in place; return what was changed.

    Its values, such as a process's arguments, may be long as long as the whole is not.
    """
    changed: set[str] = set()
    resource = resource_spans.resource
    if len(resource_spans.schema_url) > bounds.name_chars:
        resource_spans.schema_url = resource_spans.schema_url[: bounds.name_chars]
        changed.add(RESOURCE)
    if _cut(resource.entity_refs, bounds.attributes):
        changed.add(RESOURCE)
    _clip_attributes(resource, bounds, changed, values=False)
    if resource.ByteSize() > bounds.origin_bytes:
        _clip_attributes(resource, bounds, changed)
        _fit(resource, bounds, changed)
    return {RESOURCE} if changed else changed


class _HasState(Protocol):
    trace_state: str


def _clip_state(holder: _HasState, bounds: Bounds, changed: set[str]) -> None:
    """Clip a trace state to the entries that fit."""
    if len(holder.trace_state) > bounds.value_chars:
        holder.trace_state = holder.trace_state[: bounds.value_chars + 1].rpartition(",")[0]
        changed.add(STATE)


def _drop_nameless_links(span: Span) -> int:
    """Drop the links whose ids are neither empty nor as long as ids are; return how many."""
    wrong = [
        at
        for at, link in enumerate(span.links)
        if len(link.trace_id) not in (0, TRACE_ID_BYTES)
        or len(link.span_id) not in (0, SPAN_ID_BYTES)
    ]
    for at in reversed(wrong):
        del span.links[at]
    return len(wrong)


def _clip_attributes(
    holder: _Attributed, bounds: Bounds, changed: set[str], *, values: bool = True
) -> None:
    """Clip the attributes, their keys and, unless told otherwise, the texts of their values."""
    if isinstance(holder, Resource):
        dropped = _cut_but_service(holder, bounds)
    else:
        dropped = _cut(holder.attributes, bounds.attributes)
    if dropped:
        changed.add(ATTRIBUTES)
    for attribute in holder.attributes:
        if attribute.ByteSize() <= bounds.small_bytes:
            continue
        clipped = False
        if len(attribute.key) > bounds.key_chars:
            attribute.key = attribute.key[: bounds.key_chars]
            changed.add(KEY)
            clipped = True
        if _clip_value(attribute.value, bounds, bounds.depth, texts=values):
            changed.add(VALUE)
            clipped = True
        dropped += clipped
    if dropped:
        holder.dropped_attributes_count = _added(holder.dropped_attributes_count, dropped)


def _clip_value(value: AnyValue, bounds: Bounds, depth: int, *, texts: bool) -> bool:
    """Return whether something in `value` was clipped."""
    kind = value.WhichOneof("value")
    if kind == "string_value":
        if texts and len(value.string_value) > bounds.value_chars:
            value.string_value = value.string_value[: bounds.value_chars]
            return True
        return False
    if kind == "bytes_value":
        if texts and len(value.bytes_value) > bounds.value_chars:
            value.bytes_value = value.bytes_value[: bounds.value_chars]
            return True
        return False
    if kind == "array_value":
        clipped = bool(_cut(value.array_value.values, bounds.elements if depth else 0))
        for item in value.array_value.values:
            clipped |= _clip_value(item, bounds, depth - 1, texts=texts)
        return clipped
    if kind == "kvlist_value":
        clipped = bool(_cut(value.kvlist_value.values, bounds.elements if depth else 0))
        for member in value.kvlist_value.values:
            if len(member.key) > bounds.key_chars:
                member.key = member.key[: bounds.key_chars]
                clipped = True
            clipped |= _clip_value(member.value, bounds, depth - 1, texts=texts)
        return clipped
    return False


def _cut(items: RepeatedCompositeFieldContainer[Any], limit: int) -> int:
    """Drop the items beyond `limit`; return how many."""
    extra = max(0, len(items) - limit)
    if extra:
        del items[limit:]
    return extra


def _cut_but_service(resource: Resource, bounds: Bounds) -> int:
    """Drop the attributes beyond the limit, but not the service's name; return how many."""
    limit = bounds.attributes
    late = [a for a in resource.attributes[limit : limit + _LATE] if a.key == SERVICE_NAME][:2]
    extra = _cut(resource.attributes, limit)
    resource.attributes.extend(late)
    return extra - len(late)


def _fit(holder: Resource | InstrumentationScope, bounds: Bounds, changed: set[str]) -> None:
    """Drop what does not fit into the bytes that a resource or a scope may have."""
    if holder.ByteSize() <= bounds.origin_bytes:
        return
    changed.add(ATTRIBUTES)
    holder.DiscardUnknownFields()  # type: ignore[no-untyped-call, unused-ignore]
    if isinstance(holder, Resource):
        holder.ClearField("entity_refs")
    dropped = 0
    excess = holder.ByteSize() - bounds.origin_bytes
    for at in reversed(range(len(holder.attributes))):
        if excess <= 0:
            break
        if holder.attributes[at].key != SERVICE_NAME:
            # Its field's key and length take two bytes or more.
            excess -= holder.attributes[at].ByteSize() + 2
            del holder.attributes[at]
            dropped += 1
    holder.dropped_attributes_count = _added(holder.dropped_attributes_count, dropped)


def _added(count: int, more: int) -> int:
    return min(_MAX_UINT32, count + more)
