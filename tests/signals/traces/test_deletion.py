"""What is deleted is no longer in any file: traces hold what readers have typed."""

import random
import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from gutenberg_explorer.signals import Limits, StoreError, TraceQuery, TraceStore
from tests.signals.spans import SECOND, resource_spans, span, text
from tests.soak import SEED, share_of

_TYPED = re.compile(rb"typed-(\d+)-typed")


class Uptime:
    def __init__(self) -> None:
        self.ns = 1_000 * SECOND

    def __call__(self) -> int:
        return self.ns


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "traces.sqlite3"


def _id(number: int) -> bytes:
    return (number + 1).to_bytes(16, "big")


def _add(store: TraceStore, number: int, chance: random.Random) -> None:
    """Add a trace that holds its number in a query, a name and an address."""
    typed = f"typed-{number}-typed"
    spans = [
        span(
            f"GET /search {typed}" if chance.random() < 0.2 else "search_api",
            trace_id=_id(number),
            attributes=[
                text("search.query", typed),
                text(
                    "url.full", f"http://localhost/search?q={typed}" + "&x" * chance.randint(0, 900)
                ),
            ],
        )
        for _ in range(chance.randint(1, 30))
    ]
    store.add([resource_spans(spans, f"service-{chance.randint(0, 3)}", text("typed", typed))])


def _on_disk(path: Path) -> set[int]:
    """Return the numbers of the traces of which a text is in any file beside the store."""
    found: set[int] = set()
    for file in path.parent.iterdir():
        found |= {int(number) for number in _TYPED.findall(file.read_bytes())}
    return found


def _held(store: TraceStore) -> set[int]:
    found = store.find(TraceQuery(limit=1_000))
    return {int.from_bytes(trace.trace_id, "big") - 1 for trace in found}


@pytest.fixture(params=range(share_of(20)))
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Where what is random comes from."""
    return random.Random(SEED + int(request.param))


@pytest.mark.soak
def test_what_makes_room_is_in_no_file(path: Path, chance: random.Random) -> None:
    uptime = Uptime()
    limits = Limits(max_traces=40, max_bytes=4 * 1024 * 1024, max_age=timedelta(hours=100))
    with closing(TraceStore(path, limits, uptime=uptime, boot="this")) as store:
        for number in range(200):
            _add(store, chance.randint(max(0, number - 20), number), chance)
            if number % 20 == 19:
                uptime.ns += 3_600 * SECOND
                _add(store, number, chance)
                assert _on_disk(path) == _held(store)
        assert len(_held(store)) <= 40


@pytest.mark.soak
def test_what_is_too_old_is_in_no_file(path: Path, chance: random.Random) -> None:
    uptime = Uptime()
    limits = Limits(max_age=timedelta(seconds=1_000))
    with closing(TraceStore(path, limits, uptime=uptime, boot="this")) as store:
        for number in range(200):
            _add(store, number, chance)
            uptime.ns += chance.randint(1, 100) * SECOND
            if number % 20 == 19:
                uptime.ns += 20 * SECOND  # time for another check of the age
                _add(store, number, chance)
                assert _on_disk(path) == _held(store)


def test_a_reader_puts_it_off(path: Path) -> None:
    chance = random.Random(SEED)
    with closing(TraceStore(path, Limits(max_traces=1))) as store:
        _add(store, 0, chance)
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM spans").fetchone()
            _add(store, 1, chance)
            assert _on_disk(path) == {0, 1}
        _add(store, 1, chance)
        assert _on_disk(path) == _held(store) == {1}


def test_a_store_that_is_cleared_leaves_nothing(path: Path) -> None:
    chance = random.Random(SEED)
    with closing(TraceStore(path)) as running, closing(TraceStore(path)) as other:
        for number in range(50):
            _add(running, number, chance)
        assert _held(running) == _on_disk(path) == set(range(50))
        for suffix in ("", "-wal"):  # what a damaged store has left
            aside = path.with_name(f"{path.name}.old{suffix}")
            aside.write_bytes(path.read_bytes())
        assert other.clear() == 50
        assert not _on_disk(path)
        assert not _held(running)
        _add(running, 7, chance)
        assert _held(other) == _on_disk(path) == {7}


def test_a_store_that_is_being_read_is_not_cleared_in_silence(path: Path) -> None:
    with closing(TraceStore(path, busy_timeout=0.1)) as store:
        _add(store, 0, random.Random(SEED))
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM spans").fetchone()
            with pytest.raises(StoreError, match="is being read: try again"):
                store.clear()
        assert store.clear() == 0
        assert not _on_disk(path)


def test_the_files_that_the_documentation_names_are_all_there_are(path: Path) -> None:
    """Also after a kill, which leaves the log behind."""
    store = TraceStore(path)
    _add(store, 0, random.Random(SEED))
    files = {file.name for file in path.parent.iterdir()}
    assert all(name.startswith("traces.sqlite3") for name in files)
    assert "traces.sqlite3-wal" in files
    page = Path(__file__).parents[3].joinpath("docs/privacy.md").read_text("utf-8")
    assert "`traces.sqlite3*`" in page
    assert "gutenberg-explorer traces clear" in page
    store.close()
