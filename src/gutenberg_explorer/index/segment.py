"""An open segment: terms, postings, passages, contents and text, mapped into memory."""

from bisect import bisect_left
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gutenberg_explorer.index.arrays import map_array, release
from gutenberg_explorer.index.contents import Heading
from gutenberg_explorer.index.layout import CONTENTS, DTYPES, MARK_EVERY, TERMS, TEXT
from gutenberg_explorer.index.manifest import IndexDamaged
from gutenberg_explorer.index.pieces import Bytes
from gutenberg_explorer.index.segment_invariants import (
    check_books,
    check_contents,
    check_hashes,
    check_lengths,
    check_marks,
    check_passages,
    check_postings,
    check_terms,
    read_headings,
)
from gutenberg_explorer.index.strings import StringTable


class Segment:
    """Some books of a library, safe to be read from many threads.

    Books are numbered from 0; offsets and lengths count characters. Methods raise IndexDamaged when
    a file can't be read. On opening, so does one whose length is not that of the others, or an end
    that lies elsewhere; `check` looks at every value.
    """

    def __init__(self, folder: Path) -> None:
        arrays = {name: map_array(folder / name, dtype) for name, dtype in DTYPES.items()}
        self._arrays = arrays
        # Single numbers are looked up through memoryviews, which is faster than by NumPy.
        self.terms = StringTable(folder / TERMS, folder / "term_ends")
        self.term_hashes = arrays["term_hashes"]
        self.posting_ends = arrays["posting_ends"]
        self.posting_book = arrays["posting_book"]
        self.posting_count = arrays["posting_count"]
        self._posting_ends: memoryview[int] = self.posting_ends.data
        self._posting_books: memoryview[int] = self.posting_book.data
        self._posting_counts: memoryview[int] = self.posting_count.data
        self._posting_passage: memoryview[int] = arrays["posting_passage"].data
        self._posting_positions: memoryview[int] = arrays["posting_positions"].data
        self._positions = arrays["positions"]
        self._passage_starts = arrays["passage_starts"]
        self._passage_ends = arrays["passage_ends"]
        self._starts: memoryview[int] = self._passage_starts.data
        self._passage_bytes: memoryview[int] = arrays["passage_bytes"].data
        self._book_passages: memoryview[int] = arrays["book_passages"].data
        self._text = Bytes(folder / TEXT)
        self._text_ends: memoryview[int] = arrays["text_ends"].data
        self.text_lengths = arrays["text_lengths"]
        self._text_lengths: memoryview[int] = self.text_lengths.data
        self._marks: memoryview[int] = arrays["text_marks"].data
        self._mark_ends: memoryview[int] = arrays["mark_ends"].data
        self._contents = Bytes(folder / CONTENTS)
        self._contents_ends: memoryview[int] = arrays["contents_ends"].data
        check_books(arrays, len(self._text), len(self._contents))
        check_lengths(arrays, self.terms.size)

    def check(self) -> None:
        """Check every value of every array but the text itself. Raises IndexDamaged."""
        check_marks(self._arrays)
        check_passages(self._arrays)
        check_contents(self._contents, self._arrays)
        check_terms(self.terms, self._arrays)
        check_postings(self._arrays)
        release(self.terms.ends, *self._arrays.values())

    def check_hashes(self) -> None:
        """Check what `check` leaves out: the hashes of the terms. Raises IndexDamaged."""
        check_hashes(self.terms, self._arrays)
        release(self.terms.ends, self.term_hashes)

    @property
    def passage_counts(self) -> NDArray[np.int64]:
        """How many passages each book has."""
        return np.asarray(np.diff(self._arrays["book_passages"], prepend=0), np.int64)

    def __len__(self) -> int:
        return len(self._text_ends)

    def postings(self, word: str) -> tuple[int, int] | None:
        """Return where the postings of a word begin and end, or None when no book holds it."""
        number = self.terms.find(word)
        if number is None:
            return None
        return (self._posting_ends[number - 1] if number else 0), self._posting_ends[number]

    def frequency(self, term: int) -> int:
        """Return how many of the segment's books hold a term, by its number."""
        return self._posting_ends[term] - (self._posting_ends[term - 1] if term else 0)

    def most_frequent(self, terms: range, limit: int) -> list[int]:
        """Return those of the terms that most books hold, `limit` at most."""
        if len(terms) <= limit:
            return list(terms)
        start = self._posting_ends[terms.start - 1] if terms.start else 0
        ends = self.posting_ends[terms.start : terms.stop].astype(np.int64)
        counts = np.diff(ends, prepend=start)
        most = np.argpartition(-counts, limit)[:limit]
        return (most + terms.start).tolist()  # type: ignore[no-any-return]

    def posting(self, postings: tuple[int, int], book: int) -> int | None:
        """Return the number of the posting of a book among those of a term, or None."""
        start, end = postings
        place = bisect_left(self._posting_books, book, start, end)
        return place if place < end and self._posting_books[place] == book else None

    def positions(self, posting: int) -> NDArray[np.uint32]:
        """Return where a posting's word stands in its book, ascending."""
        start = self._posting_positions[posting]
        return self._positions[start : start + self._posting_counts[posting]]

    def best_passage(self, posting: int) -> int:
        """Return the number of the passage that is best for a posting's term alone."""
        return self._posting_passage[posting]

    def passages(self, book: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Return where the passages of a book start and where they end."""
        within = slice(self._book_passages[book - 1] if book else 0, self._book_passages[book])
        return self._passage_starts[within], self._passage_ends[within]

    def passage(self, book: int, number: int) -> tuple[int, int, str]:
        """Return where a passage of a book starts and where it ends, and its text."""
        place = (self._book_passages[book - 1] if book else 0) + number
        if number < 0 or place >= self._book_passages[book]:
            raise IndexDamaged(f"the index of passages names passage {number} of book {book}")
        text_start = self._text_ends[book - 1] if book else 0
        start, end = self._passage_bytes[2 * place], self._passage_bytes[2 * place + 1]
        text = self._text.text(text_start + start, text_start + end)
        start = self._starts[place]
        return start, start + len(text), text

    def contents(self, book: int) -> list[Heading]:
        """Return the headings of a book in their order."""
        start = self._contents_ends[book - 1] if book else 0
        headings = read_headings(self._contents.read(start, self._contents_ends[book]))
        return [Heading(*heading) for heading in headings]

    def text(self, book: int, start: int, end: int) -> str:
        """Return the characters from `start` to `end` of a book's text."""
        length = self._text_lengths[book]
        start = min(max(start, 0), length)
        end = min(max(end, start), length)
        if start == end:
            return ""
        text_start = self._text_ends[book - 1] if book else 0
        marks_start = self._mark_ends[book - 1] if book else 0
        first = start // MARK_EVERY
        after = (end - 1) // MARK_EVERY + 1
        data_start = text_start + self._marks[marks_start + first]
        is_last = after * MARK_EVERY >= length
        data_end = (
            self._text_ends[book] if is_last else text_start + self._marks[marks_start + after]
        )
        block = self._text.text(data_start, data_end)
        return block[start - first * MARK_EVERY : end - first * MARK_EVERY]
