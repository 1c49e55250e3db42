"""The next generation of an index: the books of the last one, with what is added and removed."""

import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gutenberg_explorer.index.arrays import write_array
from gutenberg_explorer.index.index_store import IndexStore
from gutenberg_explorer.index.indexing import Indexed
from gutenberg_explorer.index.layout import (
    BOOK_ENDS,
    BOOKS,
    ID_ENDS,
    IDS,
    NORMS,
    NUMBERS,
    PASSAGES,
)
from gutenberg_explorer.index.manifest import BookEntry, Manifest, SegmentEntry
from gutenberg_explorer.index.norms import NONE, book_norms
from gutenberg_explorer.index.passage_index import PassageWriter, key
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.index.segment import Segment

# (segment's number, book's number there)
Place = tuple[int, int]


class Generation:
    """A generation in the making; the store's lock must be held. Methods raise OSError."""

    def __init__(self, store: IndexStore, base: Index | None, heap: int) -> None:
        self._store = store
        self._base = base.manifest if base else None
        # In milliseconds, so that names are in the order of their making.
        now = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"[:-3]
        self.name = f"{now}-{secrets.token_hex(3)}"
        self._folder = store.begin(self.name, base.folder if base else None)
        self._passages = PassageWriter(self._folder / PASSAGES, heap)
        self._segments: dict[int, SegmentEntry] = {}
        self.books: dict[str, BookEntry] = {}
        self._places: dict[str, Place] = {}
        if base:
            self._segments = {entry.number: entry for entry in base.manifest.segments}
            numbers = [entry.number for entry in base.manifest.segments]
            for number, book in enumerate(base.books):
                place, _, local = base.place(number)
                self.books[book.id] = book
                self._places[book.id] = (numbers[place], local)
        self._next = max(self._segments, default=0) + 1
        self._sizes: dict[int, int] = {}

    def begin_segments(self, count: int) -> list[tuple[int, Path]]:
        """Return numbers and folders for new segments."""
        numbers = list(range(self._next, self._next + count))
        self._next += count
        self._sizes |= dict.fromkeys(numbers, 0)
        return list(zip(numbers, self._store.segments.begin(count), strict=True))

    def add(self, segment: int, indexed: Indexed) -> None:
        """Add a book that a segment has taken, in place of one with the same id."""
        assert indexed.entry is not None
        self.remove(indexed.entry.id)
        place = segment, self._sizes[segment]
        self._sizes[segment] += 1
        self.books[indexed.entry.id] = indexed.entry
        self._places[indexed.entry.id] = place
        names = indexed.title, indexed.author
        texts = indexed.passages, indexed.pairs, indexed.across
        self._passages.add(key(*place), *names, *texts)

    def remove(self, book_id: str) -> None:
        """Take a book out, if it is there."""
        if self.books.pop(book_id, None):
            self._passages.remove(key(*self._places.pop(book_id)))

    def finish_segments(self, segments: Sequence[tuple[int, Path]]) -> None:
        """Take in segments that have been written to their folders."""
        for number, folder in segments:
            entry = self._store.segments.finish(folder, number, self._sizes[number])
            self._segments[number] = entry

    def segments(self) -> list[tuple[SegmentEntry, int]]:
        """Return the segments in use, each with the number of its books that are not removed."""
        counts = Counter(segment for segment, _ in self._places.values())
        return [(self._segments[number], counts[number]) for number in sorted(counts)]

    def stored(self, segments: Sequence[SegmentEntry]) -> Iterator[tuple[BookEntry, str]]:
        """Yield the books of segments with their texts; they may be added anew meanwhile."""
        for entry in segments:
            segment = Segment(self._store.segments.path(entry.name))
            within = [i for i, (number, _) in self._places.items() if number == entry.number]
            for book_id in within:
                local = self._places[book_id][1]
                book = self.books[book_id]
                yield book, segment.text(local, 0, book.character_count)

    def _numbers(self) -> list[tuple[SegmentEntry, NDArray[np.uint32]]]:
        """Return the segments in use, each with its books' numbers in the library, NONE if gone."""
        numbers = {
            entry.number: np.full(entry.books, NONE, np.uint32) for entry, _ in self.segments()
        }
        for number, book_id in enumerate(sorted(self.books)):
            segment, local = self._places[book_id]
            numbers[segment][local] = number
        return [(entry, numbers[entry.number]) for entry, _ in self.segments()]

    def norms(self) -> NDArray[np.float64]:
        """Return the length of each book's TF-IDF vector, in the order of their ids."""
        numbered = self._numbers()
        opened = [Segment(self._store.segments.path(entry.name)) for entry, _ in numbered]
        return book_norms(opened, [numbers for _, numbers in numbered], len(self.books))

    def publish(self, manifest: Manifest, norms: NDArray[np.float64]) -> None:
        """Commit the passages, write the books and their `norms`, and publish under a manifest.

        What the manifest says of the files is filled in.
        """
        self._passages.commit()
        numbered = self._numbers()
        numbers = np.concatenate([np.empty(0, np.uint32), *(each for _, each in numbered)])
        ids = sorted(self.books)
        lines = [self.books[book_id].model_dump_json().encode() + b"\n" for book_id in ids]
        encoded = [book_id.encode() for book_id in ids]
        (self._folder / BOOKS).write_bytes(b"".join(lines))
        (self._folder / IDS).write_bytes(b"".join(encoded))
        for name, values, dtype in (
            (BOOK_ENDS, np.cumsum([len(line) for line in lines]), "<u8"),
            (ID_ENDS, np.cumsum([len(book_id) for book_id in encoded]), "<u8"),
            (NUMBERS, numbers, "<u4"),
            (NORMS, norms, "<f8"),
        ):
            write_array(self._folder / name, values, dtype)
        manifest.generation = self.name
        manifest.created = datetime.now(UTC).isoformat(timespec="milliseconds")
        manifest.books_count = len(ids)
        manifest.segments = [entry for entry, _ in numbered]
        self._store.publish(self._folder, manifest, self._base)
