"""A library: the books of a shelf, those added by hand, and the published index of them all."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gutenberg_explorer import corpus
from gutenberg_explorer.corpus import (
    BookFile,
    CorpusError,
    Progress,
    Shelf,
    UnreadableBook,
    no_progress,
)
from gutenberg_explorer.index.index_store import IndexStore
from gutenberg_explorer.index.manifest import (
    BookEntry,
    IndexDamaged,
    IndexMissing,
    ShelfEntry,
    UnusableIndex,
    read_choices,
)
from gutenberg_explorer.telemetry import link_to, measured, span

if TYPE_CHECKING:
    from gutenberg_explorer.index.reader import Index

logger = logging.getLogger(__name__)

# What indexing may use of memory where nothing else is said, in bytes.
DEFAULT_MEMORY = 768 * 1024 * 1024


@dataclass(frozen=True)
class _KeptShelf:
    """A shelf that can't be had just now: of its books those that an index has."""

    entry: ShelfEntry
    books: Sequence[BookEntry]

    @property
    def name(self) -> str:
        return self.books[0].source

    @property
    def spec(self) -> str:
        return self.entry.spec

    def fingerprint(self) -> str:
        return self.entry.fingerprint

    def files(self) -> Iterator[BookFile]:
        for book in self.books:
            yield BookFile(book.id, book.source, self._read, version=book.version)

    def _read(self) -> bytes:
        raise UnreadableBook("its shelf is not available")

    def damage(self) -> list[str]:
        return []


@dataclass(frozen=True)
class Library:
    """The books that `shelves` stand for, the first that can be had, and their index in `store`.

    `shelf_of` makes the shelf that a setting means; `memory` is what indexing may use, in bytes.
    All methods raise CorpusError when books can't be had, and OSError when the disk fails.
    """

    store: IndexStore
    shelves: Sequence[Shelf]
    shelf_of: Callable[[str], Shelf]
    progress: Progress = no_progress
    memory: int = DEFAULT_MEMORY

    def open_or_build(self) -> "tuple[Index, bool]":
        """Return an index of the books, and whether it was built now.

        One that is published and of these books is opened, and no network is used. Another is
        brought up to date; a damaged or outdated one is built anew, with a notice.
        """
        if index := self._open_fitting(notice=True):
            return index, False
        with self.store.lock():
            # Another process may have built it while this one waited for its turn.
            if index := self._open_fitting(notice=False):
                return index, False
            self._update(self._base())
            return self.store.open(), True

    def build(self) -> "Index":
        """Index all books anew, publish and return the index."""
        with self.store.lock():
            self._update(None)
            return self.store.open()

    def update(self) -> "Index":
        """Index what is new or changed in all shelves, publish and return the index."""
        with self.store.lock():
            self._update(self._base())
            return self.store.open()

    def add(self, specs: Sequence[str]) -> "Index":
        """Add the books of these shelves, and keep them whatever the settings ask for."""
        with self.store.lock():
            base = self._base()
            there = [entry.spec for entry in base.manifest.added] if base else []
            new = [shelf for spec in specs if (shelf := self.shelf_of(spec)).spec not in there]
            asked = {file.id for spec in specs for file in self.shelf_of(spec).files()}
            self._update(base, new, again=asked)
            return self.store.open()

    def remove(self, book_ids: Sequence[str]) -> "Index":
        """Take books out, for good: an update does not bring them back, but adding them does.

        Raises CorpusError when the library has no such book.
        """
        with self.store.lock():
            base = self.store.open()
            for book_id in book_ids:
                if base.book_number(book_id) is None:
                    raise CorpusError(
                        f"The library has no book {book_id}: run corpus list to see its books."
                    )
            self._update(base, gone=frozenset(book_ids))
            return self.store.open()

    def damage(self) -> list[str]:
        """Read all files of the index and all that was downloaded; return what is wrong."""
        index = self.store.open()
        specs = [e.spec for e in [index.manifest.shelf, *index.manifest.added] if e]
        return index.damage() + [each for spec in specs for each in self.shelf_of(spec).damage()]

    def _choices(self) -> tuple[list[ShelfEntry], list[str]]:
        with suppress(UnusableIndex):
            return read_choices(self.store.current())
        return [], []

    def _base(self) -> "Index | None":
        with suppress(UnusableIndex):
            return self.store.open()
        return None

    def _update(
        self,
        base: "Index | None",
        new: Sequence[Shelf] = (),
        *,
        gone: frozenset[str] = frozenset(),
        again: set[str] = frozenset(),  # type: ignore[assignment]
    ) -> None:
        # Most starts open an index and make none.
        from gutenberg_explorer.index.update import Wanted, update  # noqa: PLC0415

        entries, removed_before = self._choices()
        removed = (frozenset(removed_before) | gone) - again
        added = [self._added(entry, base, removed) for entry in entries]
        shelves = [shelf for shelf in [*added, *new] if shelf]
        wanted = Wanted(corpus.choose(list(self.shelves)), shelves, removed)
        # A whole index is never replaced by a part of it.
        with measured("index.build.duration"):
            update(
                self.store,
                wanted,
                base,
                self.progress,
                self.memory,
                in_rounds=base is not None or self._base() is None,
            )

    def _added(
        self, entry: ShelfEntry, base: "Index | None", removed: frozenset[str]
    ) -> Shelf | None:
        """Return an added shelf; if it can't be had, what `base` has of it, None for nothing."""
        shelf = self.shelf_of(entry.spec)
        try:
            return corpus.choose([shelf])
        except CorpusError as error:
            if base is None:
                raise
            books = [b for b in base.books if b.shelf == entry.spec and b.id not in removed]
            if not books:
                return None
            logger.warning("%s The existing books of %s are kept.", error, entry.spec)
            return _KeptShelf(entry, books)

    def open_published(self) -> "Index":
        """Open the published index, whatever books it is of. Raises UnusableIndex."""
        manifest = self.store.manifest()
        built = (manifest.trace_id, manifest.span_id)
        links = [link_to(built[0], built[1])] if built[0] and built[1] else []
        with span("open_index", links=links) as opening:
            index = self.store.open()
            opening.set("index.generation", index.manifest.generation)
            opening.set("index.books_count", len(index.books))
            opening.set("index.bytes", index.size)
        return index

    def _open_fitting(self, *, notice: bool) -> "Index | None":
        """Open the published index if it is of one of the shelves, and sound."""
        try:
            manifest = self.store.manifest()
            shelf = manifest.shelf
            if shelf and shelf.fingerprint in {each.fingerprint() for each in self.shelves}:
                return self.open_published()
            problem = "contains other books than requested. It is updated"
        except IndexMissing:
            return None
        except IndexDamaged as error:
            problem = f"can't be used: {error}. It is rebuilt"
        if notice:
            logger.warning("The index %s.", problem)
        return None
