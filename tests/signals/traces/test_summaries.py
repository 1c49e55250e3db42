import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from gutenberg_explorer.signals import (
    ServiceSpans,
    Summaries,
    SummaryQuery,
    TraceQuery,
    TraceStore,
)
from gutenberg_explorer.signals.traces import summaries
from tests.signals.spans import SECOND, resource_spans, span, text

MS = 1_000_000
FAILED = Status(code=Status.STATUS_CODE_ERROR)
NOW = 1_800_000_000 * SECOND


class Clock:
    def __init__(self) -> None:
        self.ns = NOW

    def __call__(self) -> int:
        return self.ns


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "traces.db"


@pytest.fixture
def store(path: Path, clock: Clock) -> Iterator[TraceStore]:
    store = TraceStore(path, clock=clock, uptime=clock)
    yield store
    store.close()


def trace_id(number: int) -> bytes:
    return number.to_bytes(16, "big")


def add(store: TraceStore, number: int, *, failed: bool = False, query: str = "whale") -> None:
    """Add trace `number`, which began so many seconds ago and takes as many ms."""
    start = NOW - number * SECOND
    root = span(
        "frontend_search",
        trace_id=trace_id(number),
        start_ns=start,
        duration_ns=number * MS,
        attributes=[text("search.query", query)] if query else [],
    )
    child = span(
        "search_api",
        trace_id=trace_id(number),
        parent=root.span_id,
        # A clock that is behind: the child seems to begin first.
        start_ns=start - 1,
        duration_ns=1,
        status=FAILED if failed else None,
    )
    store.add([resource_spans([child]), resource_spans([root], "search-frontend")])


def ask(
    store: TraceStore, *, errors: bool = False, since: int | None = None, **where: object
) -> Summaries:
    return store.summarise(SummaryQuery(TraceQuery(**where), errors, since))  # type: ignore[arg-type]


def numbers(found: Summaries) -> list[int]:
    return [int.from_bytes(one.trace_id, "big") for one in found.traces]


@pytest.fixture
def four(store: TraceStore) -> TraceStore:
    """A store with traces 1 to 4, of which 3 failed."""
    for number in range(1, 5):
        add(store, number, failed=number == 3)
    return store


def test_a_summary(store: TraceStore) -> None:
    add(store, 2, failed=True, query="white whale")
    [one] = ask(store).traces
    assert (one.name, one.query) == ("frontend_search", "white whale")
    assert one.services == [
        ServiceSpans("search-backend", 1, 1),
        ServiceSpans("search-frontend", 1, 0),
    ]
    assert (one.spans, one.errors) == (2, 1)
    assert one.start_ns == NOW - 2 * SECOND - 1
    assert one.duration_ns == 2 * MS + 1


@pytest.mark.parametrize("kept", ["", "0123456789abcdef"])
def test_a_query_that_is_not_kept_is_not_told(store: TraceStore, kept: str) -> None:
    add(store, 1, query=kept)
    assert ask(store).traces[0].query is None


def test_a_query_of_another_span(store: TraceStore) -> None:
    root = span("GET /search", trace_id=trace_id(1))
    below = span(
        "search_api",
        trace_id=trace_id(1),
        parent=root.span_id,
        attributes=[text("search.query", "x")],
    )
    store.add([resource_spans([root, below])])
    [one] = ask(store).traces
    assert (one.name, one.query) == ("GET /search", "x")


def test_a_trace_without_a_root_is_called_after_its_first_span(store: TraceStore) -> None:
    orphans = [
        span(f"step {n}", trace_id=trace_id(1), parent=os.urandom(8), start_ns=NOW - n * SECOND)
        for n in (1, 3, 2)
    ]
    store.add([resource_spans(orphans)])
    assert ask(store).traces[0].name == "step 3"


def test_a_root_with_a_trace_state_and_one_with_a_parent_of_zeros(store: TraceStore) -> None:
    for number, root in enumerate([span("state"), span("zeros", parent=b"\0" * 8)], 1):
        root.trace_id = trace_id(number)
        if root.name == "state":
            root.trace_state = "a=b"
        first = span("first", trace_id=trace_id(number), parent=root.span_id, start_ns=NOW)
        root.start_time_unix_nano, root.end_time_unix_nano = NOW + 1, NOW + 2
        store.add([resource_spans([root, first])])
    assert {one.name for one in ask(store).traces} == {"state", "zeros"}


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({}, [1, 2, 3, 4]),
        ({"errors": True}, [3]),
        ({"service": "search-frontend", "errors": True}, [3]),
        ({"service": "nobody"}, []),
        ({"service": "search-backend", "operation": "search_api"}, [1, 2, 3, 4]),
        ({"service": "search-backend", "operation": "frontend_search"}, []),
        ({"tags": {"error": "true"}}, [3]),
        ({"tags": {"search.query": "whale"}, "min_duration_ns": 3 * MS}, [3, 4]),
        ({"tags": {"search.query": "nothing"}}, []),
        ({"min_duration_ns": 2 * MS, "max_duration_ns": 4 * MS}, [2, 3]),
        # The trace's duration, where `find` compares the span's.
        ({"operation": "search_api", "min_duration_ns": 3 * MS}, [3, 4]),
        ({"start_min_ns": NOW - 3 * SECOND}, [1, 2]),
        ({"start_max_ns": NOW - 3 * SECOND}, [3, 4]),
        ({"start_max_ns": 10**30, "max_duration_ns": 10**30}, [1, 2, 3, 4]),
    ],
)
def test_what_matches(four: TraceStore, where: dict[str, object], expected: list[int]) -> None:
    found = ask(four, **where)  # type: ignore[arg-type]
    assert numbers(found) == expected
    assert found.matching == len(expected)


def test_what_is_counted_beyond_what_is_listed(four: TraceStore) -> None:
    found = ask(four, limit=2)
    assert (numbers(found), found.matching) == ([1, 2], 4)
    assert (found.median_ns, found.p95_ns) == (2 * MS + 1, 4 * MS + 1)
    assert [(one.traces, one.errors) for one in found.histogram] == [(1, 0), (1, 0), (1, 1), (1, 0)]


def test_the_histogram_shows_what_the_duration_leaves_out(four: TraceStore) -> None:
    found = ask(four, min_duration_ns=4 * MS)
    assert (found.matching, found.median_ns) == (1, 4 * MS + 1)
    assert sum(one.traces for one in found.histogram) == 4


def test_nothing_matches(store: TraceStore) -> None:
    found = ask(store)
    assert (found.traces, found.matching, found.histogram) == ([], 0, [])
    assert (found.median_ns, found.p95_ns) == (None, None)


def test_only_what_has_arrived_since(four: TraceStore, clock: Clock) -> None:
    since = ask(four).since_ns
    assert since < NOW
    clock.ns += 60 * SECOND
    later = ask(four, since=since).since_ns
    assert numbers(ask(four, since=later)) == []
    add(four, 5)
    four.add([resource_spans([span("late", trace_id=trace_id(2), start_ns=NOW - SECOND)])])
    found = ask(four, since=later)
    assert numbers(found) == [2, 5]
    assert found.matching == 5
    assert found.traces[0].spans == 3


def test_what_a_writer_commits_late_is_not_missed(store: TraceStore, clock: Clock) -> None:
    """A writer looks at the clock, waits for the lock, and commits after someone has read."""
    since = ask(store).since_ns
    clock.ns -= 5 * SECOND
    add(store, 1)
    assert numbers(ask(store, since=since)) == [1]


def test_not_too_many_spans(four: TraceStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summaries, "MAX_SUMMARISED_SPANS", 5)
    found = ask(four)
    assert (numbers(found), found.matching) == ([1, 2], 4)
    monkeypatch.setattr(summaries, "MAX_SUMMARISED_SPANS", 1)
    assert numbers(ask(four)) == [1]


def test_a_store_from_before_the_index_of_errors(path: Path, clock: Clock) -> None:
    store = TraceStore(path, clock=clock, uptime=clock)
    add(store, 1, failed=True)
    store.close()
    with sqlite3.connect(path) as connection:
        connection.execute("DROP INDEX spans_with_error")
    connection.close()
    store = TraceStore(path, clock=clock, uptime=clock)
    assert numbers(ask(store, errors=True)) == [1]
    store.close()
    with sqlite3.connect(path) as connection:
        (plan,) = connection.execute(
            "SELECT count(*) FROM sqlite_master WHERE name = 'spans_with_error'"
        ).fetchone()
    connection.close()
    assert plan == 1
