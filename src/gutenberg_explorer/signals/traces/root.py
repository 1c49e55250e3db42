"""Which span of a trace is its root: the one that the trace is called after.

The root is a span without a parent. Where there is none, it is a span whose parent is not here;
where there is none of these either (a circle), any span. Of several it is the one that began first,
then the one that ended last, then the one with the smallest id.
"""

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

from gutenberg_explorer.signals.traces.rows import MAX_INTEGER


class Lineage(IntEnum):
    """What is known of a span's parent."""

    NO_PARENT = 0
    PARENT_MISSING = 1
    PARENT_HERE = 2


class Placed(NamedTuple):
    """A span's place in its trace; `parent` is empty when it has none."""

    span_id: bytes
    parent: bytes
    start_ns: int
    end_ns: int


def root_order(
    lineage: Lineage, start_ns: int, end_ns: int, span_id: bytes
) -> tuple[Lineage, int, int, bytes]:
    """Return what orders the spans of a trace; the root is the least."""
    # Columns hold no larger times, and the list orders by columns.
    return lineage, min(start_ns, MAX_INTEGER), -min(end_ns, MAX_INTEGER), span_id


def root_of(spans: Iterable[Placed]) -> bytes | None:
    """Return the id of the root of a whole trace, None when it has no spans."""
    placed = list(spans)
    here = {span.span_id for span in placed}

    def order(span: Placed) -> tuple[Lineage, int, int, bytes]:
        lineage = Lineage.NO_PARENT
        if span.parent:
            lineage = Lineage.PARENT_HERE if span.parent in here else Lineage.PARENT_MISSING
        return root_order(lineage, span.start_ns, span.end_ns, span.span_id)

    return min(placed, key=order).span_id if placed else None
