"""One batch of spans into the store's tables.

Python lets go of its interpreter lock for each row that SQLite steps over, and where other threads
compute it takes milliseconds to get it back. So a batch is a handful of statements of many rows.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeVar

from gutenberg_explorer.signals.traces.conflicts import count_conflicts
from gutenberg_explorer.signals.traces.model import Added, Limits
from gutenberg_explorer.signals.traces.rows import Batch, Origin, SpanRow

# Times nine columns: well below the number of values that any build of SQLite takes at once.
_ROWS = 1_000

_T = TypeVar("_T")


def write(connection: sqlite3.Connection, batch: Batch, limits: Limits, now_ns: int) -> Added:
    """Store `batch` inside a transaction; return what became of its spans.

    The first span of an id stays: nobody can overwrite what another has sent.
    """
    distinct = {row.origin.digest: row.origin for row in chain(*batch.traces.values())}
    origins = {digest: _origin_id(connection, origin) for digest, origin in distinct.items()}
    traces = _touch(connection, batch, now_ns)
    values: list[tuple[object, ...]] = []
    dropped = 0
    for trace_id, rows in batch.traces.items():
        trace, held = traces[trace_id]
        room = limits.max_spans_per_trace - held
        kept = rows
        if len(rows) > room:
            kept, excess = _fit(connection, trace, rows, room)
            dropped += excess
        values.extend(
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
            for row in kept
        )
    before = connection.total_changes
    for chunk in _chunks(values):
        _insert(connection, "INSERT OR IGNORE INTO spans VALUES", chunk)
    stored = connection.total_changes - before
    conflicting = 0
    if stored < sum(map(len, batch.traces.values())):
        conflicting = _note_conflicts(connection, batch, traces)
        if dropped or conflicting:
            _shrink(connection, [trace for trace, _ in traces.values()])
    for ids in _chunks([trace for trace, _ in traces.values()]):
        connection.execute(
            "UPDATE traces SET spans = (SELECT count(*) FROM spans WHERE trace = traces.id)"  # noqa: S608
            f" WHERE id IN ({_marks(ids)})",
            ids,
        )
    return Added(stored, dropped, conflicting)


def _note_conflicts(
    connection: sqlite3.Connection, batch: Batch, traces: Mapping[bytes, tuple[int, int]]
) -> int:
    """Count in their traces the spans whose ids others have; return how many there are."""
    candidates = [
        (traces[trace_id][0], row.span_id, row.data)
        for trace_id, rows in batch.traces.items()
        for row in rows
    ]
    total = 0
    for chunk in _chunks(candidates):
        for trace, count in count_conflicts(connection, chunk).items():
            connection.execute(
                "UPDATE traces SET conflicting = conflicting + ? WHERE id = ?", (count, trace)
            )
            total += count
    return total


def _shrink(connection: sqlite3.Connection, traces: Sequence[int]) -> None:
    """Take the times of spans that were left out from the traces again."""
    for ids in _chunks(traces):
        connection.execute(
            "UPDATE traces SET (start_ns, end_ns) ="  # noqa: S608
            " (SELECT min(start_ns), max(end_ns) FROM spans WHERE trace = traces.id)"
            f" WHERE id IN ({_marks(ids)})",
            ids,
        )


def _chunks(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), _ROWS):
        yield items[start : start + _ROWS]


def _marks(values: Sequence[object]) -> str:
    """Return a question mark for each value: no value ever becomes part of a statement's text."""
    return ",".join("?" * len(values))


def _insert(
    connection: sqlite3.Connection, into: str, rows: Sequence[tuple[object, ...]], then: str = ""
) -> None:
    row = f"({_marks(rows[0])})"
    connection.execute(f"{into} {','.join([row] * len(rows))} {then}", [*chain(*rows)])


def _touch(
    connection: sqlite3.Connection, batch: Batch, now_ns: int
) -> dict[bytes, tuple[int, int]]:
    """Make or widen the rows of the batch's traces; return each one's id and number of spans."""
    found: dict[bytes, tuple[int, int]] = {}
    for chunk in _chunks(list(batch.traces.items())):
        _insert(
            connection,
            "INSERT INTO traces (trace_id, start_ns, end_ns, spans, dropped, touched_ns) VALUES",
            [
                (
                    trace_id,
                    min(row.start_ns for row in rows),
                    max(row.end_ns for row in rows),
                    0,
                    0,
                    now_ns,
                )
                for trace_id, rows in chunk
            ],
            "ON CONFLICT (trace_id) DO UPDATE SET"
            " start_ns = min(start_ns, excluded.start_ns), end_ns = max(end_ns, excluded.end_ns),"
            " touched_ns = max(touched_ns, excluded.touched_ns)",
        )
        ids = [trace_id for trace_id, _ in chunk]
        (listed,) = connection.execute(
            "SELECT group_concat(hex(trace_id) || ' ' || id || ' ' || spans) FROM traces"  # noqa: S608
            f" WHERE trace_id IN ({_marks(ids)})",
            ids,
        ).fetchone()
        for entry in listed.split(","):
            trace_id, trace, held = entry.split()
            found[bytes.fromhex(trace_id)] = (int(trace), int(held))
    return found


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


def _fit(
    connection: sqlite3.Connection, trace: int, rows: Iterable[SpanRow], room: int
) -> tuple[list[SpanRow], int]:
    """Return the rows that a nearly full trace still takes, and how many it drops, noted in it."""
    new: dict[bytes, dict[bytes, SpanRow]] = {}
    for row in rows:
        known = connection.execute(
            "SELECT 1 FROM spans WHERE trace = ? AND span_id = ?", (trace, row.span_id)
        ).fetchone()
        if not known:
            new.setdefault(row.span_id, {}).setdefault(row.data, row)
    variants = list(new.values())
    fitting = [next(iter(rows_of_id.values())) for rows_of_id in variants[:room]]
    dropped = sum(len(rows_of_id) for rows_of_id in variants[room:])
    connection.execute("UPDATE traces SET dropped = dropped + ? WHERE id = ?", (dropped, trace))
    return fitting, dropped
