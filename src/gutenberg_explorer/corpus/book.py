"""What a shelf holds: files to be read, and the books that they become."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NoReturn, Protocol


class CorpusError(Exception):
    """The books can't be had; the message is one sentence that says what to do."""


class UnreadableBook(Exception):
    """One book can't be read; the message says why. The others are not affected."""


def refuse(reason: str) -> NoReturn:
    """Raise UnreadableBook: what reading a book does that is not to be had."""
    raise UnreadableBook(reason)


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
    will be at most, as far as is known; `version` is a text that changes when the book does.

    What is on a shelf and can't be used, such as a line of its catalogue, is a BookFile too, so
    that it is reported as a book is: its `id` is a name, and `read` raises with the reason.
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
        """The kind of source, such as `nltk`, `starter` or `directory`."""

    @property
    def spec(self) -> str:
        """The setting that means this shelf, such as `nltk` or `directory:/books`."""

    def fingerprint(self) -> str:
        """Return a text that changes when the books do. Raises CorpusError."""

    def files(self) -> Iterator[BookFile]:
        """Yield the books in the order of their ids. Raises CorpusError."""

    def damage(self) -> list[str]:
        """Return what is wrong with the downloaded files, a sentence each. Nothing is fetched."""


class Progress(Protocol):
    """Called while something long goes on: what it is, how far it is, and of how many units."""

    def __call__(self, task: str, done: int, total: int | None, unit: str) -> None:
        """Take note."""


def no_progress(task: str, done: int, total: int | None, unit: str) -> None:
    """Show nothing."""
