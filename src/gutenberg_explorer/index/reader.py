"""An open index: the library's books, their segments and the index of their passages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tantivy import Query

from gutenberg_explorer.index import weights
from gutenberg_explorer.index.arrays import map_array
from gutenberg_explorer.index.book_list import Books, check_norms, check_numbers
from gutenberg_explorer.index.contents import Heading
from gutenberg_explorer.index.damage import damage_in, require
from gutenberg_explorer.index.files import checksum
from gutenberg_explorer.index.layout import (
    BOOK_ENDS,
    BOOKS,
    FILES,
    ID_ENDS,
    IDS,
    NORMS,
    NUMBERS,
    PASSAGES,
    segment_folder,
)
from gutenberg_explorer.index.manifest import (
    MANIFEST,
    FileEntry,
    IndexDamaged,
    read_manifest,
)
from gutenberg_explorer.index.norms import NONE
from gutenberg_explorer.index.passage_index import MAX_COUNTED_BOOKS, PassageIndex, split_keys
from gutenberg_explorer.index.passage_index import key as passage_key
from gutenberg_explorer.index.segment import Segment
from gutenberg_explorer.index.verification import (
    AT_OPENING,
    check_sizes,
    check_sum,
    check_sums,
    shared_out,
)


@dataclass(frozen=True, slots=True)
class Term:
    """A term that the index holds: its word, its idf, and its postings in each segment."""

    word: str
    idf: float
    postings: tuple[tuple[int, int] | None, ...]


class Index:
    """An immutable index, safe to be read from many threads. Books are numbered from 0 by id.

    `folder` is that of a generation. Files are checked as `verification` says, up to `at_opening`
    bytes now and the others by `check_rest`. Raises IndexDamaged when any of it is not what was
    published or can't be searched.
    """

    def __init__(self, folder: Path, at_opening: int = AT_OPENING) -> None:
        self.folder = folder
        self.manifest = read_manifest(folder)
        files = self._files()
        check_sizes(files)
        now, self._later = shared_out(files, at_opening)
        check_sums(now)
        with damage_in(folder.name):
            self._open()
        if not self._later:
            self._check()

    def _open(self) -> None:
        folder, segments = self.folder, self.manifest.segments
        self.books = Books(folder)
        require(len(self.books) == self.manifest.books_count, BOOKS, "has not all books")
        self.norms: NDArray[np.float64] = map_array(folder / NORMS, "<f8")
        check_norms(self.norms, len(self.books))
        self.segments = tuple(Segment(segment_folder(folder, entry.name)) for entry in segments)
        sizes = [len(segment) for segment in self.segments]
        same = sizes == [entry.books for entry in segments]
        require(same, MANIFEST, "gives a segment another number of books than it has")
        numbers = map_array(folder / NUMBERS, "<u4")
        check_numbers(numbers, sum(sizes), len(self.books))
        ends = np.cumsum(sizes, dtype=np.int64)
        # For each segment, the numbers of its books in the library.
        self._numbers: list[NDArray[np.uint32]] = np.split(numbers, ends)[:-1]
        self._whole = [bool((each != NONE).all()) for each in self._numbers]
        self._places = np.zeros((len(self.books), 2), np.int64)
        for place, each in enumerate(self._numbers):
            kept = np.flatnonzero(each != NONE)
            self._places[each[kept], 0] = place
            self._places[each[kept], 1] = kept
        self._all_numbers = np.where(numbers == NONE, -1, numbers.astype(np.int64))
        # The segments by their own numbers, and where in all numbers those of their books begin.
        self._segment_numbers = np.array([entry.number for entry in segments], np.int64)
        self._by_number = self._segment_numbers.argsort()
        distinct = len(set(self._segment_numbers.tolist())) == len(segments)
        require(distinct, MANIFEST, "gives two segments one number")
        self._sizes = np.array(sizes, np.int64)
        self._starts = ends - self._sizes
        self.passage_index = PassageIndex(folder / PASSAGES)
        self._check_places()

    def _check_places(self) -> None:
        """Check that the segments hold what the books and the index of passages tell of."""
        characters = np.array([book.character_count for book in self.books], np.int64)
        lengths = self._of_books([segment.text_lengths for segment in self.segments])
        require((lengths == characters).all(), BOOKS, "gives a book another length than its text's")
        passages = int(self._passage_counts().sum())
        require(len(self.passage_index) == passages, PASSAGES, "has other passages than the books")

    def _of_books(self, values: Sequence[NDArray[Any]]) -> NDArray[np.int64]:
        """Return for each book a value, from those of all books of each segment."""
        found = np.zeros(len(self.books), np.int64)
        for numbers, each in zip(self._numbers, values, strict=True):
            kept = numbers != NONE
            found[numbers[kept]] = each[kept]
        return found

    def _passage_counts(self) -> NDArray[np.int64]:
        return self._of_books([segment.passage_counts for segment in self.segments])

    def _check(self, after: Callable[[int], None] = lambda _: None) -> None:
        """Check every value of every array. Raises IndexDamaged."""
        for segment in self.segments:
            segment.check()
            after(0)
        if len(self.books) <= MAX_COUNTED_BOOKS:
            keys, counts = self.passage_index.count_by_book(Query.all_query())
            found = np.zeros(len(self.books), np.int64)
            found[self.numbers_of_keys(keys)] = counts
            same = (found == self._passage_counts()).all()
            require(same, PASSAGES, "has other passages than the books")

    def check_rest(self, after: Callable[[int], None] = lambda _: None) -> None:
        """Check what has not been checked on opening. Raises IndexDamaged.

        `after` is called again and again, with the number of bytes that were read since. What it
        raises ends the check.
        """
        if self._later:
            for path, entry in self._later.items():
                check_sum(path, entry, after)
            self._check(after)
        self._later = {}

    def _files(self) -> dict[Path, FileEntry]:
        """Return all files with what the manifest says of them."""
        files = {self.folder / name: entry for name, entry in self.manifest.files.items()}
        complete = {BOOKS, BOOK_ENDS, IDS, ID_ENDS, NUMBERS, NORMS} <= self.manifest.files.keys()
        for segment in self.manifest.segments:
            folder = segment_folder(self.folder, segment.name)
            files |= {folder / name: entry for name, entry in segment.files.items()}
            complete = complete and segment.files.keys() == set(FILES)
        require(complete, MANIFEST, "does not name all files")
        return files

    def damage(self) -> list[str]:
        """Read every file and return what is wrong, a sentence each."""
        found = []
        for path, entry in self._files().items():
            try:
                if checksum(path) != entry.crc32:
                    found.append(f"{path} does not match its checksum.")
            except OSError as error:
                found.append(f"{path} can't be read ({error.strerror}).")
        for check in (self._check, *(segment.check_hashes for segment in self.segments)):
            try:
                check()
            except IndexDamaged as error:
                found.append(f"{error}.")
        return found

    @property
    def size(self) -> int:
        """The size of all files in bytes."""
        return self.manifest.size

    def book_number(self, book_id: str) -> int | None:
        """Return the number of a book, or None."""
        return self.books.number(book_id)

    def key(self, book: int) -> int:
        """Return the key of a book in the index of passages."""
        place, local = self._places[book].tolist()
        return passage_key(int(self._segment_numbers[place]), local)

    def numbers_of_keys(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the numbers of the books with these keys, -1 where there is none.

        Raises IndexDamaged for a key that is of no segment's book.
        """
        segments, local = split_keys(keys)
        sorter = self._by_number
        places = self._segment_numbers.searchsorted(segments, sorter=sorter)
        known = places < len(sorter)
        place = sorter[places[known]]
        known[known] = (self._segment_numbers[place] == segments[known]) & (
            local[known] < self._sizes[place]
        )
        require(known.all(), PASSAGES, "names a book that is in no segment")
        numbers: NDArray[np.int64] = self._all_numbers[self._starts[place] + local]
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
