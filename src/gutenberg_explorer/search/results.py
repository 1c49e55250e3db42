"""What a search returns. All offsets count characters (Unicode code points)."""

from dataclasses import dataclass
from typing import Literal

Method = Literal["tfidf"]


@dataclass(frozen=True, slots=True)
class Span:
    """A range of characters, `end` not included."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a book: `text` is the book's from `start` to `end`.

    `highlights` are the matched words, as ranges of `text`, in order, without overlap.
    """

    start: int
    end: int
    text: str
    highlights: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A book that was found. `snippet` is its best passage on one line.

    `passages` are its best, the best first.
    """

    id: str
    title: str
    author: str | None
    score: float
    snippet: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to a search: the number of all books found, and the hits asked for."""

    total: int
    hits: tuple[Hit, ...]
