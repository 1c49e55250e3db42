"""What a store's file holds, read past the store."""

import contextlib
import sqlite3
from typing import NamedTuple

from gutenberg_explorer.signals import TraceStore
from gutenberg_explorer.signals.traces.retention import bytes_in_use


class Held(NamedTuple):
    """How many traces and spans there are, and the bytes of the pages in use."""

    traces: int
    spans: int
    bytes: int


def held(store: TraceStore) -> Held:
    """Return how much the file of a store holds."""
    with contextlib.closing(sqlite3.connect(store._path)) as connection:
        (traces,) = connection.execute("SELECT count(*) FROM traces").fetchone()
        (spans,) = connection.execute("SELECT count(*) FROM spans").fetchone()
        return Held(traces, spans, bytes_in_use(connection))
