"""Libraries of several shelves in one data directory, and what holds for all of them."""

import itertools
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gutenberg_explorer import corpus
from gutenberg_explorer.corpus import Book, BookFile, CorpusError
from gutenberg_explorer.index import IndexDamaged, IndexMissing, IndexStore, Library
from gutenberg_explorer.index.choices import Choices
from gutenberg_explorer.index.reader import Index
from tests.index.old_format import write_format_3
from tests.libraries import library_of


class Shelves:
    """Shelves in a folder, and the libraries of them in one data directory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data_dir = folder / "data"

    def write(self, shelf: str, *books: str) -> None:
        """Write books to a shelf; the text of each tells which it is."""
        (self.folder / shelf).mkdir(exist_ok=True)
        for book in books:
            (self.folder / shelf / f"{book}.txt").write_text(f"The white whale of {book}.")

    def spec(self, shelf: str) -> str:
        """Return the setting that means a shelf."""
        return f"directory:{self.folder / shelf}"

    def library(self, shelf: str) -> Library:
        """Return the library of a shelf."""
        return library_of(self.spec(shelf), self.data_dir)

    def open(self, shelf: str) -> tuple[list[str], bool]:
        """Open a library as a server does; return the ids of its books, and if it was built."""
        index, built = self.library(shelf).open_or_build()
        return ids(index), built


def ids(index: Index) -> list[str]:
    """Return the ids of the books, after looking at each."""
    assert index.damage() == []
    for number, book in enumerate(index.books):
        assert index.text(number, 0, 100) == f"The white whale of {book.id}."
    return [book.id for book in index.books]


@pytest.fixture
def shelves(tmp_path: Path) -> Shelves:
    """Two shelves with a library each, and one more."""
    shelves = Shelves(tmp_path)
    shelves.write("first", "a", "b", "c")
    shelves.write("second", "d", "e")
    shelves.write("more", "x", "y")
    assert shelves.open("first") == (["a", "b", "c"], True)
    assert shelves.open("second") == (["d", "e"], True)
    return shelves


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of all books that are read from now on."""
    found: list[str] = []

    def read_book(file: BookFile) -> Book:
        found.append(file.id)
        return original(file)

    original = corpus.read_book
    monkeypatch.setattr(corpus, "read_book", read_book)
    return found


def test_going_back_to_a_shelf_reads_no_book(shelves: Shelves, read: list[str]) -> None:
    for _ in range(2):
        assert shelves.open("first") == (["a", "b", "c"], False)
        assert shelves.open("second") == (["d", "e"], False)
    assert read == []
    shelves.write("first", "new")
    assert shelves.open("first") == (["a", "b", "c", "new"], True)
    assert shelves.open("second") == (["d", "e"], False)
    assert read == ["new"]


def test_an_open_index_follows_its_own_library_only(shelves: Shelves) -> None:
    library = shelves.library("first")
    index = library.open()
    shelves.library("second").build()
    shelves.library("second").add([shelves.spec("more")])
    assert library.newer_than(index) is None
    shelves.library("first").update()
    assert library.newer_than(index) == library.open_newer(index).manifest.generation


def test_what_was_added_and_removed_holds_for_each_library(
    shelves: Shelves, read: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    first = shelves.library("first")
    assert ids(first.add([shelves.spec("more")])) == ["a", "b", "c", "x", "y"]
    assert ids(first.remove(["a", "x"])) == ["b", "c", "y"]
    assert read == ["x", "y"]
    assert shelves.library("second").lags(shelves.library("second").open().manifest)
    assert shelves.open("second") == (["d", "e", "y"], True)
    assert "was built before books were added or removed. It is updated." in caplog.text
    assert shelves.open("second") == (["d", "e", "y"], False)
    shelves.write("third", "a", "z")
    assert shelves.open("third") == (["y", "z"], True)
    assert ids(shelves.library("third").add([shelves.spec("more")])) == ["x", "y", "z"]
    assert shelves.open("first") == (["b", "c", "x", "y"], True)


def test_the_last_books_of_a_library_are_not_removed(shelves: Shelves) -> None:
    shelves.open("first")
    with pytest.raises(CorpusError, match="No book would be left: add others before"):
        shelves.library("first").remove(["a", "b", "c"])
    assert shelves.open("first") == (["a", "b", "c"], False)
    shelves.write("third", "a", "b")
    assert ids(shelves.library("first").remove(["a", "b"])) == ["c"]
    # Of another library these were all.
    with pytest.raises(CorpusError, match="All books of the directory shelf were removed by hand"):
        shelves.open("third")
    assert ids(shelves.library("third").add([shelves.spec("third")])) == ["a", "b"]


def test_choices_are_kept_when_every_index_has_gone(shelves: Shelves) -> None:
    shelves.library("first").add([shelves.spec("more")])
    shelves.library("first").remove(["a"])
    shutil.rmtree(shelves.data_dir / "index")
    assert shelves.open("first") == (["b", "c", "x", "y"], True)
    (shelves.data_dir / "choices.json").unlink()
    (shelves.data_dir / "choices.copy.json").unlink()
    assert shelves.open("first") == (["b", "c", "x", "y"], False)


def test_a_shelf_that_has_gone_is_served_and_changed_from_its_library(
    shelves: Shelves, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(shelves.folder / "first")
    assert shelves.open("first") == (["a", "b", "c"], False)
    assert "first does not exist" in caplog.text
    assert ids(shelves.library("first").add([shelves.spec("more")])) == ["a", "b", "c", "x", "y"]
    assert ids(shelves.library("second").remove(["d"])) == ["e", "x", "y"]
    assert ids(shelves.library("first").remove(["a"])) == ["b", "c", "x", "y"]
    assert shelves.open("first") == (["b", "c", "x", "y"], False)
    with pytest.raises(CorpusError, match="does not exist"):
        shelves.library("first").build()  # there would be no way back
    assert shelves.open("first") == (["b", "c", "x", "y"], False)


def test_added_shelves_are_updated_when_the_library_s_own_has_gone(
    shelves: Shelves, read: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    shelves.library("first").add([shelves.spec("more")])
    (shelves.folder / "first").rename(shelves.folder / "elsewhere")
    shelves.write("more", "z")
    (shelves.folder / "more" / "x.txt").unlink()
    read.clear()
    caplog.clear()
    assert ids(shelves.library("first").update()) == ["a", "b", "c", "y", "z"]
    assert read == ["z"]
    kept = f"The existing books of {shelves.spec('first')} are kept."
    assert [message for message in caplog.messages if message.endswith(kept)]
    assert shelves.open("first") == (["a", "b", "c", "y", "z"], False)
    (shelves.folder / "elsewhere").rename(shelves.folder / "first")
    shelves.write("first", "d")
    assert ids(shelves.library("first").update()) == ["a", "b", "c", "d", "y", "z"]
    assert read == ["z", "d"]


def test_an_update_fails_when_the_only_shelf_has_gone(shelves: Shelves) -> None:
    shutil.rmtree(shelves.folder / "first")
    with pytest.raises(CorpusError, match="does not exist"):
        shelves.library("first").update()
    assert shelves.open("first") == (["a", "b", "c"], False)


def test_a_source_that_can_not_be_had_is_not_added(shelves: Shelves) -> None:
    with pytest.raises(CorpusError, match="does not exist"):
        shelves.library("first").add([shelves.spec("more"), shelves.spec("nowhere")])
    assert shelves.library("first").store.choices.read() == Choices()
    assert shelves.open("first") == (["a", "b", "c"], False)


def test_equal_segments_are_stored_once(shelves: Shelves) -> None:
    def segments() -> set[str]:
        return {path.name for path in (shelves.data_dir / "index" / "segments").iterdir()}

    before = segments()
    shutil.copytree(shelves.folder / "first", shelves.folder / "copy")
    assert shelves.open("copy") == (["a", "b", "c"], True)
    assert segments() == before
    shelves.library("first").build()
    assert segments() == before


def test_the_generation_before_is_kept_and_no_other(shelves: Shelves) -> None:
    library = shelves.library("first")
    generations = [library.open().manifest.generation]
    for number in range(3):
        shelves.write("first", f"new-{number}")
        generations.append(library.update().manifest.generation)
        there = [path.name for path in library.folder().generations()]
        assert there == generations[-1:-3:-1]
    used = {
        entry.name
        for path in library.folder().generations()
        for entry in Index(path).manifest.segments
    }
    second = {entry.name for entry in shelves.library("second").open().manifest.segments}
    there_now = {path.name for path in (shelves.data_dir / "index" / "segments").iterdir()}
    assert there_now == used | second


Damage = Callable[[Path], object]


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(data)


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


DAMAGES: tuple[Damage, ...] = (_flip, _cut, Path.unlink)


def _files(generation: Path) -> list[Path]:
    return sorted(
        path for path in generation.rglob("*") if path.is_file() and path.suffix != ".lock"
    )


def test_damage_to_a_generation_falls_back_and_loses_no_book(
    shelves: Shelves, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The generation before has no book `new`: a server takes it and adds the book again."""
    shelves.write("first", "new")
    generation = shelves.library("first").update().manifest.generation
    whole = tmp_path / "whole"
    shutil.copytree(shelves.data_dir, whole)
    names = [path.relative_to(whole) for path in _files(whole) if generation in path.parts]
    for name, damage in zip(names, itertools.cycle(DAMAGES), strict=False):
        shutil.rmtree(shelves.data_dir, ignore_errors=True)
        shutil.copytree(whole, shelves.data_dir, dirs_exist_ok=True)
        damage(shelves.data_dir / name)
        caplog.clear()
        assert ids(shelves.library("first").open()) == ["a", "b", "c"], name
        assert "is used." in caplog.text
        assert shelves.open("first") == (["a", "b", "c", "new"], True), name
        assert shelves.open("first") == (["a", "b", "c", "new"], False), name
    assert shelves.open("second") == (["d", "e"], False)


def test_a_whole_generation_that_has_all_books_takes_the_place_of_a_damaged_one(
    shelves: Shelves, read: list[str]
) -> None:
    library = shelves.library("first")
    before, current = library.open().manifest, library.update().manifest
    _flip(library.folder().folder / current.generation / "norms")
    assert shelves.open("first") == (["a", "b", "c"], False)
    assert library.folder().open_current().manifest == before
    assert read == []


def test_a_newer_generation_is_not_replaced_by_a_whole_one(
    shelves: Shelves, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = shelves.library("first")
    current = library.update().manifest
    _flip(library.folder().folder / current.generation / "norms")
    newer: list[str] = []

    def another_process_publishes(*_: object) -> None:
        if not newer:
            newer.append("")
            newer[0] = shelves.library("first").build().manifest.generation

    monkeypatch.setattr(Library, "_say", another_process_publishes)
    shelves.open("first")
    assert library.folder().current().name == newer[0]


def test_damage_to_all_generations_rebuilds_the_same_library(
    shelves: Shelves, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    library = shelves.library("first")
    library.add([shelves.spec("more")])
    library.remove(["a"])
    for path in library.folder().folder.glob("*/manifest.json"):
        _flip(path)
    with pytest.raises(IndexDamaged, match="run gutenberg-explorer index build"):
        library.open()
    store = IndexStore(shelves.data_dir)
    assert store.last().spec() == shelves.spec("first")
    assert shelves.open("first") == (["b", "c", "x", "y"], True)
    assert "It is rebuilt." in caplog.text
    assert shelves.open("first") == (["b", "c", "x", "y"], False)


def test_a_damaged_segment_is_healed_for_all_that_share_it(shelves: Shelves) -> None:
    shutil.copytree(shelves.folder / "first", shelves.folder / "copy")
    shelves.open("copy")
    for damage in DAMAGES:
        (entry,) = shelves.library("first").open().manifest.segments
        damage(shelves.data_dir / "index" / "segments" / entry.name / "positions")
        with pytest.raises(IndexDamaged):
            shelves.library("copy").open()
        assert shelves.open("first") == (["a", "b", "c"], True)
        assert shelves.open("copy") == (["a", "b", "c"], False)


def test_a_library_in_the_folder_of_another_is_not_opened(shelves: Shelves) -> None:
    first, second = (shelves.library(name).folder() for name in ("first", "second"))
    shutil.rmtree(first.folder)
    shutil.copytree(second.folder, first.folder)
    with pytest.raises(IndexDamaged, match="belongs to another library"):
        first.open()
    assert shelves.open("first") == (["a", "b", "c"], True)


def test_an_index_of_the_old_layout_is_left_in_place(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shelves = Shelves(tmp_path)
    shelves.write("first", "a", "b", "c")
    shelves.write("more", "x")
    spec = shelves.spec("first")
    files = write_format_3(shelves.data_dir, spec, added=[shelves.spec("more")], removed=["b"])
    library = shelves.library("first")
    with pytest.raises(IndexDamaged, match="has format 3, and this version reads"):
        library.open()
    with pytest.raises(IndexMissing):
        shelves.library("more").open()
    assert library.store.last_shelf() == spec
    with caplog.at_level(logging.WARNING):
        assert shelves.open("first") == (["a", "c", "x"], True)
    (notice,) = caplog.messages
    assert "has format 3" in notice
    assert all(path.read_bytes() == data for path, data in files.items() if path.name != "CURRENT")
    assert library.store.last_shelf() == spec
    caplog.clear()
    assert shelves.open("first") == (["a", "c", "x"], False)
    assert caplog.messages == []
