"""All libraries of a data directory: which there are, and the removal of those that nobody uses."""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gutenberg_explorer.index.index_store import IndexStore
from gutenberg_explorer.index.layout import FORMAT
from gutenberg_explorer.index.library_folder import LibraryFolder, stem_of
from gutenberg_explorer.index.manifest import MANIFEST, UnusableIndex
from gutenberg_explorer.index.segment_store import UNFINISHED


@dataclass(frozen=True)
class StoredLibrary:
    """A library in a data directory; what can't be told is None.

    `bytes` is the size of its files with the segments that it shares. `uses` says by what it is
    used, and is empty where nobody uses it. `paths` are what only it has.
    """

    shelf: str | None
    format: int
    generation: str | None
    books: int | None
    bytes: int
    served: datetime | None
    uses: Sequence[str]
    paths: Sequence[Path]


def stored_libraries(store: IndexStore, settings_shelves: Sequence[str]) -> list[StoredLibrary]:
    """Return all libraries, those of other formats too, by name.

    Those of `settings_shelves` are in use. Nothing is written.
    """
    last = store.last_shelf()
    found = [_described(store, each, settings_shelves, last) for each in store.libraries()]
    return found + list(_of_old_layout(store))


def prune(store: IndexStore, settings_shelves: Sequence[str]) -> list[StoredLibrary]:
    """Remove the libraries that nobody uses, and return them. Raises OSError."""
    with store.lock():
        store.clear()
        store.choices.settle()  # they may be recorded in what goes
        gone = [each for each in stored_libraries(store, settings_shelves) if not each.uses]
        for path in (path for library in gone for path in library.paths):
            removed = store.folder / f"{UNFINISHED}{path.name}"
            path.rename(removed)  # in one step, lest a kill leave half of it
            if removed.is_dir():
                shutil.rmtree(removed)
            else:
                removed.unlink()
        store.clear()
        return gone


def _described(
    store: IndexStore, library: LibraryFolder, settings_shelves: Sequence[str], last: str | None
) -> StoredLibrary:
    spec = library.spec()
    uses = []
    # One of another format is of no use once there is one of this.
    if library.format == FORMAT or (spec and not store.library(spec).generations()):
        if library.stem in map(stem_of, settings_shelves):
            uses.append("set")
        if last is not None and library.stem == stem_of(last):
            uses.append("served last")
    if library.is_in_use():
        uses.append("open in a server")
    generation: str | None = None
    books: int | None = None
    size = _size_of(library.folder)
    with suppress(UnusableIndex):
        manifest = library.manifest()
        generation, books, size = manifest.generation, manifest.books_count, manifest.size
    return StoredLibrary(
        spec, library.format, generation, books, size, library.served(), uses, [library.folder]
    )


def _of_old_layout(store: IndexStore) -> Iterator[StoredLibrary]:
    """Yield what a version before format 5 has left, as one library."""
    paths = store.old_paths()
    if not paths:
        return
    shelf = generation = books = None
    version = 0
    for name, (spec, number) in store.old_shelves().items():
        generation, shelf, version = name, spec, number
        with suppress(OSError, ValueError, RecursionError, KeyError):
            books = json.loads((store.folder / name / MANIFEST).read_bytes())["books_count"]
    uses = ["served last"] if store.names_old() else []
    size = sum(map(_size_of, paths))
    yield StoredLibrary(shelf, version, generation, books, size, None, uses, paths)


def _size_of(path: Path) -> int:
    files = [path] if path.is_file() else path.rglob("*")
    size = 0
    for file in files:
        with suppress(OSError):
            status = os.lstat(file)
            size += 0 if file.is_dir() else status.st_size
    return size
