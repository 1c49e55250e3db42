"""The books of an open index: their entries, their ids, and their numbers in the segments."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from gutenberg_explorer.index.damage import damage_in, require
from gutenberg_explorer.index.invariants import require_ends, require_length, require_sorted
from gutenberg_explorer.index.layout import BOOK_ENDS, BOOKS, ID_ENDS, IDS, NORMS, NUMBERS
from gutenberg_explorer.index.manifest import BookEntry
from gutenberg_explorer.index.norms import NONE
from gutenberg_explorer.index.strings import StringTable


class Books(Sequence[BookEntry]):
    """The entries of all books in the order of their ids.

    Raises IndexDamaged when one can't be read, or ids are not sorted or given twice.
    """

    def __init__(self, folder: Path) -> None:
        lines = StringTable(folder / BOOKS, folder / BOOK_ENDS)
        require_ends(BOOK_ENDS, lines.ends, lines.size)
        self._entries: list[BookEntry] = []
        for batch in lines.batches():
            require(all(line.endswith(b"\n") for line in batch), BOOK_ENDS, "cuts a line")
            with damage_in(BOOKS):
                self._entries += map(BookEntry.model_validate_json, batch)
        counted = all(book.word_count >= 0 for book in self._entries)
        require(counted, BOOKS, "contains a number of words below 0")
        self._ids = StringTable(folder / IDS, folder / ID_ENDS)
        require_sorted(IDS, ID_ENDS, self._ids)
        ids = [book_id for batch in self._ids.batches() for book_id in batch]
        same = ids == [book.id.encode("utf-8", "surrogatepass") for book in self._entries]
        require(same, IDS, f"contains other ids than {BOOKS}")

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, number: int) -> BookEntry: ...
    @overload
    def __getitem__(self, number: slice) -> list[BookEntry]: ...
    def __getitem__(self, number: int | slice) -> BookEntry | list[BookEntry]:
        return self._entries[number]

    def number(self, book_id: str) -> int | None:
        """Return the number of a book, or None."""
        return self._ids.find(book_id)

    @cached_property
    def authors(self) -> tuple[list[str], NDArray[np.intp]]:
        """All authors by name, and the place of each book's there; `""` stands for none."""
        names, codes = np.unique([book.author or "" for book in self], return_inverse=True)
        return names.tolist(), codes


def check_numbers(numbers: NDArray[Any], in_segments: int, books: int) -> None:
    """Check that each book of a library has one place in its segments. Raises IndexDamaged.

    `numbers` are those of all books in the segments, NONE for those that were removed.
    """
    require_length(NUMBERS, numbers, in_segments)
    kept = numbers[numbers != NONE]
    require((kept < books).all(), NUMBERS, f"contains a number that is not below {books}")
    once = len(kept) == books and (np.bincount(kept, minlength=books) == 1).all()
    require(once, NUMBERS, "does not contain each book once")


def check_norms(norms: NDArray[np.float64], books: int) -> None:
    """Check that books can be compared by their lengths. Raises IndexDamaged."""
    require_length(NORMS, norms, books)
    require((np.isfinite(norms) & (norms > 0)).all(), NORMS, "contains a length that is none")
