"""Kills and full disks cost nothing that was published, and the next run goes on from there."""

import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from gutenberg_explorer.index import IndexMissing, IndexStore
from gutenberg_explorer.index.library import DEFAULT_MEMORY
from gutenberg_explorer.index.reader import Index
from tests.index import killing
from tests.index.killing import FIRST, MORE, Books, Change
from tests.processes import interruptible
from tests.searching import search
from tests.soak import SEED, share_of
from tests.waiting import SECONDS, wait_until

pytestmark = pytest.mark.peers

KILLS = share_of(400)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder in memory where there is one: kills lose nothing that was written, synced or not."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


@pytest.fixture(scope="module")
def books(folder: Path) -> Books:
    books = Books(folder)
    books.write()
    return books


@pytest.fixture(scope="module")
def published(books: Books, folder: Path) -> Path:
    """A data directory that holds an index of the first shelf. Not to be changed."""
    books.library(folder / "published").open_or_build()
    return folder / "published"


@pytest.fixture(scope="module")
def all_published(books: Books, published: Path, folder: Path) -> Path:
    """One that holds an index of both shelves, each book in a segment of its own."""
    shutil.copytree(published, folder / "all")
    killing.add(books.library(folder / "all"), books)
    return folder / "all"


@pytest.fixture
def data_dir(published: Path, folder: Path) -> Iterator[Path]:
    """A copy of the first, to be changed."""
    shutil.copytree(published, folder / "data")
    yield folder / "data"
    shutil.rmtree(folder / "data")


def _check(index: Index, texts: dict[str, str]) -> set[str]:
    """Check that all of an index is whole and agrees, and return the ids of its books."""
    assert index.damage() == []
    passages = {}
    for number, book in enumerate(index.books):
        assert index.text(number, 0, 10**6) == texts[book.id]
        passages[book.id] = len(index.passages(number)[0])
    by_bm25 = search(index, "white whale", method="bm25", limit=100)
    by_tfidf = search(index, "white whale", method="tfidf", limit=100)
    assert by_bm25.total == by_tfidf.total == len(index.books)
    assert {hit.id: hit.passages_count for hit in by_bm25.hits} == passages
    assert {hit.id for hit in by_tfidf.hits} == passages.keys()
    assert len(index.passage_index) == sum(passages.values())
    return set(passages)


def _places(index: Index) -> set[tuple[str, int]]:
    return {(book.id, index.key(number)) for number, book in enumerate(index.books)}


@dataclass(frozen=True)
class Case:
    """A change, the ids of the books before and after it, and how often it is killed."""

    change: Change
    before: set[str]
    after: set[str]
    kills: int = KILLS


CASES = {
    "the first build": Case(killing.build_first, set(), {*FIRST}, KILLS // 2),
    "a build anew": Case(killing.build_anew, {*FIRST}, {*FIRST}, KILLS // 2),
    "an addition": Case(killing.add, {*FIRST}, {*FIRST, *MORE}),
    "a removal": Case(killing.remove, {*FIRST}, {*FIRST[1:]}),
    "a merging of segments": Case(killing.merge, {*FIRST, *MORE}, {*FIRST, *MORE}, KILLS // 2),
}


@pytest.fixture(scope="module", params=[*CASES.values()], ids=[*CASES])
def case(request: pytest.FixtureRequest) -> Case:
    """A case to be tried."""
    assert isinstance(request.param, Case)
    return request.param


@pytest.fixture(scope="module")
def base(case: Case, published: Path, all_published: Path, folder: Path) -> Path:
    """The data directory that a case begins with."""
    if not case.before:
        (folder / "empty").mkdir(exist_ok=True)
        return folder / "empty"
    return published if case.before == {*FIRST} else all_published


@pytest.fixture(scope="module")
def duration(case: Case, books: Books, base: Path, folder: Path) -> float:
    """How long the change of a case takes in seconds, when it is not for the first time."""
    took = []
    for _ in range(3):
        shutil.copytree(base, folder / "whole")
        seconds, _ = killing.run(case.change, books, folder / "whole")
        shutil.rmtree(folder / "whole")
        assert seconds is not None
        took.append(seconds)
    return min(took)


@pytest.mark.soak
def test_a_kill_at_any_moment_costs_nothing(
    case: Case, duration: float, books: Books, base: Path, folder: Path
) -> None:
    for number in range(case.kills):
        part = (number + random.Random(SEED + number).random()) / case.kills
        _kill_and_go_on(number, case, duration * part, books, base, folder)


def _kill_and_go_on(
    number: int, case: Case, moment: float, books: Books, base: Path, folder: Path
) -> None:
    """Kill a change at a moment in seconds, check what is left, and let it go on to its end."""
    # In a folder of its own: a thread of tantivy's may still touch the last one.
    data_dir = folder / f"killed-{case.change.__name__}-{number}"
    shutil.copytree(base, data_dir)
    texts = books.texts()
    took, _ = killing.run(case.change, books, data_dir, kill_after=moment)
    assert took is None or number, "it was over before the first moment"
    there, places = set[str](), set[tuple[str, int]]()
    try:
        index = IndexStore(data_dir).open()
    except IndexMissing:
        assert not case.before
    else:
        there, places = _check(index, texts), _places(index)
    assert case.before & case.after <= there <= case.before | case.after

    totals = []
    library = books.library(data_dir, lambda _, done, total, unit: totals.append(total))
    case.change(library, books)
    index = library.store.open()
    assert _check(index, texts) == case.after
    if case.change is killing.merge:
        assert len(index.segments) == 1
    elif case.change is not killing.build_anew:  # what was ready is not indexed again
        assert set(totals) <= {len(case.after - there)}
        assert {place for place in places if place[0] in case.after} <= _places(index)
    shutil.rmtree(data_dir, ignore_errors=True)


@pytest.mark.parametrize("file_size", [0, 100, 1_000, 2_000, 4_000, 6_000, 8_000])
def test_a_disk_that_is_full_at_any_file_costs_nothing(
    file_size: int, books: Books, data_dir: Path
) -> None:
    _, error = killing.run(killing.add, books, data_dir, file_size=file_size)
    assert error is not None
    assert "File too large" in error
    index = IndexStore(data_dir).open()
    assert {*FIRST} <= _check(index, books.texts()) < {*FIRST, *MORE}
    assert not list(data_dir.glob("index/unfinished-*"))
    killing.add(books.library(data_dir), books)
    index = IndexStore(data_dir).open()
    assert _check(index, books.texts()) == {*FIRST, *MORE}


@pytest.mark.parametrize("when", [1, len(FIRST)], ids=["among the books", "after the last book"])
def test_a_process_that_is_ended_from_outside_is_a_sentence(
    when: int, books: Books, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill_one(task: str, done: int, total: int | None, unit: str) -> None:
        if done == when:
            multiprocessing.active_children()[0].kill()

    monkeypatch.setattr(
        "gutenberg_explorer.index.build_memory.BuildMemory.process_count", lambda *_: 2
    )
    # With the little memory of the other tests, each book is indexed alone, in this process.
    library = replace(books.library(data_dir, kill_one), memory=DEFAULT_MEMORY)
    with pytest.raises(OSError, match=r"^an indexing process was killed$"):
        library.build()
    assert not multiprocessing.active_children()
    assert _check(IndexStore(data_dir).open(), books.texts()) == {*FIRST}


def _build_of_many_processes(shelf: Path, data_dir: Path) -> subprocess.Popen[str]:
    """Return a build that has begun to start its processes, the leader of their group."""
    with interruptible():
        process = subprocess.Popen(
            [sys.executable, "-m", "gutenberg_explorer", "index", "build"],
            env=os.environ
            | {
                "GUTENBERG_EXPLORER_SHELF": f"directory:{shelf}",
                "GUTENBERG_EXPLORER_DATA_DIR": str(data_dir),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    wait_until(lambda: [*data_dir.glob("index/unfinished-segment-*")], process=process)
    return process


@pytest.fixture(scope="module")
def large_shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Books that take a few seconds and two processes."""
    folder = tmp_path_factory.mktemp("large")
    for number in range(16):
        words = (f"word{place * number % 9973} of the white whale.\n\n" for place in range(20_000))
        (folder / f"{number}.txt").write_text("".join(words))
    return folder


@pytest.mark.parametrize("after", [0, 0.2, 1])
def test_an_interrupt_ends_all_processes_without_a_word(
    after: float, large_shelf: Path, tmp_path: Path
) -> None:
    process = _build_of_many_processes(large_shelf, tmp_path)
    time.sleep(after)
    os.killpg(process.pid, signal.SIGINT)
    # It ends when the last of the processes has closed its standard error.
    output, errors = process.communicate(timeout=SECONDS)
    assert (process.returncode, output, errors) == (130, "", "")


@pytest.mark.parametrize("after", [0.1, 1])
def test_a_killed_parent_leaves_no_process_behind(
    after: float, large_shelf: Path, tmp_path: Path
) -> None:
    process = _build_of_many_processes(large_shelf, tmp_path)
    time.sleep(after)
    process.kill()
    _, errors = process.communicate(timeout=SECONDS)
    assert (process.returncode, errors) == (-signal.SIGKILL, "")
