"""Which services call which, counted in the stored traces."""

import sqlite3

from gutenberg_explorer.signals.traces.model import Dependency
from gutenberg_explorer.signals.traces.parents import PARENT
from gutenberg_explorer.signals.traces.rows import MAX_INTEGER


def read_dependencies(
    connection: sqlite3.Connection, start_ns: int, end_ns: int, oldest_ns: int
) -> list[Dependency]:
    """Return the calls between services in the traces that were under way in that time, sorted.

    A call is a span whose parent is a span of another service.
    """
    rows = connection.execute(
        "SELECT caller.service, o.service, count(*) FROM traces t"  # noqa: S608
        " CROSS JOIN spans s ON s.trace = t.id"
        f" CROSS JOIN spans p ON p.trace = s.trace AND p.span_id = {PARENT}"
        " CROSS JOIN origins o ON o.id = s.origin"
        " CROSS JOIN origins caller ON caller.id = p.origin"
        " WHERE t.touched_ns >= :oldest_ns AND t.start_ns <= :end_ns AND t.end_ns >= :start_ns"
        " AND caller.service != o.service"
        " GROUP BY 1, 2 ORDER BY 1, 2",
        {
            "oldest_ns": oldest_ns,
            "start_ns": max(-1, min(start_ns, MAX_INTEGER)),
            "end_ns": max(-1, min(end_ns, MAX_INTEGER)),
        },
    ).fetchall()
    return [Dependency(parent, child, calls) for parent, child, calls in rows]
