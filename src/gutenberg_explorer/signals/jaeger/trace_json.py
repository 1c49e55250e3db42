"""Stored traces as the JSON of Jaeger's query API (jaegertracing/jaeger, model/json/model.go)."""

from typing import Any

from opentelemetry.proto.trace.v1.trace_pb2 import ScopeSpans, Span

from gutenberg_explorer.signals.receiver.bounds import SPAN_ID_BYTES, TRACE_ID_BYTES, valid_id
from gutenberg_explorer.signals.traces.model import StoredTrace
from gutenberg_explorer.signals.traces.rows import service_name
from gutenberg_explorer.signals.traces.tags import attribute_tags, process_tags, span_tags, tag


def to_jaeger(trace: StoredTrace) -> dict[str, Any]:
    """Return the trace as Jaeger's JSON object; times are in µs, ids in lower-case hex.

    Starts and ends are rounded down each, so that rounding moves no span out of its parent.
    """
    process_ids: dict[bytes, str] = {}
    processes: dict[str, Any] = {}
    spans: list[dict[str, Any]] = []
    for resource_spans in trace.resource_spans:
        resource = resource_spans.resource.SerializeToString()
        if resource not in process_ids:
            process_ids[resource] = f"p{len(process_ids) + 1}"
            processes[process_ids[resource]] = {
                "serviceName": service_name(resource_spans),
                "tags": process_tags(resource_spans),
            }
        for scope_spans in resource_spans.scope_spans:
            spans += [_span(span, scope_spans, process_ids[resource]) for span in scope_spans.spans]
    spans.sort(key=lambda span: span["startTime"])
    warnings = None
    if trace.dropped_spans:
        warnings = [f"{trace.dropped_spans} more spans were dropped: the trace is full"]
    return {
        "traceID": trace.trace_id.hex(),
        "spans": spans,
        "processes": processes,
        "warnings": warnings,
    }


def envelope(data: list[Any], *, limit: int = 0) -> dict[str, Any]:
    """Return `data` in the frame that every answer of Jaeger's query API has."""
    return {"data": data, "total": len(data), "limit": limit, "offset": 0, "errors": None}


def _span(span: Span, scope_spans: ScopeSpans, process_id: str) -> dict[str, Any]:
    start = span.start_time_unix_nano // 1_000
    end = span.end_time_unix_nano // 1_000
    return {
        "traceID": span.trace_id.hex(),
        "spanID": span.span_id.hex(),
        "operationName": span.name,
        "references": _references(span),
        "startTime": start,
        "duration": max(0, end - start),
        "tags": span_tags(span, scope_spans.scope),
        "logs": [
            {
                "timestamp": event.time_unix_nano // 1_000,
                "fields": [tag("event", event.name), *attribute_tags(event.attributes)],
            }
            for event in span.events
        ],
        "processID": process_id,
        "warnings": _warnings(span),
        "flags": span.flags & 0xFF,
    }


def _references(span: Span) -> list[dict[str, str]]:
    references = []
    if valid_id(span.parent_span_id, SPAN_ID_BYTES):
        references.append(_reference("CHILD_OF", span.trace_id, span.parent_span_id))
    references += [
        _reference("FOLLOWS_FROM", link.trace_id, link.span_id)
        for link in span.links
        if valid_id(link.trace_id, TRACE_ID_BYTES) and valid_id(link.span_id, SPAN_ID_BYTES)
    ]
    return references


def _reference(kind: str, trace_id: bytes, span_id: bytes) -> dict[str, str]:
    return {"refType": kind, "traceID": trace_id.hex(), "spanID": span_id.hex()}


def _warnings(span: Span) -> list[str] | None:
    losses = {
        "attributes were dropped or truncated": span.dropped_attributes_count,
        "events were dropped": span.dropped_events_count,
        "links were dropped": span.dropped_links_count,
    }
    return [f"{count} {what}" for what, count in losses.items() if count] or None
