"""Keeping the store within its limits."""

import sqlite3
from datetime import timedelta

from gutenberg_explorer.signals.traces.model import Limits

# A full store makes room for the next many adds at once, so that most of them delete nothing.
_SLACK = 32


def bytes_in_use(connection: sqlite3.Connection) -> int:
    """Return the bytes of the database's pages that hold something."""
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    return int(size * (pages - free))


def oldest_ns(limits: Limits, now_ns: int) -> int:
    """Return the time before which a trace's last arrival is too long ago."""
    return now_ns - limits.max_age // timedelta(microseconds=1) * 1_000


def enforce_size(connection: sqlite3.Connection, limits: Limits) -> int:
    """Delete whole traces until the store is within its size; return how many went.

    Runs inside the transaction that made the store grow, so that no commit leaves it too large.
    """
    gone = 0
    (traces,) = connection.execute("SELECT count(*) FROM traces").fetchone()
    if traces > limits.max_traces:
        target = limits.max_traces - limits.max_traces // _SLACK
        gone += _delete_oldest(connection, traces - target)
    if bytes_in_use(connection) > limits.max_bytes:
        target = limits.max_bytes - limits.max_bytes // _SLACK
        while traces > gone and bytes_in_use(connection) > target:
            gone += _delete_oldest(connection, max(1, (traces - gone) // _SLACK))
    return gone


def enforce_age(connection: sqlite3.Connection, limits: Limits, now_ns: int) -> int:
    """Delete the traces that nothing has arrived for in `max_age`; return how many went."""
    (expired,) = connection.execute(
        "SELECT count(*) FROM traces WHERE touched_ns < ?", (oldest_ns(limits, now_ns),)
    ).fetchone()
    return _delete_oldest(connection, expired) if expired else 0


def delete_all(connection: sqlite3.Connection) -> int:
    """Delete all traces; return how many went."""
    (count,) = connection.execute("SELECT count(*) FROM traces").fetchone()
    for table in ("spans", "traces", "origins"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608
    return int(count)


def _delete_oldest(connection: sqlite3.Connection, count: int) -> int:
    doomed = connection.execute(
        "SELECT id FROM traces ORDER BY touched_ns, id LIMIT ?", (count,)
    ).fetchall()
    connection.executemany("DELETE FROM spans WHERE trace = ?", doomed)
    connection.executemany("DELETE FROM traces WHERE id = ?", doomed)
    connection.execute(
        "DELETE FROM origins WHERE NOT EXISTS (SELECT 1 FROM spans WHERE origin = origins.id)"
    )
    return len(doomed)
