"""What many traces took: percentiles, and a histogram over buckets that grow with the duration."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final

from gutenberg_explorer.signals.traces.model import DurationBucket

# Preferred numbers (ISO 3, R10): each is about a quarter more than the one before.
_STEPS: Final = (100, 125, 160, 200, 250, 315, 400, 500, 630, 800)
_FIRST: Final = 3
"""The first bound above zero is a microsecond, 10 to this power in ns."""

_DECADES: Final = 17
BOUNDS_NS: Final = (
    0,
    *(step * 10 ** (_FIRST + n) // 100 for n in range(_DECADES) for step in _STEPS),
)
"""Where each bucket begins, in ns; the last is past any duration that the store can hold."""


def histogram(durations: Iterable[tuple[int, bool]]) -> list[DurationBucket]:
    """Count the durations (in ns, each with whether there was an error) in their buckets."""
    counts: dict[int, list[int]] = {}
    for duration_ns, failed in durations:
        count = counts.setdefault(bisect_right(BOUNDS_NS, duration_ns) - 1, [0, 0])
        count[0] += 1
        count[1] += failed
    return [
        DurationBucket(BOUNDS_NS[at], BOUNDS_NS[at + 1], traces, errors)
        for at, (traces, errors) in sorted(counts.items())
    ]


def percentile(in_order: Sequence[int], share: float) -> int | None:
    """Return the value that at least `share` of the others do not exceed (nearest rank)."""
    if not in_order:
        return None
    return in_order[max(0, math.ceil(share * len(in_order)) - 1)]
