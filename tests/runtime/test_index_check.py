import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gutenberg_explorer.index import IndexDamaged, Library, reader
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.runtime.index_check import IndexCheck
from gutenberg_explorer.settings import Settings
from tests.libraries import IndexedShelf, library_of
from tests.searching import search
from tests.waiting import wait_until

FILES = ["text.utf8", "positions", "*.term", "term_hashes"]


@pytest.fixture
def library(indexed_small_books: IndexedShelf, tmp_path: Path) -> Library:
    """A library of three small books, of its own."""
    return library_of(indexed_small_books.spec, indexed_small_books.copy_to(tmp_path))


@pytest.fixture
def large(library: Library) -> Index:
    """Its index, none of whose files was compared when it was opened."""
    return _unread(library.open())


def _unread(index: Index) -> Index:
    return Index(index.folder, at_opening=0)


def _flip(index: Index, name: str) -> None:
    path = next(path for path in index._files() if path.match(name))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.unlink()  # generations share files
    path.write_bytes(data)


@contextmanager
def _checking(library: Library, current: Callable[[], Index]) -> Iterator[None]:
    check = IndexCheck(library, current)
    check.start()
    try:
        yield
    finally:
        check.stop()


@pytest.mark.parametrize("name", FILES)
def test_damage_behind_a_start_leads_to_a_sound_index(
    library: Library, large: Index, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    before = search(library.open(), "love")
    _flip(large, name)
    with _checking(library, lambda: large):
        wait_until(lambda: library.newer_than(large))
    assert "does not match its checksum. It is replaced." in caplog.text
    assert "It is rebuilt." in caplog.text
    assert {record.levelname for record in caplog.records} == {"WARNING"}
    found = library.open()
    assert found.damage() == []
    assert search(found, "love") == before


def test_the_generation_before_takes_the_place_of_a_damaged_one(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    before = library.open()
    library.build()
    large = _unread(library.open())
    _flip(large, "norms")
    IndexCheck(library, lambda: large).check()
    assert library.newer_than(large) == before.manifest.generation
    assert f"Generation {before.manifest.generation} is used" in caplog.text


def test_the_backend_takes_up_what_replaces_a_damaged_index(settings: Settings) -> None:
    backend = Backend.open(settings)
    damaged = backend.index
    backend.snapshot = type(backend.snapshot)(_unread(damaged), backend.snapshot.engine)
    _flip(damaged, "text.utf8")
    backend.index_check().check()
    backend.watcher().check()
    assert backend.index.manifest.generation != damaged.manifest.generation
    assert backend.index.damage() == []
    backend.close()


def test_without_books_the_damaged_index_stays_in_use(
    shelf_dir: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    library = library_of(f"directory:{shelf_dir}", tmp_path / "data")
    large = _unread(library.build())
    _flip(large, "text.utf8")
    shutil.rmtree(shelf_dir)
    IndexCheck(library, lambda: large).check()
    assert "The damaged index stays in use, because no other can be built: " in caplog.text
    assert library.newer_than(large) is None


def test_each_index_is_read_once(
    library: Library, large: Index, caplog: pytest.LogCaptureFixture
) -> None:
    check = IndexCheck(library, lambda: large)
    check.check()
    _flip(large, "text.utf8")
    check.check()
    assert not caplog.records


def test_the_end_does_not_wait_for_all_of_it(
    library: Library,
    large: Index,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    begun = []

    def endless(_path: object, _entry: object, after: Callable[[int], None]) -> None:
        begun.append(1)
        while True:
            after(1_000)

    monkeypatch.setattr(reader, "check_sum", endless)
    with _checking(library, lambda: large):
        wait_until(lambda: begun)
    assert not caplog.records


def test_the_end_does_not_wait_for_a_rebuild(
    library: Library,
    large: Index,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    _flip(large, "text.utf8")
    check = IndexCheck(library, lambda: large)

    def find_and_stop(_: object) -> None:
        check.stop()
        raise IndexDamaged("text.utf8 does not match its checksum")

    monkeypatch.setattr(large, "check_rest", find_and_stop)
    check.check()
    assert "It is replaced." in caplog.text
    assert "stays in use" not in caplog.text
    assert library.newer_than(large) is None
