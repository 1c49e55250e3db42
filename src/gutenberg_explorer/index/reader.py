"""An open index: terms, postings, passages and text, mapped into memory."""

import mmap
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from gutenberg_explorer.index import weights
from gutenberg_explorer.index.layout import (
    FILES,
    FORMAT,
    MANIFEST,
    MARK_EVERY,
    TERMS,
    TEXT,
    BookEntry,
    IndexDamaged,
    IndexMissing,
    Manifest,
    array,
    file_entry,
    numbers,
)

_SIGNPOST_EVERY = 64


@dataclass(frozen=True, slots=True)
class Term:
    """A term that the index holds: its word, its idf, and the range of its postings."""

    word: str
    idf: float
    start: int
    end: int


def read_manifest(folder: Path) -> Manifest:
    """Return a folder's manifest. Raises IndexMissing or IndexDamaged."""
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        raise IndexMissing(f"{folder} holds no index") from None
    except (OSError, ValidationError) as error:
        raise IndexDamaged(f"the manifest can't be read ({type(error).__name__})") from None
    if manifest.format != FORMAT:
        raise IndexDamaged(f"it has format {manifest.format}, this version reads {FORMAT}")
    return manifest


def _map(path: Path) -> mmap.mmap | bytes:
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            return b""
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


class Index:
    """An immutable index, safe to be read from many threads.

    Raises IndexMissing, or IndexDamaged when a file differs from what the manifest says.
    """

    def __init__(self, folder: Path) -> None:
        self.manifest = read_manifest(folder)
        self._check(folder)
        self.books: tuple[BookEntry, ...] = tuple(self.manifest.books)
        self._numbers = {book.id: number for number, book in enumerate(self.books)}
        self._text = _map(folder / TEXT)
        self._terms = _map(folder / TERMS)
        self._marks = numbers(folder, "text_marks")
        self._passage_starts = array(folder, "passage_starts")
        self._passage_ends = array(folder, "passage_ends")
        self._term_ends = numbers(folder, "term_ends")
        self._posting_ends = numbers(folder, "posting_ends")
        self.posting_book = array(folder, "posting_book")
        self.posting_count = array(folder, "posting_count")
        self._posting_books = self.posting_book.data
        self._posting_counts = self.posting_count.data
        self._posting_passage = numbers(folder, "posting_passage")
        self._posting_positions = numbers(folder, "posting_positions")
        self._positions = array(folder, "positions")
        self.norms = array(folder, "norms")
        # Every so many words one is kept at hand, so that a look-up touches few of the others.
        self._signposts = [
            self._word(number) for number in range(0, len(self._term_ends), _SIGNPOST_EVERY)
        ]

    def _check(self, folder: Path) -> None:
        for name in FILES:
            try:
                found = file_entry(folder / name)
            except OSError as error:
                raise IndexDamaged(f"{name} can't be read ({error.strerror})") from None
            if found != self.manifest.files.get(name):
                raise IndexDamaged(f"{name} is not what was published")

    @property
    def size(self) -> int:
        """The size of all files in bytes."""
        return sum(entry.bytes for entry in self.manifest.files.values())

    def book_number(self, book_id: str) -> int | None:
        """Return the number under which the postings know a book, or None."""
        return self._numbers.get(book_id)

    def _word(self, number: int) -> bytes:
        start = self._term_ends[number - 1] if number else 0
        return self._terms[start : self._term_ends[number]]

    def find(self, word: str) -> Term | None:
        """Return the term for a folded word, or None when no book holds it."""
        wanted = word.encode()
        size = len(self._term_ends)
        after = bisect_right(self._signposts, wanted)
        low, high = max(after - 1, 0) * _SIGNPOST_EVERY, min(after * _SIGNPOST_EVERY, size)
        number = bisect_left(range(size), wanted, low, high, key=self._word)
        if number == size or self._word(number) != wanted:
            return None
        start = self._posting_ends[number - 1] if number else 0
        end = self._posting_ends[number]
        idf = float(weights.idf(len(self.books), end - start))
        return Term(word, idf, start, end)

    def posting(self, term: Term, book: int) -> int | None:
        """Return the number of a term's posting for a book, or None."""
        place = bisect_left(self._posting_books, book, term.start, term.end)
        if place == term.end or self._posting_books[place] != book:
            return None
        return place

    def positions(self, posting: int) -> NDArray[np.uint32]:
        """Return where a posting's word stands in its book, in characters, ascending."""
        start = self._posting_positions[posting]
        return self._positions[start : start + self._posting_counts[posting]]

    def best_passage(self, posting: int) -> int:
        """Return the number of the passage that is best for a posting's term alone."""
        return self._posting_passage[posting]

    def passages(self, book: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Return where the passages of a book start and where they end, in characters."""
        entry = self.books[book]
        within = slice(entry.passages_start, entry.passages_end)
        return self._passage_starts[within], self._passage_ends[within]

    def text(self, book: int, start: int, end: int) -> str:
        """Return the characters from `start` to `end` of a book's text."""
        entry = self.books[book]
        start = min(max(start, 0), entry.character_count)
        end = min(max(end, start), entry.character_count)
        if start == end:
            return ""
        first = start // MARK_EVERY
        after = (end - 1) // MARK_EVERY + 1
        data_start = entry.text_start + self._marks[entry.marks_start + first]
        is_last = after * MARK_EVERY >= entry.character_count
        data_end = (
            entry.text_end if is_last else entry.text_start + self._marks[entry.marks_start + after]
        )
        block = self._text[data_start:data_end].decode()
        return block[start - first * MARK_EVERY : end - first * MARK_EVERY]
