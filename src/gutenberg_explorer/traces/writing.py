"""One batch of spans into the store's tables."""

import sqlite3

from gutenberg_explorer.traces.model import Limits
from gutenberg_explorer.traces.rows import Batch, Origin, SpanRow

_INSERT_SPAN = "INSERT OR IGNORE INTO spans VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"


def write(connection: sqlite3.Connection, batch: Batch, limits: Limits, now_ns: int) -> int:
    """Store `batch` inside a transaction; return how many of its spans are new.

    The first span of an id stays: nobody can overwrite what another has sent.
    """
    origins: dict[bytes, int] = {}
    stored = 0
    for trace_id, rows in batch.traces.items():
        for row in rows:
            if row.origin.digest not in origins:
                origins[row.origin.digest] = _origin_id(connection, row.origin)
        stored += _write_trace(connection, trace_id, rows, origins, limits, now_ns)
    return stored


def _origin_id(connection: sqlite3.Connection, origin: Origin) -> int:
    found = connection.execute(
        "SELECT id FROM origins WHERE digest = ?", (origin.digest,)
    ).fetchone()
    if found:
        return int(found[0])
    return int(
        connection.execute(
            "INSERT INTO origins (digest, service, data) VALUES (?, ?, ?)",
            (origin.digest, origin.service, origin.data),
        ).lastrowid
        or 0
    )


def _write_trace(
    connection: sqlite3.Connection,
    trace_id: bytes,
    rows: list[SpanRow],
    origins: dict[bytes, int],
    limits: Limits,
    now_ns: int,
) -> int:
    start_ns = min(row.start_ns for row in rows)
    end_ns = max(row.end_ns for row in rows)
    connection.execute(
        "INSERT INTO traces (trace_id, start_ns, end_ns, spans, dropped, touched_ns)"
        " VALUES (?, ?, ?, 0, 0, ?) ON CONFLICT (trace_id) DO UPDATE SET"
        " start_ns = min(start_ns, excluded.start_ns), end_ns = max(end_ns, excluded.end_ns),"
        " touched_ns = max(touched_ns, excluded.touched_ns)",
        (trace_id, start_ns, end_ns, now_ns),
    )
    trace, held = connection.execute(
        "SELECT id, spans FROM traces WHERE trace_id = ?", (trace_id,)
    ).fetchone()
    dropped = 0
    room = limits.max_spans_per_trace - held
    if len(rows) > room:
        rows, dropped = _fit(connection, trace, rows, room)
    before = connection.total_changes
    connection.executemany(
        _INSERT_SPAN,
        [
            (
                trace,
                row.span_id,
                origins[row.origin.digest],
                row.name,
                row.kind,
                row.start_ns,
                row.end_ns,
                row.error,
                row.data,
            )
            for row in rows
        ],
    )
    stored = connection.total_changes - before
    connection.execute(
        "UPDATE traces SET spans = spans + ?, dropped = dropped + ? WHERE id = ?",
        (stored, dropped, trace),
    )
    return stored


def _fit(
    connection: sqlite3.Connection, trace: int, rows: list[SpanRow], room: int
) -> tuple[list[SpanRow], int]:
    """Return the rows that a nearly full trace still takes, and how many others it drops."""
    new: dict[bytes, SpanRow] = {}
    for row in rows:
        known = connection.execute(
            "SELECT 1 FROM spans WHERE trace = ? AND span_id = ?", (trace, row.span_id)
        ).fetchone()
        if not known:
            new.setdefault(row.span_id, row)
    fitting = list(new.values())[:room]
    return fitting, len(new) - len(fitting)
