"""What a shelf holds: files to be read, and the books that they become."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol


class CorpusError(Exception):
    """The books can't be had; the message is one sentence that says what to do."""


class UnreadableBook(Exception):
    """One book can't be read; the message says why. The others are not affected."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a book besides its text; None where nothing is.

    `rights` is the notice that goes with the text, `url` the page of its edition for people.
    """

    title: str | None = None
    author: str | None = None
    year: int | None = None
    language: str = "en"
    rights: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """A book as it is searched: `text` has no boilerplate; a line feed ends its lines."""

    id: str
    title: str
    author: str | None
    year: int | None
    language: str
    text: str
    source: str
    rights: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class BookFile:
    """A book not yet read; it can be pickled, and read by another process.

    `read` returns its bytes and raises UnreadableBook or OSError. `size` is how many bytes these
    will be, as far as is known; `version` is a text that changes when the book does.
    """

    id: str
    source: str
    read: Callable[[], bytes]
    known: Metadata = Metadata()
    size: int = 0
    version: str = ""


class Shelf(Protocol):
    """A place that books come from."""

    @property
    def name(self) -> str:
        """The kind of source, as it stands in telemetry, such as `nltk`."""

    @property
    def spec(self) -> str:
        """The setting that means this shelf, such as `nltk` or `directory:/books`."""

    def fingerprint(self) -> str:
        """Return a text that changes when the books do. Raises CorpusError."""

    def files(self) -> Iterator[BookFile]:
        """Yield the books in the order of their ids. Raises CorpusError."""


class Progress(Protocol):
    """Called while something long goes on: what it is, how far it is, and of how many units."""

    def __call__(self, task: str, done: int, total: int | None, unit: str) -> None:
        """Take note."""


def no_progress(task: str, done: int, total: int | None, unit: str) -> None:
    """Show nothing."""
