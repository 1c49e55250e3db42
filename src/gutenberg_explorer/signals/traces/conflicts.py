"""Spans that arrive with the ids of others: the same once more, or other spans."""

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain

from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from gutenberg_explorer.signals.receiver.bounds import SPAN_ID_BYTES, valid_id

Candidate = tuple[int, bytes, bytes]
"""A trace's number, a span's id and the span's bytes."""


def count_conflicts(connection: sqlite3.Connection, spans: Sequence[Candidate]) -> dict[int, int]:
    """Return how many of `spans` are not what the store holds under their ids, by their trace.

    One that the store does not hold is no conflict.
    """
    marks = ",".join(["(?,?,?,?)"] * len(spans))
    values = [(number, *span) for number, span in enumerate(spans)]
    (listed,) = connection.execute(
        f"WITH sent (number, trace, span_id, data) AS (VALUES {marks})"  # noqa: S608
        " SELECT group_concat(number) FROM sent JOIN spans s"
        " ON s.trace = sent.trace AND s.span_id = sent.span_id WHERE s.data != sent.data",
        [*chain(*values)],
    ).fetchone()
    found: dict[int, int] = {}
    for number in listed.split(",") if listed else []:
        trace, span_id, data = spans[int(number)]
        (held,) = connection.execute(
            "SELECT data FROM spans WHERE trace = ? AND span_id = ?", (trace, span_id)
        ).fetchone()
        if _contents(data) != _contents(held):
            found[trace] = found.get(trace, 0) + 1
    return found


def _contents(data: bytes) -> tuple[object, ...]:
    """Return what makes a span what it is.

    Not its resource, its flags, its trace state and its dropped counts: a Collector on the way may
    change them.
    """
    span = Span.FromString(data)
    return (
        span.name,
        span.kind,
        span.parent_span_id if valid_id(span.parent_span_id, SPAN_ID_BYTES) else b"",
        span.start_time_unix_nano,
        span.end_time_unix_nano,
        span.status.code,
        span.status.message,
        _attributes(span.attributes),
        [(one.time_unix_nano, one.name, _attributes(one.attributes)) for one in span.events],
        [(one.trace_id, one.span_id, _attributes(one.attributes)) for one in span.links],
    )


def _attributes(attributes: Iterable[KeyValue]) -> list[bytes]:
    return sorted(one.SerializeToString(deterministic=True) for one in attributes)
