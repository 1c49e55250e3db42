"""OTLP's attributes as Jaeger's typed tags.

Jaeger has no fields for a span's kind, status, scope and state: it has tags, which are made here of
the span's fields. An attribute of such a name gets the name `attribute.…` in Jaeger's form, so that
nobody takes it for the field; Jaeger itself writes both under one name.
"""

import base64
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span

from gutenberg_explorer.signals.traces.rows import service_name
from gutenberg_explorer.signals.traces.span_fields import has_error, kind_name, status_of
from gutenberg_explorer.signals.traces.value_text import json_text, number_text

Tag = dict[str, Any]
"""`{"key", "type", "value"}`, and the attribute's own `name` where `key` is another."""

SPAN_KIND: Final = "span.kind"
ERROR: Final = "error"
STATUS_CODE: Final = "otel.status_code"
STATUS_DESCRIPTION: Final = "otel.status_description"
SCOPE_NAME: Final = "otel.scope.name"
SCOPE_VERSION: Final = "otel.scope.version"
TRACE_STATE: Final = "w3c.tracestate"
EVENT: Final = "event"
"""The name of an event, among the fields of Jaeger's log."""

SPAN_TAGS: Final = frozenset(
    {
        SPAN_KIND,
        ERROR,
        STATUS_CODE,
        STATUS_DESCRIPTION,
        SCOPE_NAME,
        SCOPE_VERSION,
        TRACE_STATE,
    }
)
"""The tags that are made of a span's fields."""

_EVENT_TAGS: Final = frozenset({EVENT})
_NO_TAGS: Final[frozenset[str]] = frozenset()
_PREFIX: Final = "attribute."
_MAX_SAFE_INTEGER: Final = 2**53 - 1


def tag(key: str, value: str | bool | int | float) -> Tag:
    """Return one tag, typed as JSON can carry it without loss."""
    if isinstance(value, bool):
        return {"key": key, "type": "bool", "value": value}
    if isinstance(value, int):
        # JavaScript would round a larger one; Jaeger too writes it as text.
        safe = abs(value) <= _MAX_SAFE_INTEGER
        return {"key": key, "type": "int64", "value": value if safe else str(value)}
    if isinstance(value, float) and math.isfinite(value):
        return {"key": key, "type": "float64", "value": value}
    return {"key": key, "type": "string", "value": str(value)}


def attribute_tags(attributes: Iterable[KeyValue], taken: frozenset[str] = _NO_TAGS) -> list[Tag]:
    """Return a tag for each attribute; arrays and maps become JSON text, bytes base64.

    The names in `taken` mean something else in this place.
    """
    return [
        _attribute_tag(key, attribute.value)
        if (key := attribute.key) not in taken
        else _attribute_tag(_PREFIX + key, attribute.value) | {"name": key}
        for attribute in attributes
    ]


def span_tags(span: Span, scope: InstrumentationScope) -> list[Tag]:
    """Return the span's attributes, and as tags what its fields say of it."""
    return [*attribute_tags(span.attributes, SPAN_TAGS), *_derived_tags(span, scope)]


def event_tags(event: Span.Event) -> list[Tag]:
    """Return the event's name and attributes, as the fields of Jaeger's log."""
    name = [tag(EVENT, event.name)] if event.name else []
    return [*name, *attribute_tags(event.attributes, _EVENT_TAGS)]


def process_tags(resource_spans: ResourceSpans) -> list[Tag]:
    """Return the resource's attributes but for its service's name, which stands beside them."""
    name = service_name(resource_spans)
    attributes = (
        attribute
        for attribute in resource_spans.resource.attributes
        if attribute.key != "service.name" or attribute.value != AnyValue(string_value=name)
    )
    return attribute_tags(attributes, SPAN_TAGS)


def sent_name(key: str) -> str:
    """Return the name that an attribute was sent with, by the key that it is shown with."""
    return key.removeprefix(_PREFIX)


def has_tags(
    span: Span, scope: InstrumentationScope, process: list[Tag], wanted: Mapping[str, str]
) -> bool:
    """Return whether the span, its process or its events carry every one of `wanted`.

    The names of SPAN_TAGS are compared with the span's fields alone; `event` with the events' names
    as well as with attributes. The attributes of such names have the prefix `attribute.`.
    """
    held: set[tuple[str, str]] = set()
    if not SPAN_TAGS.isdisjoint(wanted):
        held.update(_texts(_derived_tags(span, scope)))
    # Most spans have one or none of these attributes: only those are made into tags.
    names = {sent_name(key) for key in wanted} | wanted.keys()
    held.update(_texts(attribute_tags((a for a in span.attributes if a.key in names), SPAN_TAGS)))
    for event in span.events:
        attributes = [a for a in event.attributes if a.key in names]
        held.add((EVENT, event.name))
        held.update(_texts(attribute_tags(attributes, SPAN_TAGS)))
        held.update(_texts(attribute_tags(attributes, _EVENT_TAGS | SPAN_TAGS)))
    held.update(_texts(process))
    return held.issuperset(wanted.items())


def _texts(tags: Iterable[Tag]) -> Iterator[tuple[str, str]]:
    return ((one["key"], _as_text(one["value"])) for one in tags)


def _derived_tags(span: Span, scope: InstrumentationScope) -> list[Tag]:
    derived: list[Tag] = []
    kind = kind_name(span.kind)
    if kind:
        derived.append(tag(SPAN_KIND, kind))
    if span.HasField("status"):
        status = status_of(span)
        if status != "unset":
            derived.append(tag(STATUS_CODE, status.upper()))
        if has_error(span):
            derived.append(tag(ERROR, True))
        if span.status.message:
            derived.append(tag(STATUS_DESCRIPTION, span.status.message))
    texts = (
        (SCOPE_NAME, scope.name),
        (SCOPE_VERSION, scope.version),
        (TRACE_STATE, span.trace_state),
    )
    derived += [tag(key, text) for key, text in texts if text]
    return derived


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(value) if isinstance(value, float) else str(value)


def _attribute_tag(key: str, value: AnyValue) -> Tag:
    # A large trace has tens of thousands of these, nearly all of them texts.
    string = value.string_value
    if string:
        return {"key": key, "type": "string", "value": string}
    kind = value.WhichOneof("value")
    if kind == "bytes_value":
        text = base64.b64encode(value.bytes_value).decode()
        return {"key": key, "type": "binary", "value": text}
    if kind in ("array_value", "kvlist_value"):
        return tag(key, json_text(value))
    if kind in ("bool_value", "int_value", "double_value"):
        return tag(key, getattr(value, kind))
    return tag(key, "")
