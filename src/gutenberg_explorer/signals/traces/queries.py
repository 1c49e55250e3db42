"""Reading the store's tables."""

import sqlite3
from typing import Any

from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span

from gutenberg_explorer.signals.traces.model import (
    SPAN_KINDS,
    Operation,
    StoredTrace,
    TraceQuery,
)
from gutenberg_explorer.signals.traces.rows import MAX_INTEGER
from gutenberg_explorer.signals.traces.tables import transaction
from gutenberg_explorer.signals.traces.tags import DERIVED_TAGS, has_tags, process_tags


def read_trace(
    connection: sqlite3.Connection, trace_id: bytes, oldest_ns: int
) -> StoredTrace | None:
    """Return the trace, or None when the store has nothing of it since `oldest_ns`."""
    with transaction(connection, "DEFERRED"):
        found = connection.execute(
            "SELECT id, dropped FROM traces WHERE trace_id = ? AND touched_ns >= ?",
            (trace_id, oldest_ns),
        ).fetchone()
        if found is None:
            return None
        trace, dropped = found
        rows = connection.execute(
            "SELECT origin, data FROM spans WHERE trace = ? ORDER BY start_ns, span_id", (trace,)
        ).fetchall()
        origins = connection.execute(
            "SELECT id, data FROM origins WHERE id IN (SELECT origin FROM spans WHERE trace = ?)",
            (trace,),
        ).fetchall()
    by_origin = {origin: ResourceSpans.FromString(data) for origin, data in origins}
    for origin, data in rows:
        by_origin[origin].scope_spans[0].spans.add().MergeFromString(data)
    return StoredTrace(trace_id, list(by_origin.values()), dropped)


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


def conditions(query: TraceQuery) -> tuple[str, dict[str, Any]]:
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
    values: dict[str, Any] = {}
    for condition, value in asked.items():
        if value is not None:
            wanted.append(condition)
            limited = value if isinstance(value, str) else max(-1, min(value, MAX_INTEGER))
            values[condition.rpartition(":")[2]] = limited
    for number, key in enumerate(k for k in query.tags if k not in DERIVED_TAGS):
        # An attribute's key stands in the protobuf bytes as it is: most spans need no parsing.
        name = f"tag{number}"
        wanted.append(f"(instr(s.data, :{name}) OR instr(o.data, :{name}))")
        values[name] = key.encode(errors="replace")
    return " AND ".join(wanted) or "TRUE", values


def trace_has_tags(
    connection: sqlite3.Connection,
    trace: int,
    query: TraceQuery,
    where: str,
    values: dict[str, Any],
) -> bool:
    """Return whether a span of the trace meets the conditions and has the query's tags."""
    rows = connection.execute(
        "SELECT s.origin, s.data, o.data"  # noqa: S608
        " FROM traces t, spans s JOIN origins o ON o.id = s.origin"
        f" WHERE t.id = :trace AND s.trace = t.id AND {where}",
        {**values, "trace": trace},
    ).fetchall()
    origins: dict[int, tuple[ResourceSpans, list[dict[str, Any]]]] = {}
    for origin, data, origin_data in rows:
        if origin not in origins:
            parsed = ResourceSpans.FromString(origin_data)
            origins[origin] = parsed, process_tags(parsed)
        resource_spans, process = origins[origin]
        scope = resource_spans.scope_spans[0].scope
        if has_tags(Span.FromString(data), scope, process, query.tags):
            return True
    return False


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
    return sorted(
        {
            Operation(name, SPAN_KINDS[kind] if 0 <= kind < len(SPAN_KINDS) else "")
            for name, kind in rows
        }
    )
