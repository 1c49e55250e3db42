"""The summaries of given traces, read from columns; the bytes of few spans are parsed."""

import contextlib
import re
import sqlite3
from collections.abc import Sequence
from typing import Final, NamedTuple

from google.protobuf.message import DecodeError
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from gutenberg_explorer.signals.traces.model import ServiceSpans, TraceSummary
from gutenberg_explorer.signals.traces.parents import HAS_PARENT, ORPHAN
from gutenberg_explorer.signals.traces.root import Lineage, root_order
from gutenberg_explorer.signals.traces.span_fields import parent_of

_ROOT_COLUMNS: Final = "s.span_id, s.start_ns, s.end_ns, s.name, o.service"

_QUERY: Final = "search.query"
_HASH: Final = re.compile(r"[0-9a-f]{16}", re.ASCII)
"""What stands in the place of a query's text that is not kept."""


class Row(NamedTuple):
    """A trace's columns."""

    trace: int
    start_ns: int
    duration_ns: int
    touched_ns: int
    spans: int
    failed: int


class _Root(NamedTuple):
    """The span that a trace is called after."""

    span_id: bytes
    name: str
    service: str


def summaries_of(
    connection: sqlite3.Connection, listed: Sequence[Row], *, orphans: bool = False
) -> list[TraceSummary]:
    """Return the summaries of the traces of these rows, in their order."""
    if not listed:
        return []
    traces = [one.trace for one in listed]
    # Only numbers that the store made itself stand in the SQL.
    among = f"s.trace IN ({','.join(map(str, traces))})"
    ids = dict(
        connection.execute(
            f"SELECT id, trace_id FROM traces s WHERE {among.replace('s.trace', 'id')}"  # noqa: S608
        ).fetchall()
    )
    services: dict[int, list[ServiceSpans]] = {}
    for trace, service, spans, failed in connection.execute(
        "SELECT s.trace, o.service, count(*), sum(s.error)"  # noqa: S608
        f" FROM spans s JOIN origins o ON o.id = s.origin WHERE {among}"
        " GROUP BY s.trace, o.service ORDER BY s.trace, min(s.start_ns), o.service"
    ).fetchall():
        services.setdefault(trace, []).append(ServiceSpans(service, spans, failed))
    roots, queries = _roots_and_queries(connection, among)
    for lineage, condition in ((Lineage.PARENT_MISSING, ORPHAN), (Lineage.PARENT_HERE, "TRUE")):
        rest = [trace for trace in traces if trace not in roots]
        roots |= _roots_of(connection, rest, lineage, condition)
    orphaned = _orphans(connection, among) if orphans else {}
    return [
        TraceSummary(
            trace_id=ids[one.trace],
            name=roots[one.trace].name,
            root=roots[one.trace].span_id,
            root_service=roots[one.trace].service,
            query=queries.get(one.trace),
            services=services[one.trace],
            spans=one.spans,
            errors=sum(service.errors for service in services[one.trace]),
            start_ns=one.start_ns,
            duration_ns=one.duration_ns,
            orphans=orphaned.get(one.trace, 0) if orphans else None,
        )
        for one in listed
        if one.trace in roots
    ]


def _roots_and_queries(
    connection: sqlite3.Connection, among: str
) -> tuple[dict[int, _Root], dict[int, str]]:
    """Return the roots that have no parent, and the query of each trace's first span with one.

    Nearly every trace has a span without a parent.
    """
    parentless: dict[int, list[tuple[object, _Root]]] = {}
    queries: dict[int, str] = {}
    rows = connection.execute(
        f"SELECT s.trace, {_ROOT_COLUMNS}, s.data"  # noqa: S608
        f" FROM spans s CROSS JOIN origins o ON o.id = s.origin WHERE {among}"
        f" AND (NOT {HAS_PARENT} OR instr(s.data, :query))"
        " ORDER BY s.trace, s.start_ns, s.end_ns DESC",
        {"query": _QUERY.encode()},
    )
    for trace, span_id, start_ns, end_ns, name, service, data in rows.fetchall():
        with contextlib.suppress(DecodeError):
            span = Span.FromString(data)
            query = _query_of(span)
            if query:
                queries.setdefault(trace, query)
            if not parent_of(span):
                order = root_order(Lineage.NO_PARENT, start_ns, end_ns, span_id)
                parentless.setdefault(trace, []).append((order, _Root(span_id, name, service)))
    return {trace: min(found)[1] for trace, found in parentless.items()}, queries


def _roots_of(
    connection: sqlite3.Connection, traces: Sequence[int], lineage: Lineage, condition: str
) -> dict[int, _Root]:
    """Return the roots of traces whose spans all have a parent, among those of one `lineage`."""
    if not traces:
        return {}
    placed: dict[int, list[tuple[object, _Root]]] = {}
    rows = connection.execute(
        f"SELECT s.trace, {_ROOT_COLUMNS} FROM spans s CROSS JOIN origins o ON o.id = s.origin"  # noqa: S608
        f" WHERE s.trace IN ({','.join(map(str, traces))}) AND {condition}"
    )
    for trace, span_id, start_ns, end_ns, name, service in rows.fetchall():
        order = root_order(lineage, start_ns, end_ns, span_id)
        placed.setdefault(trace, []).append((order, _Root(span_id, name, service)))
    return {trace: min(found)[1] for trace, found in placed.items()}


def _orphans(connection: sqlite3.Connection, among: str) -> dict[int, int]:
    """Return how many spans of each trace have a parent that is not here."""
    return dict(
        connection.execute(
            f"SELECT s.trace, count(*) FROM spans s WHERE {among} AND {ORPHAN} GROUP BY s.trace"  # noqa: S608
        ).fetchall()
    )


def _query_of(span: Span) -> str | None:
    for attribute in span.attributes:
        if attribute.key == _QUERY:
            text = attribute.value.string_value
            return None if _HASH.fullmatch(text) else text or None
    return None
