"""What a list tells of traces: those that match, and what all of them took.

What may be many rows leaves SQLite as one text, for the reason that `writing` gives.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from gutenberg_explorer.signals.traces.durations import histogram, percentile
from gutenberg_explorer.signals.traces.model import (
    Summaries,
    SummaryQuery,
    TraceQuery,
    TraceSummary,
)
from gutenberg_explorer.signals.traces.queries import conditions, find_trace_ids, trace_has_tags
from gutenberg_explorer.signals.traces.rows import MAX_INTEGER
from gutenberg_explorer.signals.traces.summary_rows import Row, summaries_of
from gutenberg_explorer.signals.traces.tables import transaction

MAX_SUMMARISED_SPANS: Final = 50_000
"""Fewer traces are listed than asked for rather than those of more spans than this."""

# A writer may have looked at the clock so long before its spans can be read.
_OVERLAP_NS: Final = 6 * 10**9


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
        summaries = summaries_of(connection, listed)
    durations = sorted(one.duration_ns for one in matching)
    return Summaries(
        traces=summaries,
        matching=len(matching),
        median_ns=percentile(durations, 0.5),
        p95_ns=percentile(durations, 0.95),
        histogram=histogram((one.duration_ns, one.failed > 0) for one in found),
        since_ns=now_ns - _OVERLAP_NS,
    )


def summarise_found(
    connection: sqlite3.Connection, query: TraceQuery, oldest_ns: int
) -> list[TraceSummary]:
    """Return the summaries of the traces that `find_trace_ids` finds, with their orphans."""
    with transaction(connection, "DEFERRED"):
        found = find_trace_ids(connection, query, oldest_ns)
        marks = ",".join("?" * len(found))
        rows = connection.execute(
            "SELECT id, start_ns, max(0, end_ns - start_ns), touched_ns, spans, 0 FROM traces"  # noqa: S608
            f" WHERE trace_id IN ({marks}) ORDER BY start_ns DESC, id DESC",
            found,
        ).fetchall()
        listed = _within_spans([Row(*row) for row in rows])
        return summaries_of(connection, listed, orphans=True)


def _matches(connection: sqlite3.Connection, query: SummaryQuery, oldest_ns: int) -> list[Row]:
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
    if of_span != "TRUE":
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
    found = [Row(*map(int, one.split())) for one in (text or "").split(",") if one]
    found.sort(key=lambda one: (one.start_ns, one.trace), reverse=True)
    if not of_trace.tags:
        return found
    return [
        one for one in found if trace_has_tags(connection, one.trace, of_trace, of_span, values)
    ]


def _at_most(value: int | None) -> int:
    return MAX_INTEGER if value is None else min(value, MAX_INTEGER)


def _listed(matching: Sequence[Row], query: SummaryQuery) -> list[Row]:
    since = query.arrived_since_ns
    wanted = (one for one in matching if since is None or one.touched_ns >= since)
    return _within_spans(islice(wanted, query.where.limit))


def _within_spans(rows: Iterable[Row]) -> list[Row]:
    """Return the first rows, of MAX_SUMMARISED_SPANS spans together; at least one."""
    listed: list[Row] = []
    spans = 0
    for row in rows:
        spans += row.spans
        if listed and spans > MAX_SUMMARISED_SPANS:
            break
        listed.append(row)
    return listed
