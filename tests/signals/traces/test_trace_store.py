import contextlib
import os
import resource as limits_of_process
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span, Status

from gutenberg_explorer.signals import (
    Added,
    Limits,
    Operation,
    StoreError,
    SummaryQuery,
    TraceQuery,
    TraceStore,
    to_jaeger,
)
from tests.signals import strategies as made
from tests.signals.spans import SECOND, TRACE_ID, in_pieces, resource_spans, span, text
from tests.signals.traces.held import Held, held
from tests.soak import share_of

ROOT = Path(__file__).resolve().parents[3]
KIB = 1024


class Clock:
    def __init__(self) -> None:
        self.ns = 1_800_000_000 * SECOND

    def __call__(self) -> int:
        return self.ns


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "traces.db"


@pytest.fixture
def store(path: Path) -> Iterator[TraceStore]:
    store = TraceStore(path)
    yield store
    store.close()


def trace_id(number: int) -> bytes:
    return number.to_bytes(16, "big")


def found(store: TraceStore, **query: object) -> list[int]:
    traces = store.find(TraceQuery(**query))  # type: ignore[arg-type]
    return [int.from_bytes(trace.trace_id, "big") for trace in traces]


def writer(path: Path, service: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.signals.traces.writer", str(path), service, str(count)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        stdout=subprocess.PIPE,
        text=True,
    )


# --- what goes in comes out


@settings(max_examples=share_of(400), suppress_health_check=list(HealthCheck))
@given(made.many_resource_spans)
def test_any_span_comes_back_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, sent: list[ResourceSpans]
) -> None:
    store = TraceStore(tmp_path_factory.mktemp("store") / "traces.db")
    first: dict[tuple[bytes, bytes], tuple[bytes, ...]] = {}
    for one in sent:
        for key, pieces in reversed(list(in_pieces([one]).items())):
            first.setdefault(key, pieces)
    stored = store.add(sent).stored
    kept = [store.trace(bytes([n]) * 16) for n in range(1, 6)]
    back: dict[tuple[bytes, bytes], tuple[bytes, ...]] = {}
    for trace in kept:
        if trace is not None:
            pieces_of_trace = in_pieces(trace.resource_spans)
            assert trace.span_count == len(pieces_of_trace)
            back |= pieces_of_trace
    assert back.keys() == first.keys()
    assert stored == len(back) == held(store).spans
    sent_pieces = {
        (one.trace_id, one.span_id, one.SerializeToString())
        for rs in sent
        for ss in rs.scope_spans
        for one in ss.spans
    }
    assert {(*key, pieces[0]) for key, pieces in back.items()} <= sent_pieces
    assert store.add(sent).stored == 0
    store.close()


def test_resource_and_scope_come_back(store: TraceStore) -> None:
    sent = resource_spans([span(), span()], "search-backend", text("host.name", "x"))
    sent.schema_url = "https://opentelemetry.io/schemas/1.44.0"
    sent.scope_spans[0].scope.name = "gutenberg"
    store.add([sent])
    trace = store.trace(TRACE_ID)
    assert trace is not None
    assert in_pieces(trace.resource_spans) == in_pieces([sent])


def test_a_span_is_never_doubled_and_the_first_one_stays(store: TraceStore) -> None:
    first = span("first", span_id=b"12345678")
    second = span("second", span_id=b"12345678")
    assert store.add([resource_spans([first, second])]) == Added(1, conflicting=1)
    assert store.add([resource_spans([second])]) == Added(conflicting=1)
    trace = store.trace(TRACE_ID)
    assert trace is not None
    assert trace.resource_spans[0].scope_spans[0].spans == [first]
    assert trace.conflicting_spans == 2


def full_span() -> Span:
    one = span("GET /", span_id=b"12345678", parent=b"87654321", start_ns=10**18)
    one.status.code = Status.STATUS_CODE_OK
    one.attributes.extend([text("a", "1"), text("b", "2")])
    one.events.add(time_unix_nano=5, name="e").attributes.append(text("c", "3"))
    one.links.add(trace_id=b"t" * 16, span_id=b"s" * 8).attributes.append(text("d", "4"))
    return one


def in_other_order(one: Span) -> None:
    one.attributes.reverse()


@pytest.mark.parametrize(
    "change",
    [
        lambda _: None,
        in_other_order,
        lambda one: setattr(one, "flags", 0x301),
        lambda one: setattr(one, "trace_state", "a=b"),
        lambda one: setattr(one, "dropped_attributes_count", 3),
    ],
)
def test_a_span_that_arrives_again_is_no_conflict(
    store: TraceStore, change: Callable[[Span], object]
) -> None:
    """Not in another resource either: a Collector on the way may change these."""
    again = full_span()
    change(again)
    assert store.add([resource_spans([full_span()])]) == Added(1)
    assert store.add([resource_spans([again, again], "search-backend", text("h", "1"))]) == Added()
    trace = store.trace(TRACE_ID)
    assert trace is not None
    assert trace.conflicting_spans == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda one: setattr(one, "name", "other"),
        lambda one: setattr(one, "kind", Span.SPAN_KIND_CLIENT),
        lambda one: setattr(one, "parent_span_id", b"other678"),
        lambda one: setattr(one, "start_time_unix_nano", 10**18 - 1),
        lambda one: setattr(one, "end_time_unix_nano", 10**18 + 10**9),
        lambda one: setattr(one.status, "code", Status.STATUS_CODE_ERROR),
        lambda one: setattr(one.status, "message", "failed"),
        lambda one: one.attributes.append(text("b", "2")),
        lambda one: one.events.add(),
        lambda one: one.events[0].attributes.append(text("x", "y")),
        lambda one: setattr(one.links[0], "span_id", b"other678"),
    ],
)
def test_another_span_of_the_same_id_is_counted_and_changes_nothing(
    store: TraceStore, change: Callable[[Span], object]
) -> None:
    other = full_span()
    change(other)
    store.add([resource_spans([full_span()])])
    assert store.add([resource_spans([other, span("new")])]) == Added(1, conflicting=1)
    trace = store.trace(TRACE_ID)
    assert trace is not None
    assert trace.conflicting_spans == 1
    assert full_span() in trace.resource_spans[0].scope_spans[0].spans


def test_what_is_left_out_does_not_lengthen_the_trace(store: TraceStore) -> None:
    kept = span("kept", span_id=b"12345678", start_ns=10**18)
    store.add([resource_spans([kept])])
    later = span("later", span_id=b"12345678", start_ns=10**18 + SECOND)
    store.add([resource_spans([later])])
    [summary] = store.summarise(SummaryQuery(TraceQuery())).traces
    assert (summary.start_ns, summary.duration_ns) == (10**18, 1_000_000)


def test_a_file_of_before_conflicts_were_counted_is_read_and_written(path: Path) -> None:
    store = TraceStore(path)
    first = span("first", span_id=b"12345678")
    store.add([resource_spans([first])])
    store.close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE traces DROP COLUMN conflicting")
    store = TraceStore(path)
    store.add([resource_spans([span("second", span_id=b"12345678")])])
    trace = store.trace(TRACE_ID)
    assert trace is not None
    assert (trace.span_count, trace.conflicting_spans) == (1, 1)
    store.close()


def test_spans_without_valid_ids_are_passed_over(store: TraceStore) -> None:
    bad = [span(trace_id=b"\0" * 16), span(trace_id=b"short"), span(span_id=b"\0" * 8)]
    assert store.add([resource_spans(bad)]).stored == 0
    assert store.add([]).stored == 0
    assert held(store).traces == 0


def test_the_spans_of_one_resource_share_it(store: TraceStore, path: Path) -> None:
    for _ in range(3):
        store.add([resource_spans([span()])])
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM origins").fetchone() == (1,)
    connection.close()


def test_an_unknown_trace(store: TraceStore) -> None:
    assert store.trace(TRACE_ID) is None


def test_a_full_trace_counts_what_it_drops(path: Path) -> None:
    store = TraceStore(path, Limits(max_spans_per_trace=10))
    kept = [span() for _ in range(8)]
    assert store.add([resource_spans(kept)]).stored == 8
    assert store.add([resource_spans([*kept, *(span() for _ in range(5))])]) == Added(2, 3)
    assert store.add([resource_spans(kept)]).stored == 0
    trace = store.trace(TRACE_ID)
    assert trace is not None
    assert (trace.span_count, trace.dropped_spans) == (10, 3)
    store.close()


# --- finding


def test_services_and_operations(store: TraceStore) -> None:
    store.add(
        [
            resource_spans([span("b", kind=Span.SPAN_KIND_SERVER), span("a"), span("a")], "two"),
            resource_spans([span("c", kind=Span.SPAN_KIND_CLIENT)], "one"),
        ]
    )
    assert store.services() == ["one", "two"]
    assert store.operations("two") == [Operation("a", "internal"), Operation("b", "server")]
    assert store.operations("two", "server") == [Operation("b", "server")]
    assert store.operations("none") == []


@pytest.fixture
def three(store: TraceStore) -> TraceStore:
    """Traces 1 to 3, started at 1 to 3 s, of 1 to 3 ms; 2 has an error."""
    for number in (2, 3, 1):
        root = span(
            "root",
            trace_id=trace_id(number),
            start_ns=number * SECOND,
            duration_ns=number * 1_000_000,
            kind=Span.SPAN_KIND_SERVER,
            attributes=[text("search.query", f"whale {number}")],
            status=Status(code=Status.STATUS_CODE_ERROR) if number == 2 else None,
        )
        root.attributes.add(key="count").value.int_value = number
        root.attributes.add(key="ratio").value.double_value = number / 2
        child = span("child", trace_id=trace_id(number), start_ns=number * SECOND, duration_ns=10)
        child.events.add(name="e").attributes.append(text("in.event", str(number)))
        store.add([resource_spans([root], f"service-{number}", text("zone", f"z{number}"))])
        store.add([resource_spans([child], "shared")])
    return store


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [3, 2, 1]),
        ({"limit": 2}, [3, 2]),
        ({"service": "shared"}, [3, 2, 1]),
        ({"service": "service-2"}, [2]),
        ({"service": "nobody"}, []),
        ({"operation": "root"}, [3, 2, 1]),
        ({"service": "shared", "operation": "root"}, []),
        ({"start_min_ns": 2 * SECOND}, [3, 2]),
        ({"start_max_ns": 2 * SECOND}, [2, 1]),
        ({"start_min_ns": 2 * SECOND, "start_max_ns": 2 * SECOND}, [2]),
        ({"min_duration_ns": 2_000_000}, [3, 2]),
        ({"max_duration_ns": 2_000_000}, [2, 1]),
        ({"service": "shared", "min_duration_ns": 1_000}, []),
        ({"start_min_ns": 10**30}, []),
        ({"tags": {"search.query": "whale 3"}}, [3]),
        ({"tags": {"search.query": "whale"}}, []),
        ({"tags": {"count": "1"}}, [1]),
        ({"tags": {"ratio": "1.5"}}, [3]),
        ({"tags": {"ratio": "1"}}, [2]),
        ({"tags": {"zone": "z1"}}, [1]),
        ({"tags": {"in.event": "2"}}, [2]),
        ({"tags": {"error": "true"}}, [2]),
        ({"tags": {"otel.status_code": "ERROR"}}, [2]),
        ({"tags": {"span.kind": "server", "count": "3"}}, [3]),
        ({"tags": {"span.kind": "server"}, "limit": 2}, [3, 2]),
        ({"tags": {"no": "where"}}, []),
        ({"tags": {"\ud800": "x"}}, []),
    ],
)
def test_finding(three: TraceStore, query: dict[str, object], expected: list[int]) -> None:
    assert found(three, **query) == expected


@pytest.fixture
def named_as_fields(store: TraceStore) -> TraceStore:
    """A store of traces whose attributes have the names of a span's fields.

    1: no error, says `error`. 2: an error, says otherwise. 3: OK, with names elsewhere. 4: nothing.
    """
    says = [
        text("error", "true"),
        text("otel.status_code", "ERROR"),
        text("span.kind", "server"),
        text("otel.scope.name", "fake"),
    ]
    one = span("1", trace_id=trace_id(1), start_ns=SECOND, attributes=says)
    two = span(
        "2",
        trace_id=trace_id(2),
        start_ns=2 * SECOND,
        kind=Span.SPAN_KIND_SERVER,
        attributes=[text("error", "timeout"), text("otel.status_code", "OK")],
        status=Status(code=Status.STATUS_CODE_ERROR, message="deadline"),
    )
    three = span(
        "3",
        trace_id=trace_id(3),
        start_ns=3 * SECOND,
        status=Status(code=Status.STATUS_CODE_OK, message="fine"),
    )
    three.events.add(name="exception").attributes.extend([*says, text("event", "inner")])
    three.trace_state = "a=b"
    four = span("4", trace_id=trace_id(4), start_ns=4 * SECOND, attributes=[text("event", "own")])
    scoped = resource_spans([three], "s", *says, text("event", "outer"))
    scoped.scope_spans[0].scope.name = "library"
    scoped.scope_spans[0].scope.version = "1.2"
    store.add([resource_spans([one]), resource_spans([two]), scoped, resource_spans([four])])
    return store


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"error": "true"}, [2]),
        ({"error": "timeout"}, []),
        ({"error": "false"}, []),
        ({"otel.status_code": "ERROR"}, [2]),
        ({"otel.status_code": "OK"}, [3]),
        ({"otel.status_code": "UNSET"}, []),
        ({"otel.status_description": "fine"}, [3]),
        ({"otel.status_description": "deadline", "error": "true"}, [2]),
        ({"span.kind": "server"}, [2]),
        ({"span.kind": "internal"}, [4, 3, 1]),
        ({"span.kind": "banana"}, []),
        ({"span.kind": ""}, []),
        ({"otel.scope.name": "library", "otel.scope.version": "1.2"}, [3]),
        ({"w3c.tracestate": "a=b"}, [3]),
        ({"otel.scope.name": "fake"}, []),
        ({"attribute.otel.scope.name": "fake"}, [3, 1]),
        ({"attribute.error": "true"}, [3, 1]),
        ({"attribute.error": "timeout", "error": "true"}, [2]),
        ({"attribute.span.kind": "server", "span.kind": "internal"}, [3, 1]),
        ({"event": "exception"}, [3]),
        ({"event": "own"}, [4]),
        ({"event": "outer"}, [3]),
        ({"attribute.event": "inner"}, [3]),
        ({"event": "exce"}, []),
    ],
)
def test_fields_are_not_mistaken_for_attributes(
    named_as_fields: TraceStore, tags: dict[str, str], expected: list[int]
) -> None:
    assert found(named_as_fields, tags=tags) == expected
    listed = named_as_fields.summarise(SummaryQuery(TraceQuery(tags=tags))).traces
    assert [int.from_bytes(one.trace_id, "big") for one in listed] == expected


def test_errors_are_counted_by_status_alone(named_as_fields: TraceStore) -> None:
    listed = named_as_fields.summarise(SummaryQuery(TraceQuery())).traces
    assert [one.errors for one in listed] == [0, 0, 1, 0]
    failed = named_as_fields.summarise(SummaryQuery(TraceQuery(), errors=True)).traces
    assert [int.from_bytes(one.trace_id, "big") for one in failed] == [2]


def test_arrays_are_found_by_the_text_that_is_shown(store: TraceStore) -> None:
    one = span(trace_id=trace_id(1))
    values = one.attributes.add(key="hosts").value.array_value.values
    values.add(string_value="a")
    values.add(double_value=1.0)
    store.add([resource_spans([one])])
    assert found(store, tags={"hosts": '["a",1]'}) == [1]


def test_finding_returns_no_more_spans_than_it_may(
    three: TraceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gutenberg_explorer.signals.traces.trace_store.MAX_FOUND_SPANS", 3)
    assert found(three) == [3]


# --- limits


@settings(max_examples=share_of(240), suppress_health_check=list(HealthCheck))
@given(
    max_traces=st.integers(1, 40),
    additions=st.lists(
        st.tuples(st.integers(1, 60), st.integers(1, 4), st.sampled_from([10, 60_000])),
        max_size=60,
    ),
)
def test_the_limits_hold_after_every_addition(
    tmp_path_factory: pytest.TempPathFactory,
    max_traces: int,
    additions: list[tuple[int, int, int]],
) -> None:
    path = tmp_path_factory.mktemp("store") / "traces.db"
    limits = Limits(max_traces=max_traces, max_bytes=512 * KIB)
    store = TraceStore(path, limits)
    for number, count, size in additions:
        one = [span("x", trace_id=trace_id(number)) for _ in range(count)]
        one[0].attributes.append(text("big", "x" * size))
        assert store.add([resource_spans(one)]).stored == count
        stats = held(store)
        assert stats.traces <= max_traces
        assert stats.bytes <= limits.max_bytes
        newest = store.trace(trace_id(number))
        assert newest is not None or stats.traces == 0
    store.close()


def test_the_oldest_traces_go_first_and_whole(path: Path) -> None:
    clock = Clock()
    store = TraceStore(path, Limits(max_traces=64), clock=clock, uptime=clock)
    for number in range(1, 201):
        clock.ns += 1
        spans = [span(trace_id=trace_id(number)) for _ in range(3)]
        store.add([resource_spans(spans, f"service-{number}")])
        # The first stays, for it goes on.
        store.add([resource_spans([span(trace_id=trace_id(1))])])
    stats = held(store)
    assert 60 <= stats.traces <= 64
    kept = [n for n in range(2, 201) if store.trace(trace_id(n)) is not None]
    assert kept == list(range(202 - stats.traces, 201))
    # Its own three, and one for each addition.
    assert stats.spans == 3 * (stats.traces - 1) + 203
    assert len(store.services()) == stats.traces + 1
    store.close()


def test_old_traces_are_not_shown_and_then_deleted(path: Path) -> None:
    clock = Clock()
    store = TraceStore(path, Limits(max_age=timedelta(hours=1)), clock=clock, uptime=clock)
    store.add([resource_spans([span(trace_id=trace_id(1))])])
    clock.ns += 3_601 * SECOND
    assert store.trace(trace_id(1)) is None
    assert found(store) == []
    store.add([resource_spans([span(trace_id=trace_id(2))])])
    assert found(store) == [2]
    assert held(store).traces == 1
    store.close()


def test_the_file_and_its_log_stay_small(path: Path) -> None:
    store = TraceStore(path, Limits(max_bytes=1024 * KIB))
    for number in range(1, 400):
        big = span(trace_id=trace_id(number), attributes=[text("big", "x" * 20_000)])
        store.add([resource_spans([big])])
    assert path.stat().st_size <= 1024 * KIB * 1.25
    assert path.with_name("traces.db-wal").stat().st_size <= 16 * 1024 * KIB
    store.close()


def test_senseless_limits() -> None:
    for limit in ("max_traces", "max_bytes", "max_spans_per_trace"):
        with pytest.raises(ValueError, match="store"):
            replace(Limits(), **{limit: 0})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="store"):
        Limits(max_age=timedelta(0))


# --- threads and processes


def test_many_threads(store: TraceStore) -> None:
    def work(number: int) -> None:
        for turn in range(10):
            store.add([resource_spans([span(trace_id=trace_id(number)) for _ in range(3)])])
            trace = store.trace(trace_id(number))
            assert trace is not None
            assert trace.span_count == 3 * (turn + 1)
            store.find(TraceQuery(limit=3))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(work, range(1, 17)))
    assert held(store).spans == 16 * 30


def test_several_processes_share_a_new_store(path: Path) -> None:
    processes = [writer(path, f"service-{n}", 40) for n in range(2)]
    for process in processes:
        process.communicate(timeout=60)
        assert process.returncode == 0
    store = TraceStore(path)
    stats = held(store)
    assert (stats.traces, stats.spans) == (80, 400)
    assert store.services() == ["service-0", "service-1"]
    store.close()


def test_a_writer_that_is_killed_leaves_whole_transactions(path: Path) -> None:
    with writer(path, "killed", 1_000_000) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        threading.Event().wait(0.2)
        process.kill()
    store = TraceStore(path)
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        uneven = "SELECT count(*) FROM (SELECT 1 FROM spans GROUP BY trace HAVING count(*) != 5)"
        assert connection.execute(uneven).fetchone() == (0,)
    connection.close()
    stats = held(store)
    assert stats.traces > 0
    assert stats.spans == 5 * stats.traces
    assert store.add([resource_spans([span()])]).stored == 1
    store.close()


# --- trouble


def test_a_locked_store_says_so_and_works_again(path: Path) -> None:
    store = TraceStore(path, busy_timeout=0.05)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked"):
        store.add([resource_spans([span()])])
    assert held(store).spans == 0
    other.execute("ROLLBACK")
    other.close()
    assert store.add([resource_spans([span()])]).stored == 1
    store.close()


def test_a_full_disk_says_so_and_the_store_works_again(store: TraceStore) -> None:
    store.add([resource_spans([span()])])
    writing = store._writer
    assert writing is not None
    (pages,) = writing.execute("PRAGMA page_count").fetchone()
    writing.execute(f"PRAGMA max_page_count={pages + 2}")
    big = resource_spans([span(attributes=[text("big", "x" * 100_000)])])
    for _ in range(2):
        with pytest.raises(StoreError, match="full"):
            store.add([big])
    assert held(store).spans == 1
    writing.execute("PRAGMA max_page_count=1000000")
    assert store.add([big]).stored == 1


FULL_DISK = """
import resource, sys
from pathlib import Path
from gutenberg_explorer.signals import StoreError, TraceStore
from tests.signals.traces.held import Held, held
from tests.signals.spans import resource_spans, span, text
store = TraceStore(Path(sys.argv[1]))
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))
failed = 0
for _ in range(50):
    try:
        store.add([resource_spans([span(attributes=[text("big", "x" * 20_000)])])])
    except StoreError:
        failed += 1
before = held(store).spans
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
assert failed and before, (failed, before)
assert store.add([resource_spans([span()])]).stored == 1
assert held(store).spans == before + 1
store.close()
"""


@pytest.mark.skipif(not hasattr(limits_of_process, "RLIMIT_FSIZE"), reason="needs file limits")
def test_a_file_that_cannot_grow(path: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        check=True,
        timeout=60,
    )


@pytest.mark.parametrize("content", [b"not a database at all" * 500, b"SQLite format 3\0" * 300])
def test_a_damaged_file_is_set_aside(
    path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    store = TraceStore(path)
    assert "It is moved to" in caplog.text
    assert path.with_name("traces.db.old").read_bytes() == content
    assert store.add([resource_spans([span()])]).stored == 1
    store.close()


@pytest.mark.parametrize(
    "statement", ["PRAGMA user_version=99", "DROP TABLE spans", "CREATE TABLE foreigner (x)"]
)
def test_a_file_of_another_kind_is_set_aside(
    path: Path, statement: str, caplog: pytest.LogCaptureFixture
) -> None:
    if statement.startswith("CREATE"):
        path.parent.mkdir()
    else:
        TraceStore(path).close()
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.close()
    store = TraceStore(path)
    assert "It is moved to" in caplog.text
    assert path.with_name("traces.db.old").exists()
    assert held(store).traces == 0
    store.close()


@pytest.mark.parametrize("how", ["add", "read"])
def test_damage_while_open_is_survived(
    path: Path, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    filled = TraceStore(path)
    for number in range(1, 300):
        filled.add([resource_spans([span(trace_id=trace_id(number)) for _ in range(9)])])
    filled.close()
    store = TraceStore(path)
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(path.stat().st_size - 4096))
    if how == "read":
        assert store.find(TraceQuery()) == []
    assert store.add([resource_spans([span()])]).stored == 1
    assert "damaged" in caplog.text
    assert held(store).traces == 1
    store.close()


def spoil(path: Path, statement: str, *values: object) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute(statement, values).rowcount > 0


@pytest.fixture
def four(store: TraceStore) -> TraceStore:
    """A store of trace 1, of a root and three spans of two services."""
    root = span("root", trace_id=trace_id(1), span_id=b"r" * 8, start_ns=SECOND)
    below = [
        span(name, trace_id=trace_id(1), span_id=name.encode() * 8, parent=b"r" * 8)
        for name in "abc"
    ]
    store.add([resource_spans([root, *below[:2]], "one"), resource_spans(below[2:], "two")])
    store.add([resource_spans([span("other", trace_id=trace_id(2), start_ns=2)], "one")])
    return store


@pytest.mark.parametrize("garbage", [b"\xff" * 40, b"\x0a\x10short", b"\x2a\x02\xff\xfe"])
@pytest.mark.parametrize("spoiled", ["a", "r"])
def test_a_row_that_cannot_be_decoded_costs_itself_alone(
    four: TraceStore, path: Path, spoiled: str, garbage: bytes
) -> None:
    spoil(path, "UPDATE spans SET data = ? WHERE span_id = ?", garbage, spoiled.encode() * 8)
    trace = four.trace(trace_id(1))
    assert trace is not None
    assert (trace.span_count, trace.unreadable_spans) == (3, 1)
    shown = to_jaeger(trace)
    assert shown["warnings"] == ["1 spans can't be read from the trace store"]
    assert spoiled not in {one["operationName"][:1] for one in shown["spans"]}
    assert sorted(found(four)) == [1, 2]
    assert len(four.summarise(SummaryQuery(TraceQuery())).traces) == 2
    assert len(four.summarise_found(TraceQuery())) == 2
    for tags in ({"span.kind": "internal"}, {"error": "true"}, {"x": "y"}, {"event": "x"}):
        four.find(TraceQuery(tags=tags))
        four.summarise(SummaryQuery(TraceQuery(tags=tags)))
    four.dependencies(0, 2**62)


@pytest.mark.parametrize("garbage", [b"\xff" * 40, b""])
def test_an_origin_that_cannot_be_decoded_costs_its_own_spans(
    four: TraceStore, path: Path, garbage: bytes
) -> None:
    spoil(path, "UPDATE origins SET data = ? WHERE service = 'one'", garbage)
    trace = four.trace(trace_id(1))
    assert trace is not None
    assert (trace.span_count, trace.unreadable_spans) == (1, 3)
    other = four.trace(trace_id(2))
    assert other is not None
    assert (other.span_count, other.unreadable_spans) == (0, 1)
    assert to_jaeger(other)["spans"] == []
    assert len(four.summarise(SummaryQuery(TraceQuery())).traces) == 2
    assert found(four, tags={"span.kind": "internal"}) == [1, 2]
    assert four.services() == ["one", "two"]


def test_a_file_that_is_deleted_is_made_anew(store: TraceStore, path: Path) -> None:
    store.add([resource_spans([span()])])
    for file in path.parent.iterdir():
        file.unlink()
    assert store.trace(TRACE_ID) is None
    assert store.add([resource_spans([span()])]).stored == 1
    assert path.exists()


def test_a_file_that_another_process_replaced_is_followed(store: TraceStore, path: Path) -> None:
    store.add([resource_spans([span()])])
    for file in list(path.parent.iterdir()):
        file.rename(file.with_name("gone-" + file.name))
    other = TraceStore(path)
    other.add([resource_spans([span(trace_id=trace_id(7))])])
    assert found(store) == [7]
    store.add([resource_spans([span(trace_id=trace_id(8))])])
    assert sorted(found(other)) == [7, 8]
    other.close()


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreError):
        TraceStore(tmp_path / "file" / "traces.db")


def test_a_closed_store(path: Path) -> None:
    store = TraceStore(path)
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.add([resource_spans([span()])])
    with pytest.raises(StoreError, match="closed"):
        store.services()


def test_an_empty_store_holds_nothing(store: TraceStore) -> None:
    assert held(store) == Held(0, 0, held(store).bytes)
    assert 0 < held(store).bytes < 256 * KIB


def test_a_full_trace_counts_each_of_two_spans_of_one_id(path: Path) -> None:
    store = TraceStore(path, Limits(max_spans_per_trace=1))
    store.add([resource_spans([span()])])
    first, other = (span(name, span_id=b"t" * 8) for name in ("A", "B"))
    assert store.add([resource_spans([first, other, other])]).dropped == 2
    store.close()
