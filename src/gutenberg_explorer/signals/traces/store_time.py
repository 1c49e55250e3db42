"""The store's own time, which the age and the order of traces go by.

A machine's clock jumps: someone sets it, or it is wrong until it is synchronised. If ages went by
it, a jump ahead would delete every trace, and a jump back would let new traces go before old ones.
So the store's time goes on with the time since the machine started, which does not jump. Only from
one start of the machine to the next does it go by the clock, and never backwards.
"""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TABLE: Final = """
CREATE TABLE IF NOT EXISTS clock (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    time_ns INTEGER NOT NULL, wall_ns INTEGER NOT NULL, uptime_ns INTEGER NOT NULL,
    boot TEXT NOT NULL
)
"""
"""Holds the store's time as it was last noted, and what the machine's clocks said then."""

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")

# Linux counts sleep in the first of these alone, macOS in the second.
_UPTIME: Final = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))


def uptime_ns() -> int:
    """Return the ns since some moment that is the same until the machine starts anew."""
    return time.monotonic_ns() if _UPTIME is None else time.clock_gettime_ns(_UPTIME)


def boot_id() -> str:
    """Return what tells one start of the machine from another, empty where that is unknown."""
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""


@dataclass(frozen=True, slots=True)
class Clocks:
    """What a machine has to tell the time by, in ns."""

    wall: Callable[[], int]
    """Since 1970; it jumps."""

    uptime: Callable[[], int]
    """Since the machine started."""

    boot: str
    """The id of that start."""


def known_offset(connection: sqlite3.Connection, clocks: Clocks) -> int | None:
    """Return what has to be added to the uptime for the store's time.

    None when the time was not noted since this start of the machine.
    """
    found = connection.execute("SELECT time_ns, uptime_ns, boot FROM clock").fetchone()
    if found is None:
        return None
    time_ns, uptime_then, boot = found
    if not boot or boot != clocks.boot or uptime_then > clocks.uptime():
        return None
    return int(time_ns - uptime_then)


def synchronise(connection: sqlite3.Connection, clocks: Clocks) -> int:
    """Return the same where it may not be known yet, and note it; in a transaction that writes."""
    known = known_offset(connection, clocks)
    if known is not None:
        return known
    found = connection.execute("SELECT time_ns, wall_ns FROM clock").fetchone()
    if found is None:
        # A store from before it had a time of its own may have been written while the clock was
        # ahead.
        now = clocks.wall()
        connection.execute(
            "UPDATE traces SET touched_ns = :now WHERE touched_ns > :now", {"now": now}
        )
    else:
        time_ns, wall_ns = found
        (last,) = connection.execute("SELECT max(touched_ns) FROM traces").fetchone()
        now = max(time_ns + max(0, clocks.wall() - wall_ns), last or 0)
    offset = int(now - clocks.uptime())
    note(connection, clocks, offset)
    return offset


def note(connection: sqlite3.Connection, clocks: Clocks, offset: int) -> None:
    """Write down the store's time beside the machine's clocks, for the machine's next start."""
    uptime = clocks.uptime()
    connection.execute(
        "INSERT OR REPLACE INTO clock VALUES (1, ?, ?, ?, ?)",
        (uptime + offset, clocks.wall(), uptime, clocks.boot),
    )
