"""A span in Jaeger's JSON, with the fields that Jaeger's form does not have."""

from typing import Any, Final

from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from gutenberg_explorer.signals.receiver.bounds import SPAN_ID_BYTES, TRACE_ID_BYTES, valid_id
from gutenberg_explorer.signals.traces.span_fields import kind_name, parent_of, status_of
from gutenberg_explorer.signals.traces.tags import attribute_tags, event_tags, span_tags

# The low byte holds W3C's trace flags.
_TRACE_FLAGS: Final = 0xFF
_HAS_IS_REMOTE: Final = 0x100
_IS_REMOTE: Final = 0x200


def span_json(
    span: Span, scope: InstrumentationScope, process_id: str, scope_id: str
) -> dict[str, Any]:
    """Return the span, its times in µs and as text in ns, which JavaScript's numbers can't hold."""
    start_ns, end_ns = span.start_time_unix_nano, span.end_time_unix_nano
    start, end = start_ns // 1_000, end_ns // 1_000
    flags = span.flags
    return {
        "traceID": span.trace_id.hex(),
        "spanID": span.span_id.hex(),
        "operationName": span.name,
        "references": _references(span),
        "startTime": start,
        "duration": max(0, end - start),
        "tags": span_tags(span, scope),
        "logs": [_log(event) for event in span.events],
        "processID": process_id,
        "warnings": _warnings(span) or None,
        "flags": flags & _TRACE_FLAGS,
        "kind": kind_name(span.kind) or "unspecified",
        "status": {"code": status_of(span), "message": span.status.message},
        "startTimeUnixNano": str(start_ns),
        "durationNano": str(end_ns - start_ns),
        "scopeID": scope_id,
        "traceState": span.trace_state,
        "parentIsRemote": _is_remote(flags),
        "links": [_link(link) for link in span.links],
        "droppedAttributesCount": span.dropped_attributes_count,
        "droppedEventsCount": span.dropped_events_count,
        "droppedLinksCount": span.dropped_links_count,
    }


def _log(event: Span.Event) -> dict[str, Any]:
    return {
        "timestamp": event.time_unix_nano // 1_000,
        "fields": event_tags(event),
        "name": event.name,
        "timeUnixNano": str(event.time_unix_nano),
        "droppedAttributesCount": event.dropped_attributes_count,
    }


def _link(link: Span.Link) -> dict[str, Any]:
    return {
        "traceID": link.trace_id.hex(),
        "spanID": link.span_id.hex(),
        "traceState": link.trace_state,
        "attributes": attribute_tags(link.attributes),
        "droppedAttributesCount": link.dropped_attributes_count,
        "flags": link.flags & _TRACE_FLAGS,
        "isRemote": _is_remote(link.flags),
    }


def _is_remote(flags: int) -> bool | None:
    return bool(flags & _IS_REMOTE) if flags & _HAS_IS_REMOTE else None


def _references(span: Span) -> list[dict[str, str]]:
    references = []
    parent = parent_of(span)
    if parent:
        references.append(_reference("CHILD_OF", span.trace_id, parent))
    references += [
        _reference("FOLLOWS_FROM", link.trace_id, link.span_id)
        for link in span.links
        if valid_id(link.trace_id, TRACE_ID_BYTES) and valid_id(link.span_id, SPAN_ID_BYTES)
    ]
    return references


def _reference(kind: str, trace_id: bytes, span_id: bytes) -> dict[str, str]:
    return {"refType": kind, "traceID": trace_id.hex(), "spanID": span_id.hex()}


def _warnings(span: Span) -> list[str]:
    losses = [
        (span.dropped_attributes_count, "attributes were dropped or clipped"),
        (span.dropped_events_count, "events were dropped"),
        (span.dropped_links_count, "links were dropped"),
    ]
    if span.events or span.links:
        of_events = sum(event.dropped_attributes_count for event in span.events)
        of_links = sum(link.dropped_attributes_count for link in span.links)
        losses.append((of_events, "attributes of events were dropped or clipped"))
        losses.append((of_links, "attributes of links were dropped or clipped"))
    return [f"{count} {what}" for count, what in losses if count]
