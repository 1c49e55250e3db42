"""Reading the store's tables."""

import contextlib
import sqlite3
from collections.abc import Iterable, Mapping

from google.protobuf.internal.containers import RepeatedCompositeFieldContainer
from google.protobuf.message import DecodeError
from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span

from gutenberg_explorer.signals.traces import tags
from gutenberg_explorer.signals.traces.model import (
    SPAN_KINDS,
    Operation,
    StoredTrace,
    TraceQuery,
)
from gutenberg_explorer.signals.traces.rows import MAX_INTEGER
from gutenberg_explorer.signals.traces.span_fields import kind_name
from gutenberg_explorer.signals.traces.tables import transaction


def read_trace(
    connection: sqlite3.Connection, trace_id: bytes, oldest_ns: int
) -> StoredTrace | None:
    """Return the trace, or None when the store has nothing of it since `oldest_ns`.

    Rows that can't be decoded are left out, and counted.
    """
    with transaction(connection, "DEFERRED"):
        found = connection.execute(
            "SELECT id, dropped, conflicting FROM traces WHERE trace_id = ? AND touched_ns >= ?",
            (trace_id, oldest_ns),
        ).fetchone()
        if found is None:
            return None
        trace, dropped, conflicting = found
        rows = connection.execute(
            "SELECT origin, data FROM spans WHERE trace = ? ORDER BY start_ns, span_id", (trace,)
        ).fetchall()
        origins = connection.execute(
            "SELECT id, data FROM origins WHERE id IN (SELECT origin FROM spans WHERE trace = ?)",
            (trace,),
        ).fetchall()
    resource_spans, unreadable = _assembled(origins, rows)
    return StoredTrace(trace_id, resource_spans, dropped, conflicting, unreadable)


def _assembled(
    origins: Iterable[tuple[int, bytes]], rows: Iterable[tuple[int, bytes]]
) -> tuple[list[ResourceSpans], int]:
    """Return the spans below their origins, and how many rows can't be decoded."""
    by_origin: dict[int, ResourceSpans] = {}
    spans_of: dict[int, RepeatedCompositeFieldContainer[Span]] = {}
    for origin, data in origins:
        with contextlib.suppress(DecodeError, LookupError):
            resource_spans = ResourceSpans.FromString(data)
            spans_of[origin] = resource_spans.scope_spans[0].spans
            by_origin[origin] = resource_spans
    unreadable = 0
    for origin, data in rows:
        spans = spans_of.get(origin)
        if spans is None:
            unreadable += 1
            continue
        try:
            spans.add().MergeFromString(data)
        except DecodeError:
            del spans[-1]
            unreadable += 1
    return [by_origin[origin] for origin, spans in spans_of.items() if spans], unreadable


def find_trace_ids(
    connection: sqlite3.Connection, query: TraceQuery, oldest_ns: int
) -> list[bytes]:
    """Return the ids of the traces that match, those that started last first."""
    where, values = conditions(query)
    # Only the ids are fetched at once: the tags are compared trace by trace, in short reads.
    found = connection.execute(
        "SELECT t.id, t.trace_id FROM traces t WHERE t.touched_ns >= :oldest_ns AND EXISTS"  # noqa: S608
        f" (SELECT 1 FROM spans s JOIN origins o ON o.id = s.origin"
        f" WHERE s.trace = t.id AND {where})"
        " ORDER BY t.start_ns DESC, t.id DESC LIMIT :limit",
        {**values, "oldest_ns": oldest_ns, "limit": -1 if query.tags else query.limit},
    ).fetchall()
    if not query.tags:
        return [trace_id for _, trace_id in found]
    matching: list[bytes] = []
    for trace, trace_id in found:
        if len(matching) == query.limit:
            break
        if trace_has_tags(connection, trace, query, where, values):
            matching.append(trace_id)
    return matching


def conditions(query: TraceQuery) -> tuple[str, dict[str, object]]:
    """Return what must hold of a span `s` of origin `o` in its trace `t`, and its parameters.

    Nothing that was asked for stands in the SQL itself.
    """
    length = "t.end_ns - t.start_ns"
    if query.service is not None or query.operation is not None or query.tags:
        length = "s.end_ns - s.start_ns"
    asked = {
        "o.service = :service": query.service,
        "s.name = :operation": query.operation,
        "s.start_ns >= :start_min_ns": query.start_min_ns,
        "s.start_ns <= :start_max_ns": query.start_max_ns,
        f"{length} >= :min_duration_ns": query.min_duration_ns,
        f"{length} <= :max_duration_ns": query.max_duration_ns,
    }
    wanted: list[str] = []
    values: dict[str, object] = {}
    for condition, value in asked.items():
        if value is not None:
            wanted.append(condition)
            limited = value if isinstance(value, str) else max(-1, min(value, MAX_INTEGER))
            values[condition.rpartition(":")[2]] = limited
    for number, (key, value) in enumerate(query.tags.items()):
        condition, needles = _tag_condition(key, value, number)
        wanted.append(condition)
        values |= needles
    return " AND ".join(wanted) or "TRUE", values


def _tag_condition(key: str, value: str, number: int) -> tuple[str, Mapping[str, object]]:
    """Return what is true of every span that has a tag, and of few others: `has_tags` decides."""
    if key == tags.ERROR:
        return "s.error" if value == "true" else "FALSE", {}
    if key == tags.STATUS_CODE:
        return {"ERROR": "s.error", "OK": "NOT s.error"}.get(value, "FALSE"), {}
    name = f"tag{number}"
    if key == tags.SPAN_KIND:
        return f"s.kind = :{name}", {name: SPAN_KINDS.index(value) if value in SPAN_KINDS else -1}
    # An attribute's key stands in the protobuf bytes as it is, and so does the text of a field.
    needles = [value] if key in tags.SPAN_TAGS else [tags.sent_name(key)]
    if key == tags.EVENT:
        needles.append(value)
    named = {f"{name}_{at}": text.encode(errors="replace") for at, text in enumerate(needles)}
    found = " OR ".join(f"instr(s.data, :{one}) OR instr(o.data, :{one})" for one in named)
    return f"({found})", named


def trace_has_tags(
    connection: sqlite3.Connection,
    trace: int,
    query: TraceQuery,
    where: str,
    values: dict[str, object],
) -> bool:
    """Return whether a span of the trace meets the conditions and has the query's tags."""
    rows = connection.execute(
        "SELECT s.origin, s.data, o.data"  # noqa: S608
        " FROM traces t, spans s JOIN origins o ON o.id = s.origin"
        f" WHERE t.id = :trace AND s.trace = t.id AND {where}",
        {**values, "trace": trace},
    ).fetchall()
    origins: dict[int, tuple[InstrumentationScope, list[tags.Tag]]] = {}
    for origin, data, origin_data in rows:
        if origin not in origins:
            origins[origin] = _origin(origin_data)
        with contextlib.suppress(DecodeError):
            scope, process = origins[origin]
            if tags.has_tags(Span.FromString(data), scope, process, query.tags):
                return True
    return False


def _origin(data: bytes) -> tuple[InstrumentationScope, list[tags.Tag]]:
    """Return an origin's scope and its resource's tags, both empty when it can't be decoded."""
    try:
        parsed = ResourceSpans.FromString(data)
        return parsed.scope_spans[0].scope, tags.process_tags(parsed)
    except (DecodeError, LookupError):
        return InstrumentationScope(), []


def read_services(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the services that have spans here, sorted."""
    rows = connection.execute(
        "SELECT DISTINCT service FROM origins WHERE service != '' ORDER BY service"
    )
    return [service for (service,) in rows.fetchall()]


def read_operations(connection: sqlite3.Connection, service: str) -> list[Operation]:
    """Return the names and kinds of the service's spans, sorted."""
    rows = connection.execute(
        "SELECT DISTINCT s.name, s.kind FROM origins o JOIN spans s ON s.origin = o.id"
        " WHERE o.service = ?",
        (service,),
    ).fetchall()
    return sorted({Operation(name, kind_name(kind)) for name, kind in rows})
