import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from gutenberg_explorer.signals import Limits, SummaryQuery, TraceQuery, TraceStore
from gutenberg_explorer.signals.traces import store_time
from tests.signals.spans import SECOND, resource_spans, span
from tests.signals.traces.held import held

HOUR = 3_600 * SECOND
DAY = 24 * HOUR
YEAR = 365 * DAY


@dataclass
class Machine:
    """A machine that goes on, sleeps, starts anew, and whose clock is set."""

    wall_ns: int = 1_800_000_000 * SECOND
    uptime_ns: int = 5_000 * SECOND
    boot: str = "first"
    stores: list[TraceStore] = field(default_factory=list)

    def go_on(self, ns: int) -> None:
        self.wall_ns += ns
        self.uptime_ns += ns

    def start_anew(self, boot: str, after: int = 0) -> None:
        self.wall_ns += after
        self.uptime_ns, self.boot = 30 * SECOND, boot

    def open(self, path: Path, limits: Limits | None = None) -> TraceStore:
        store = TraceStore(
            path,
            limits or Limits(max_age=timedelta(days=7)),
            clock=lambda: self.wall_ns,
            uptime=lambda: self.uptime_ns,
            boot=self.boot,
        )
        self.stores.append(store)
        return store


@pytest.fixture
def machine() -> Iterator[Machine]:
    machine = Machine()
    yield machine
    for store in machine.stores:
        store.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "traces.db"


def trace_id(number: int) -> bytes:
    return number.to_bytes(16, "big")


def add(store: TraceStore, number: int) -> None:
    store.add([resource_spans([span(trace_id=trace_id(number))])])


def kept(store: TraceStore, *numbers: int) -> list[int]:
    return [number for number in numbers if store.trace(trace_id(number)) is not None]


def test_a_clock_that_jumps_a_year_ahead_and_back_loses_nothing(
    machine: Machine, path: Path
) -> None:
    store = machine.open(path)
    add(store, 1)
    machine.wall_ns += YEAR
    machine.go_on(HOUR)
    assert kept(store, 1) == [1]
    add(store, 2)
    assert kept(store, 1, 2) == [1, 2]
    machine.wall_ns -= YEAR
    machine.go_on(HOUR)
    add(store, 3)
    assert kept(store, 1, 2, 3) == [1, 2, 3]
    assert held(store).traces == 3
    # What arrived in between ages as the others do.
    machine.go_on(7 * DAY - HOUR // 2)
    add(store, 4)
    assert kept(store, 1, 2, 3, 4) == [3, 4]
    assert held(store).traces == 2


@pytest.mark.parametrize("jump", [YEAR, -YEAR])
def test_the_order_of_arrival_survives_a_jump(machine: Machine, path: Path, jump: int) -> None:
    store = machine.open(path, Limits(max_traces=32))
    for number in range(1, 65):
        if number == 32:
            machine.wall_ns += jump
        if number == 48:
            machine.wall_ns -= jump
        machine.go_on(1)
        add(store, number)
        assert kept(store, number) == [number]
    left = kept(store, *range(1, 65))
    assert left == list(range(65 - len(left), 65))


@pytest.mark.parametrize("jump", [YEAR, -YEAR])
def test_what_arrives_next_is_told_of_across_a_jump(
    machine: Machine, path: Path, jump: int
) -> None:
    store = machine.open(path)
    add(store, 1)
    machine.go_on(HOUR)
    machine.wall_ns += jump
    since = store.summarise(SummaryQuery(TraceQuery())).since_ns
    machine.wall_ns -= jump
    machine.go_on(SECOND)
    add(store, 2)
    listed = store.summarise(SummaryQuery(TraceQuery(), arrived_since_ns=since)).traces
    assert [one.trace_id for one in listed] == [trace_id(2)]


def test_a_process_that_starts_while_the_clock_is_ahead(machine: Machine, path: Path) -> None:
    first = machine.open(path)
    add(first, 1)
    machine.wall_ns += YEAR
    machine.go_on(SECOND)
    second = machine.open(path)
    add(second, 2)
    machine.wall_ns -= YEAR
    machine.go_on(SECOND)
    third = machine.open(path)
    add(third, 3)
    for store in (first, second, third):
        assert kept(store, 1, 2, 3) == [1, 2, 3]


def test_a_machine_that_was_off_goes_by_its_clock(machine: Machine, path: Path) -> None:
    add(machine.open(path), 1)
    machine.go_on(3 * DAY)
    add(machine.stores[0], 2)
    machine.start_anew("second", after=5 * DAY)
    store = machine.open(path)
    assert kept(store, 1, 2) == [2]
    machine.go_on(2 * DAY + HOUR)
    add(store, 3)
    assert kept(store, 2, 3) == [3]


def test_a_machine_that_starts_with_an_older_clock(machine: Machine, path: Path) -> None:
    store = machine.open(path, Limits(max_traces=32))
    for number in range(1, 20):
        machine.go_on(1)
        add(store, number)
    machine.start_anew("second", after=-20 * YEAR)
    store = machine.open(path, Limits(max_traces=32))
    for number in range(20, 65):
        machine.go_on(1)
        add(store, number)
    left = kept(store, *range(1, 65))
    assert left == list(range(65 - len(left), 65))
    # The clock is synchronised: nothing that has just arrived is old for that.
    machine.wall_ns += 20 * YEAR
    add(store, 65)
    assert kept(store, *left[2:], 65) == [*left[2:], 65]


def test_a_clock_that_was_wrong_when_the_machine_started_is_noted_when_it_is_right(
    machine: Machine, path: Path
) -> None:
    machine.wall_ns = 0
    store = machine.open(path)
    machine.wall_ns = 1_800_000_000 * SECOND
    machine.go_on(60 * SECOND)
    add(store, 1)
    machine.start_anew("second", after=60 * SECOND)
    assert kept(machine.open(path), 1) == [1]


def test_a_machine_that_cannot_tell_its_starts_apart(machine: Machine, path: Path) -> None:
    machine.boot = ""
    add(machine.open(path), 1)
    machine.go_on(HOUR)
    store = machine.open(path)
    assert kept(store, 1) == [1]
    machine.go_on(7 * DAY)
    assert kept(machine.open(path), 1) == []


def test_a_store_from_before_it_had_a_time(machine: Machine, path: Path) -> None:
    """Its traces arrived by the clock, some of them while that was a year ahead."""
    store = machine.open(path)
    for number in (1, 2, 3):
        add(store, number)
    store.close()
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TABLE clock")
        for number, arrived in ((1, -30 * DAY), (2, -DAY), (3, YEAR)):
            connection.execute(
                "UPDATE traces SET touched_ns = ? WHERE trace_id = ?",
                (machine.wall_ns + arrived, trace_id(number)),
            )
    store = machine.open(path)
    assert kept(store, 1, 2, 3) == [2, 3]
    machine.go_on(7 * DAY + SECOND)
    add(store, 4)
    assert kept(store, 2, 3, 4) == [4]


def test_a_store_that_another_program_has_locked_is_opened_for_reading(
    machine: Machine, path: Path
) -> None:
    add(machine.open(path), 1)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert kept(machine.open(path), 1) == [1]
        other.execute("ROLLBACK")


@pytest.mark.parametrize("damaged", ["clock", "traces_by_touch"])
def test_a_store_whose_time_cannot_be_read_is_set_aside(
    machine: Machine, path: Path, caplog: pytest.LogCaptureFixture, damaged: str
) -> None:
    store = machine.open(path)
    for number in range(1, 9):
        add(store, number)
    store.close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", (damaged,)
        ).fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    machine.start_anew("second")
    store = machine.open(path)
    assert "damaged" in caplog.text
    add(store, 1)
    assert kept(store, 1, 2) == [1]


@pytest.mark.parametrize("read", [store_time.uptime_ns, time.time_ns])
def test_the_machines_clocks_go_on(read: Callable[[], int]) -> None:
    before = read()
    assert 0 < before <= read()


def test_the_id_of_the_machines_start_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    assert store_time.boot_id() == store_time.boot_id()
    monkeypatch.setattr(store_time, "_BOOT_ID", Path("/nowhere/at/all"))
    assert store_time.boot_id() == ""
