"""What a mirror of Project Gutenberg does for the shelf, wherever it lies."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Protocol

from gutenberg_explorer.corpus.book import BookFile, Metadata, refuse
from gutenberg_explorer.corpus.gutenberg import rights

SOURCE = "gutenberg"


class Mirror(Protocol):
    """A place that holds Project Gutenberg's files."""

    def catalogue(self) -> Path:
        """Return where the catalogue is, not older than a week. Raises CorpusError."""

    def files(self, books: Mapping[int, Metadata]) -> Iterator[BookFile]:
        """Yield these books in this order; what is known of them already stands beside them.

        A book that can't be had says why when it is read. Raises CorpusError when none can.
        """

    def state(self, numbers: list[int]) -> str:
        """Return a text that changes when these books do, as far as that is known here."""

    def damaged(self, numbers: list[int]) -> list[Path]:
        """Return which of these books' files are not what was downloaded."""


def book_id(number: int) -> str:
    """Return the id of the book that has this number."""
    return f"pg{number}"


def page(number: int) -> str:
    """Return the page of a book's edition, for people."""
    return f"https://www.gutenberg.org/ebooks/{number}"


def refused(number: int, reason: str) -> BookFile:
    """Return a book that can't be had, for this reason."""
    read = partial(refuse, reason)
    return BookFile(book_id(number), SOURCE, read, Metadata(url=page(number)))


def book_file(
    number: int, read: Callable[[], bytes], known: Metadata, size: int, version: str
) -> BookFile:
    """Return a book, unless its notice, or later its header, says that it is in copyright."""
    if reason := rights.refusal(known.rights):
        return refused(number, reason)
    if not rights.is_public(known.rights):
        read = partial(rights.read_free, read)
    return BookFile(book_id(number), SOURCE, read, known, size, version)
