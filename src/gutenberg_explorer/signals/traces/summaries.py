"""What a list tells of traces, read from columns; the bytes of few spans are parsed.

What may be many rows leaves SQLite as one text, for the reason that `writing` gives.
"""

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from gutenberg_explorer.signals.receiver.bounds import SPAN_ID_BYTES, valid_id
from gutenberg_explorer.signals.traces.durations import histogram, percentile
from gutenberg_explorer.signals.traces.model import (
    ServiceSpans,
    Summaries,
    SummaryQuery,
    TraceSummary,
)
from gutenberg_explorer.signals.traces.queries import conditions, trace_has_tags
from gutenberg_explorer.signals.traces.rows import MAX_INTEGER
from gutenberg_explorer.signals.traces.tables import transaction

MAX_SUMMARISED_SPANS: Final = 50_000
"""Fewer traces are listed than asked for rather than those of more spans than this."""

# A writer may have looked at the clock so long before its spans can be read.
_OVERLAP_NS: Final = 6 * 10**9

_QUERY: Final = "search.query"
_HASH: Final = re.compile(r"[0-9a-f]{16}", re.ASCII)
"""What stands in the place of a query's text that is not kept."""

# Encoders write a span's fields in the order of their numbers: its trace's id, its own, a state
# if it has one, its parent's id. Where this is true the span has a parent and needs no parsing.
_HAS_PARENT: Final = (
    "(substr(s.data, 1, 2) = x'0A10' AND substr(s.data, 19, 2) = x'1208'"
    " AND substr(s.data, 29, 2) = x'2208')"
)


class _Match(NamedTuple):
    trace: int
    start_ns: int
    duration_ns: int
    touched_ns: int
    spans: int
    failed: int


class _Head(NamedTuple):
    """What a trace is recognised by."""

    name: str | None = None
    query: str | None = None


def summarise(
    connection: sqlite3.Connection, query: SummaryQuery, oldest_ns: int, now_ns: int
) -> Summaries:
    """Return the traces that match, those that started last first, and what all of them took."""
    where = query.where
    shortest = where.min_duration_ns or 0
    longest = MAX_INTEGER if where.max_duration_ns is None else where.max_duration_ns
    with transaction(connection, "DEFERRED"):
        found = _matches(connection, query, oldest_ns)
        matching = [one for one in found if shortest <= one.duration_ns <= longest]
        listed = _listed(matching, query)
        summaries = _summaries(connection, listed)
    durations = sorted(one.duration_ns for one in matching)
    return Summaries(
        traces=summaries,
        matching=len(matching),
        median_ns=percentile(durations, 0.5),
        p95_ns=percentile(durations, 0.95),
        histogram=histogram((one.duration_ns, one.failed > 0) for one in found),
        since_ns=now_ns - _OVERLAP_NS,
    )


def _matches(connection: sqlite3.Connection, query: SummaryQuery, oldest_ns: int) -> list[_Match]:
    """Return what matches but for its duration, sorted as it is listed."""
    of_trace = replace(
        query.where,
        start_min_ns=None,
        start_max_ns=None,
        min_duration_ns=None,
        max_duration_ns=None,
    )
    of_span, values = conditions(of_trace)
    # Sets instead of a look at each trace: indexes hold all that these ask for.
    failed = "t.id IN (SELECT e.trace FROM spans e WHERE e.error)"
    having = "TRUE"
    if values:
        having = (
            "t.id IN (SELECT s.trace FROM spans s JOIN origins o ON o.id = s.origin"  # noqa: S608
            f" WHERE {of_span})"
        )
    (text,) = connection.execute(
        "SELECT group_concat(t.id || ' ' || t.start_ns || ' ' || max(0, t.end_ns - t.start_ns)"  # noqa: S608
        f" || ' ' || t.touched_ns || ' ' || t.spans || ' ' || ({failed}))"
        " FROM traces t WHERE t.touched_ns >= :oldest_ns"
        " AND t.start_ns BETWEEN :first_ns AND :last_ns"
        f" AND (NOT :errors OR {failed})"
        f" AND {having}",
        {
            **values,
            "oldest_ns": oldest_ns,
            "first_ns": min(query.where.start_min_ns or 0, MAX_INTEGER),
            "last_ns": _at_most(query.where.start_max_ns),
            "errors": query.errors,
        },
    ).fetchone()
    found = [_Match(*map(int, one.split())) for one in (text or "").split(",") if one]
    found.sort(key=lambda one: (one.start_ns, one.trace), reverse=True)
    if not of_trace.tags:
        return found
    return [
        one for one in found if trace_has_tags(connection, one.trace, of_trace, of_span, values)
    ]


def _at_most(value: int | None) -> int:
    return MAX_INTEGER if value is None else min(value, MAX_INTEGER)


def _listed(matching: Sequence[_Match], query: SummaryQuery) -> list[_Match]:
    since = query.arrived_since_ns
    listed: list[_Match] = []
    spans = 0
    for one in matching:
        if since is not None and one.touched_ns < since:
            continue
        spans += one.spans
        if len(listed) == query.where.limit or (listed and spans > MAX_SUMMARISED_SPANS):
            break
        listed.append(one)
    return listed


def _summaries(connection: sqlite3.Connection, listed: Sequence[_Match]) -> list[TraceSummary]:
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
    errors: dict[int, int] = {}
    first: dict[int, str] = {}
    for trace, service, spans, failed, name, _ in connection.execute(
        "SELECT s.trace, o.service, count(*), sum(s.error), s.name, min(s.start_ns)"  # noqa: S608
        f" FROM spans s JOIN origins o ON o.id = s.origin WHERE {among}"
        " GROUP BY s.trace, o.service ORDER BY s.trace, min(s.start_ns), o.service"
    ).fetchall():
        services.setdefault(trace, []).append(ServiceSpans(service, spans))
        errors[trace] = errors.get(trace, 0) + failed
        # SQLite takes a bare column from the row that has the minimum.
        first.setdefault(trace, name)
    heads = _heads(connection, among)
    return [
        TraceSummary(
            trace_id=ids[one.trace],
            name=heads.get(one.trace, _Head()).name or first[one.trace],
            query=heads.get(one.trace, _Head()).query,
            services=services[one.trace],
            spans=one.spans,
            errors=errors[one.trace],
            start_ns=one.start_ns,
            duration_ns=one.duration_ns,
        )
        for one in listed
    ]


def _heads(connection: sqlite3.Connection, among: str) -> dict[int, _Head]:
    """Return each trace's root by its name, and the query of its first span that has one."""
    heads: dict[int, _Head] = {}
    for trace, data in connection.execute(
        f"SELECT s.trace, s.data FROM spans s WHERE {among}"  # noqa: S608
        f" AND (NOT {_HAS_PARENT} OR instr(s.data, :query))"
        " ORDER BY s.trace, s.start_ns, s.end_ns DESC",
        {"query": _QUERY.encode()},
    ).fetchall():
        span = Span.FromString(data)
        head = heads.get(trace, _Head())
        if head.name is None and not valid_id(span.parent_span_id, SPAN_ID_BYTES):
            head = head._replace(name=span.name)
        if head.query is None:
            head = head._replace(query=_query_of(span))
        heads[trace] = head
    return heads


def _query_of(span: Span) -> str | None:
    for attribute in span.attributes:
        if attribute.key == _QUERY:
            text = attribute.value.string_value
            return None if _HASH.fullmatch(text) else text or None
    return None
