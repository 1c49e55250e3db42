"""An open index: terms, postings, passages and text, mapped into memory."""

import mmap
from bisect import bisect_left
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
)


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
        self._marks = array(folder, "text_marks")
        self._passages = array(folder, "passages")
        self._term_ends = array(folder, "term_ends")
        self._posting_ends = array(folder, "posting_ends")
        self.posting_book = array(folder, "posting_book")
        self.posting_count = array(folder, "posting_count")
        self._posting_positions = array(folder, "posting_positions")
        self._positions = array(folder, "positions")
        self.norms = array(folder, "norms")

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
        start = int(self._term_ends[number - 1]) if number else 0
        return self._terms[start : int(self._term_ends[number])]

    def find(self, word: str) -> Term | None:
        """Return the term for a folded word, or None when no book holds it."""
        wanted = word.encode()
        number = bisect_left(range(len(self._term_ends)), wanted, key=self._word)
        if number == len(self._term_ends) or self._word(number) != wanted:
            return None
        start = int(self._posting_ends[number - 1]) if number else 0
        end = int(self._posting_ends[number])
        idf = float(weights.idf(len(self.books), end - start))
        return Term(word, idf, start, end)

    def posting(self, term: Term, book: int) -> int | None:
        """Return the number of a term's posting for a book, or None."""
        books = self.posting_book[term.start : term.end]
        place = int(books.searchsorted(book))
        if place == len(books) or books[place] != book:
            return None
        return term.start + place

    def positions(self, posting: int) -> NDArray[np.uint32]:
        """Return where a posting's word stands in its book, in characters, ascending."""
        start = int(self._posting_positions[posting])
        return self._positions[start : start + int(self.posting_count[posting])]

    def passages(self, book: int) -> NDArray[np.uint32]:
        """Return start and end of each passage of a book in characters, as an array of pairs."""
        entry = self.books[book]
        return self._passages[entry.passages_start : entry.passages_end].reshape(-1, 2)

    def text(self, book: int, start: int, end: int) -> str:
        """Return the characters from `start` to `end` of a book's text."""
        entry = self.books[book]
        start = min(max(start, 0), entry.character_count)
        end = min(max(end, start), entry.character_count)
        if start == end:
            return ""
        first = start // MARK_EVERY
        after = (end - 1) // MARK_EVERY + 1
        data_start = entry.text_start + int(self._marks[entry.marks_start + first])
        is_last = after * MARK_EVERY >= entry.character_count
        data_end = (
            entry.text_end
            if is_last
            else entry.text_start + int(self._marks[entry.marks_start + after])
        )
        block = self._text[data_start:data_end].decode()
        return block[start - first * MARK_EVERY : end - first * MARK_EVERY]
