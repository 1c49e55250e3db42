"""An open index: the library's books, their segments and the index of their passages."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

from gutenberg_explorer.index import weights
from gutenberg_explorer.index.arrays import map_array
from gutenberg_explorer.index.contents import Heading
from gutenberg_explorer.index.files import checksum
from gutenberg_explorer.index.layout import (
    BOOK_ENDS,
    BOOKS,
    ID_ENDS,
    IDS,
    NORMS,
    NUMBERS,
    PASSAGES,
)
from gutenberg_explorer.index.manifest import (
    BookEntry,
    FileEntry,
    IndexDamaged,
    read_manifest,
)
from gutenberg_explorer.index.norms import NONE
from gutenberg_explorer.index.passage_index import PassageIndex, split_keys
from gutenberg_explorer.index.passage_index import key as passage_key
from gutenberg_explorer.index.segment import Segment
from gutenberg_explorer.index.strings import StringTable


@dataclass(frozen=True, slots=True)
class Term:
    """A term that the index holds: its word, its idf, and its postings in each segment."""

    word: str
    idf: float
    postings: tuple[tuple[int, int] | None, ...]


class Books(Sequence[BookEntry]):
    """The entries of all books in the order of their ids; each is parsed when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._lines = StringTable(folder / BOOKS, folder / BOOK_ENDS)
        self._known: dict[int, BookEntry] = {}

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, number: int) -> BookEntry: ...
    @overload
    def __getitem__(self, number: slice) -> list[BookEntry]: ...
    def __getitem__(self, number: int | slice) -> BookEntry | list[BookEntry]:
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        entry = self._known.get(number)
        if entry is None:
            entry = BookEntry.model_validate_json(self._lines[number])
            self._known[number] = entry
        return entry

    @cached_property
    def authors(self) -> tuple[list[str], NDArray[np.intp]]:
        """All authors by name, and the place of each book's there; `""` stands for none."""
        names, codes = np.unique([book.author or "" for book in self], return_inverse=True)
        return names.tolist(), codes


class Index:
    """An immutable index, safe to be read from many threads. Books are numbered from 0 by id.

    `folder` is that of the published generation, beside those of the segments. Raises IndexMissing,
    or IndexDamaged when a file is missing or not of the published size; `damage` reads them all.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.manifest = read_manifest(folder)
        self._check_sizes()
        try:
            self.books = Books(folder)
            self._ids = StringTable(folder / IDS, folder / ID_ENDS)
            self.norms: NDArray[np.float64] = map_array(folder / NORMS, "<f8")
            self.segments = tuple(
                Segment(folder.parent / entry.name) for entry in self.manifest.segments
            )
            self.passage_index = PassageIndex(folder / PASSAGES)
            numbers = map_array(folder / NUMBERS, "<u4")
        except (OSError, ValueError) as error:
            raise IndexDamaged(f"it can't be opened ({error})") from None
        ends = np.cumsum([entry.books for entry in self.manifest.segments], dtype=np.int64)
        # For each segment, the numbers of its books in the library.
        self._numbers: list[NDArray[np.uint32]] = np.split(numbers, ends[:-1])
        self._whole = [bool((each != NONE).all()) for each in self._numbers]
        self._places = np.zeros((len(self.books), 2), np.int64)
        for place, each in enumerate(self._numbers):
            kept = np.flatnonzero(each != NONE)
            self._places[each[kept], 0] = place
            self._places[each[kept], 1] = kept
        self._all_numbers = np.where(numbers == NONE, -1, numbers.astype(np.int64))
        # Where in it the books of a segment begin, by the segment's own number.
        segment_numbers = [entry.number for entry in self.manifest.segments]
        self._segment_numbers = segment_numbers
        self._starts = np.full(max(segment_numbers, default=0) + 1, -1, np.int64)
        self._starts[segment_numbers] = ends - [entry.books for entry in self.manifest.segments]

    def _files(self) -> dict[Path, FileEntry]:
        """Return all files with what the manifest says of them."""
        files = {self._folder / name: entry for name, entry in self.manifest.files.items()}
        for segment in self.manifest.segments:
            folder = self._folder.parent / segment.name
            files |= {folder / name: entry for name, entry in segment.files.items()}
        return files

    def _check_sizes(self) -> None:
        for path, entry in self._files().items():
            try:
                found = path.stat().st_size
            except OSError as error:
                raise IndexDamaged(f"{path.name} can't be read ({error.strerror})") from None
            if found != entry.bytes:
                raise IndexDamaged(f"{path.name} does not have its published size")

    def damage(self) -> list[str]:
        """Read every file and return what is wrong, a sentence each."""
        found = []
        for path, entry in self._files().items():
            try:
                if checksum(path) != entry.crc32:
                    found.append(f"{path} does not match its checksum.")
            except OSError as error:
                found.append(f"{path} can't be read ({error.strerror}).")
        return found

    @property
    def size(self) -> int:
        """The size of all files in bytes."""
        return self.manifest.size

    def book_number(self, book_id: str) -> int | None:
        """Return the number of a book, or None."""
        return self._ids.find(book_id)

    def key(self, book: int) -> int:
        """Return the key of a book in the index of passages."""
        place, local = self._places[book].tolist()
        return passage_key(self._segment_numbers[place], local)

    def numbers_of_keys(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the numbers of the books with these keys, -1 where there is none."""
        segments, local = split_keys(keys)
        numbers: NDArray[np.int64] = self._all_numbers[self._starts[segments] + local]
        return numbers

    def place(self, book: int) -> tuple[int, Segment, int]:
        """Return where a book is: the place of its segment, the segment, its number there."""
        place, local = self._places[book].tolist()
        return place, self.segments[place], local

    def find(self, word: str) -> Term | None:
        """Return the term of a folded word, or None when no book holds it."""
        postings = tuple(segment.postings(word) for segment in self.segments)
        frequency = sum(self._frequency(place, each) for place, each in enumerate(postings) if each)
        if not frequency:
            return None
        return Term(word, float(weights.idf(len(self.books), frequency)), postings)

    def _frequency(self, place: int, postings: tuple[int, int]) -> int:
        start, end = postings
        if self._whole[place]:
            return end - start
        books = self._numbers[place][self.segments[place].posting_book[start:end]]
        return int(np.count_nonzero(books != NONE))

    def postings(self, term: Term) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Return the books that hold a term, and how often each does."""
        books, counts = [], []
        for place, found in enumerate(term.postings):
            if found:
                segment, within = self.segments[place], slice(*found)
                number = self._numbers[place][segment.posting_book[within]]
                count = segment.posting_count[within]
                if not self._whole[place]:
                    kept = number != NONE
                    number, count = number[kept], count[kept]
                books.append(number)
                counts.append(count)
        if len(books) == 1:
            return books[0], counts[0]
        return np.concatenate(books), np.concatenate(counts)

    def passages(self, book: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Return where the passages of a book start and where they end, in characters."""
        _, segment, local = self.place(book)
        return segment.passages(local)

    def contents(self, book: int) -> list[Heading]:
        """Return the headings of a book in their order."""
        _, segment, local = self.place(book)
        return segment.contents(local)

    def text(self, book: int, start: int, end: int) -> str:
        """Return the characters from `start` to `end` of a book's text."""
        _, segment, local = self.place(book)
        return segment.text(local, start, end)
