"""The parent of a stored span, read in SQL.

Rows hold spans as protobuf writes them, the fields in the order of their numbers: the trace's id,
the span's own, a state, the parent's id, the name. So the place of the parent is known for a span
without a state; others are parsed.
"""

import sqlite3
from typing import Final

from google.protobuf.message import DecodeError
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from gutenberg_explorer.signals.traces.span_fields import parent_of

HAS_PARENT: Final = (
    "(substr(s.data, 29, 2) = x'2208' AND substr(s.data, 1, 2) = x'0A10'"
    " AND substr(s.data, 19, 2) = x'1208' AND substr(s.data, 31, 8) != zeroblob(8))"
)
"""True of most spans `s` that have a parent, and of no others."""

PARENT: Final = (
    f"CASE WHEN {HAS_PARENT} THEN substr(s.data, 31, 8)"
    " WHEN substr(s.data, 29, 1) = x'2A' THEN NULL"
    " ELSE span_parent(s.data) END"
)
"""The id of the parent of `s`, NULL when it has none."""

ORPHAN: Final = (
    f"(({PARENT}) IS NOT NULL AND NOT EXISTS"  # noqa: S608
    f" (SELECT 1 FROM spans p WHERE p.trace = s.trace AND p.span_id = {PARENT}))"
)
"""Whether `s` has a parent that is not here."""


def register(connection: sqlite3.Connection) -> None:
    """Make known to `connection` the function that the expressions use."""
    connection.create_function("span_parent", 1, _parent, deterministic=True)


def _parent(data: bytes) -> bytes | None:
    try:
        return parent_of(Span.FromString(data)) or None
    except DecodeError:
        return None
