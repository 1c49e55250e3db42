import statistics
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gutenberg_explorer.signals.traces.durations import BOUNDS_NS, histogram, percentile

durations = st.lists(st.tuples(st.integers(0, 2**63 - 1), st.booleans()), max_size=50)


@given(durations)
def test_every_duration_is_in_the_bucket_that_holds_it(taken: list[tuple[int, bool]]) -> None:
    buckets = histogram(taken)
    assert sum(one.traces for one in buckets) == len(taken)
    assert sum(one.errors for one in buckets) == sum(failed for _, failed in taken)
    for one in buckets:
        inside = [failed for ns, failed in taken if one.from_ns <= ns < one.to_ns]
        assert (one.traces, one.errors) == (len(inside), sum(inside))
        assert one.traces > 0
    assert buckets == sorted(buckets, key=lambda one: one.from_ns)


def test_buckets_grow_by_about_a_quarter() -> None:
    bounds = BOUNDS_NS[1:]
    assert bounds[:4] == (1_000, 1_250, 1_600, 2_000)
    assert all(1.2 < b / a < 1.29 for a, b in pairwise(bounds))
    assert bounds[-1] > 2**63


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, 1), (0.5, 10), (0.95, 19), (0.951, 20), (1.0, 20)]
)
def test_percentiles_are_by_nearest_rank(share: float, expected: int) -> None:
    assert percentile(range(1, 21), share) == expected


def test_percentiles_of_few() -> None:
    assert percentile([], 0.5) is None
    assert percentile([7], 0.5) == percentile([7], 0.95) == 7
    assert percentile([1, 2, 9], 0.5) == statistics.median([1, 2, 9])
