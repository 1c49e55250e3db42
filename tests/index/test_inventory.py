from pathlib import Path

import pytest

from gutenberg_explorer.index import IndexStore, Library, StoredLibrary, prune, stored_libraries
from gutenberg_explorer.index.layout import FORMAT
from gutenberg_explorer.index.library_folder import LibraryFolder
from tests.index.old_format import write_format_3
from tests.libraries import library_of


@pytest.fixture
def libraries(tmp_path: Path) -> dict[str, Library]:
    """Two libraries that share a segment, and one more, in one data directory."""
    for name, text in (("first", "The white whale."), ("same", "The white whale."), ("last", "A")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "book.txt").write_text(text)
    names = ("first", "same", "last")
    return {name: library_of(f"directory:{tmp_path / name}", tmp_path / "data") for name in names}


def _shelves(found: list[StoredLibrary]) -> dict[str, list[str]]:
    return {str(each.shelf).rpartition("/")[2]: list(each.uses) for each in found}


def test_a_list_says_who_uses_what(libraries: dict[str, Library]) -> None:
    for library in libraries.values():
        library.build()
    store = libraries["first"].store
    settings = [libraries["same"].shelves[0].spec]
    assert _shelves(stored_libraries(store, settings)) == {
        "first": ["served last"],  # it was the first, and no server was started
        "same": ["set"],
        "last": [],
    }
    let_go = libraries["last"].hold(libraries["last"].open())
    found = stored_libraries(store, settings)
    assert _shelves(found) == {
        "first": [],
        "same": ["set"],
        "last": ["served last", "open in a server"],
    }
    served = {each.shelf: each.served for each in found}
    assert [bool(served[library.shelves[0].spec]) for library in libraries.values()] == [
        False,
        False,
        True,
    ]
    let_go()
    (last,) = [each for each in stored_libraries(store, []) if each.uses]
    assert (last.uses, last.books, last.format) == (["served last"], 1, FORMAT)
    assert last.bytes == libraries["last"].open().size


def test_only_what_nobody_uses_is_removed(libraries: dict[str, Library]) -> None:
    for library in libraries.values():
        library.build()
    store = libraries["first"].store
    let_go = libraries["last"].hold(libraries["last"].open())
    libraries["same"].hold(libraries["same"].open())()
    assert _shelves(prune(store, [])) == {"first": []}
    assert libraries["same"].check().text(0, 0, 100) == "The white whale."  # it shared the segment
    assert prune(store, []) == []
    let_go()
    assert _shelves(prune(store, [])) == {"last": []}
    assert _shelves(stored_libraries(store, [])) == {"same": ["served last"]}
    (segment,) = (store.folder / "segments").iterdir()
    assert [segment.name] == [entry.name for entry in store.open().manifest.segments]


def test_what_a_server_has_open_outlives_its_library(libraries: dict[str, Library]) -> None:
    libraries["first"].build()
    index = libraries["last"].build()
    prune(libraries["first"].store, [])
    assert libraries["last"].newer_than(index) is None
    assert index.text(0, 0, 100) == "A"


def test_an_index_of_another_format_goes_once_there_is_one_of_this(
    libraries: dict[str, Library],
) -> None:
    library = libraries["first"]
    index = library.build()
    store = library.store
    folder = index.folder.parent
    later = folder.rename(folder.with_suffix(".9"))
    assert (LibraryFolder(later).format, store.old_format(library.shelves[0].spec)) == (9, 9)
    (found,) = stored_libraries(store, [library.shelves[0].spec])
    assert (found.format, found.uses) == (9, ["set"])
    assert prune(store, [library.shelves[0].spec]) == []
    library.build()
    (gone,) = prune(store, [library.shelves[0].spec])
    assert (gone.format, later.exists()) == (9, False)
    assert library.check().manifest.is_complete


def test_format_3_goes_but_not_what_it_records(
    tmp_path: Path, libraries: dict[str, Library]
) -> None:
    library = libraries["first"]
    spec = library.shelves[0].spec
    files = write_format_3(tmp_path / "data", spec, removed=["emma"])
    store = IndexStore(tmp_path / "data")
    (found,) = stored_libraries(store, [])
    assert (found.shelf, found.format, found.books, found.uses) == (spec, 3, 3, ["served last"])
    assert found.bytes == sum(len(data) for path, data in files.items() if path.name != "CURRENT")
    assert prune(store, []) == []
    library.build()
    assert all(path.read_bytes() == data for path, data in files.items() if path.name != "CURRENT")
    assert [(gone.shelf, gone.format) for gone in prune(store, [spec])] == [(spec, 3)]
    assert not any(path.exists() for path in files if path.name != "CURRENT")
    assert store.choices.read().removed == {"emma"}
    assert library.check().manifest.removed == ["emma"]
