"""Stored traces as the JSON of Jaeger's query API (jaegertracing/jaeger, internal/uimodel).

Jaeger's form has no place for some of what OTLP holds. That stands here in fields of its own, which
Jaeger's clients ignore; `docs/api.md` lists them.
"""

from collections.abc import Sequence
from typing import Any

from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans

from gutenberg_explorer.signals.jaeger.span_json import span_json
from gutenberg_explorer.signals.traces.model import StoredTrace
from gutenberg_explorer.signals.traces.root import Placed, root_of
from gutenberg_explorer.signals.traces.rows import service_name
from gutenberg_explorer.signals.traces.span_fields import parent_of
from gutenberg_explorer.signals.traces.tags import attribute_tags, process_tags


def to_jaeger(trace: StoredTrace) -> dict[str, Any]:
    """Return the trace as Jaeger's JSON object; times are in µs, ids in lower-case hex.

    Starts and ends are rounded down each, so that rounding moves no span out of its parent.
    """
    processes: dict[bytes, tuple[str, dict[str, Any]]] = {}
    scopes: dict[bytes, tuple[str, dict[str, Any]]] = {}
    spans: list[dict[str, Any]] = []
    placed: list[Placed] = []
    for resource_spans in trace.resource_spans:
        process_key = _key(resource_spans.resource.SerializeToString(), resource_spans.schema_url)
        if process_key not in processes:
            processes[process_key] = f"p{len(processes) + 1}", _process(resource_spans)
        for scope_spans in resource_spans.scope_spans:
            scope_key = _key(scope_spans.scope.SerializeToString(), scope_spans.schema_url)
            if scope_key not in scopes:
                scopes[scope_key] = f"s{len(scopes) + 1}", _scope(scope_spans)
            for span in scope_spans.spans:
                spans.append(
                    span_json(
                        span, scope_spans.scope, processes[process_key][0], scopes[scope_key][0]
                    )
                )
                start, end = span.start_time_unix_nano, span.end_time_unix_nano
                placed.append(Placed(span.span_id, parent_of(span), start, end))
    in_order = sorted(range(len(spans)), key=lambda at: placed[at].start_ns)
    root = root_of(placed)
    return {
        "traceID": trace.trace_id.hex(),
        "spans": [spans[at] for at in in_order],
        "processes": dict(processes.values()),
        "warnings": _warnings(trace),
        "rootSpanID": None if root is None else root.hex(),
        "scopes": dict(scopes.values()),
        "droppedSpansCount": trace.dropped_spans,
        "conflictingSpansCount": trace.conflicting_spans,
        "unreadableSpansCount": trace.unreadable_spans,
    }


def envelope(data: Sequence[object], *, limit: int = 0) -> dict[str, Any]:
    """Return `data` in the frame that every answer of Jaeger's query API has."""
    return {"data": data, "total": len(data), "limit": limit, "offset": 0, "errors": None}


def _key(message: bytes, schema_url: str) -> bytes:
    # No URL has a zero byte.
    return schema_url.encode() + b"\0" + message


def _process(resource_spans: ResourceSpans) -> dict[str, Any]:
    return {
        "serviceName": service_name(resource_spans),
        "tags": process_tags(resource_spans),
        "schemaUrl": resource_spans.schema_url,
        "droppedAttributesCount": resource_spans.resource.dropped_attributes_count,
    }


def _scope(scope_spans: ScopeSpans) -> dict[str, Any]:
    scope = scope_spans.scope
    return {
        "name": scope.name,
        "version": scope.version,
        "attributes": attribute_tags(scope.attributes),
        "schemaUrl": scope_spans.schema_url,
        "droppedAttributesCount": scope.dropped_attributes_count,
    }


def _warnings(trace: StoredTrace) -> list[str] | None:
    losses = {
        "more spans were dropped: the trace is full": trace.dropped_spans,
        "spans were rejected: another span with the same id is already stored": (
            trace.conflicting_spans
        ),
        "spans can't be read from the trace store": trace.unreadable_spans,
    }
    return [f"{count} {what}" for what, count in losses.items() if count] or None
