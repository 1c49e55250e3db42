"""OTLP's attributes as Jaeger's typed tags."""

import base64
import json
import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span, Status

from gutenberg_explorer.signals.traces.model import SPAN_KINDS

Tag = dict[str, Any]
"""`{"key", "type", "value"}`."""

DERIVED_TAGS: Final = frozenset(
    {
        "span.kind",
        "error",
        "otel.status_code",
        "otel.status_description",
        "otel.scope.name",
        "otel.scope.version",
        "w3c.tracestate",
    }
)
"""The tags that `span_tags` makes of something else than the attribute of that name."""

_MAX_SAFE_INTEGER: Final = 2**53 - 1
_STATUS: Final = {Status.STATUS_CODE_OK: "OK", Status.STATUS_CODE_ERROR: "ERROR"}


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


def attribute_tags(attributes: Iterable[KeyValue]) -> list[Tag]:
    """Return a tag for each attribute; arrays and maps become JSON text, bytes base64."""
    return [_attribute_tag(attribute.key, attribute.value) for attribute in attributes]


def span_tags(span: Span, scope: InstrumentationScope) -> list[Tag]:
    """Return the span's attributes, and as tags what else OTLP knows of it."""
    tags = attribute_tags(span.attributes)
    kind = SPAN_KINDS[span.kind] if 0 <= span.kind < len(SPAN_KINDS) else ""
    if kind:
        tags.append(tag("span.kind", kind))
    status = _STATUS.get(span.status.code)
    if status:
        tags.append(tag("otel.status_code", status))
    if span.status.code == Status.STATUS_CODE_ERROR:
        tags.append(tag("error", True))
    if span.status.message:
        tags.append(tag("otel.status_description", span.status.message))
    if scope.name:
        tags.append(tag("otel.scope.name", scope.name))
    if scope.version:
        tags.append(tag("otel.scope.version", scope.version))
    if span.trace_state:
        tags.append(tag("w3c.tracestate", span.trace_state))
    return tags


def process_tags(resource_spans: ResourceSpans) -> list[Tag]:
    """Return the resource's attributes but for its service's name, which stands beside them."""
    return attribute_tags(a for a in resource_spans.resource.attributes if a.key != "service.name")


def has_tags(
    span: Span, scope: InstrumentationScope, process: list[Tag], wanted: Mapping[str, str]
) -> bool:
    """Return whether the span, its process or its events carry every one of `wanted`."""
    attributes = [
        *span.attributes,
        *(attribute for event in span.events for attribute in event.attributes),
    ]
    # Most spans have one or none of them: only those are made into tags.
    held = attribute_tags(attribute for attribute in attributes if attribute.key in wanted)
    held += process
    if not DERIVED_TAGS.isdisjoint(wanted):
        held += span_tags(span, scope)
    return all(
        any(one["key"] == key and _as_text(one["value"]) == value for one in held)
        for key, value in wanted.items()
    )


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _attribute_tag(key: str, value: AnyValue) -> Tag:
    kind = value.WhichOneof("value")
    # A large trace has tens of thousands of these, nearly all of them texts.
    if kind == "string_value":
        return {"key": key, "type": "string", "value": value.string_value}
    if kind == "bytes_value":
        text = base64.b64encode(value.bytes_value).decode()
        return {"key": key, "type": "binary", "value": text}
    if kind in ("array_value", "kvlist_value"):
        return tag(key, json.dumps(_plain(value), ensure_ascii=False))
    if kind in ("bool_value", "int_value", "double_value"):
        return tag(key, getattr(value, kind))
    return tag(key, "")


def _plain(value: AnyValue) -> Any:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [_plain(item) for item in value.array_value.values]
    if kind == "kvlist_value":
        return {item.key: _plain(item.value) for item in value.kvlist_value.values}
    if kind == "bytes_value":
        return base64.b64encode(value.bytes_value).decode()
    if kind == "double_value" and not math.isfinite(value.double_value):
        return str(value.double_value)
    if kind in ("string_value", "bool_value", "int_value", "double_value"):
        return getattr(value, kind)
    return None
