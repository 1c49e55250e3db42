"""What a search returns. All offsets count characters (code points)."""

from dataclasses import dataclass
from typing import Literal

# What was made of a query that could not be taken as it stands, or not searched to the end.
Notice = Literal["searched_literally", "prefix_too_short", "partial"]


# None of these is to be changed. Those of which a search makes many are not frozen, since a frozen
# one takes three times as long to make.


@dataclass(slots=True)
class TextRange:
    """A range of characters, `end` not included."""

    start: int
    end: int


@dataclass(slots=True)
class Passage:
    """A piece of a book: `text` is the book's from `start` to `end`.

    `highlights` are the matched words, as ranges of `text`, in order, without overlap.
    """

    start: int
    end: int
    text: str
    highlights: tuple[TextRange, ...]


@dataclass(slots=True)
class Hit:
    """A book that was found. `snippet` is its best passage on one line.

    `passages` are its best, the best first, out of `passages_count` that were found.
    """

    id: str
    title: str
    author: str | None
    year: int | None
    score: float
    snippet: str
    passages_count: int
    passages: tuple[Passage, ...]


@dataclass(slots=True)
class AuthorCount:
    """How many books that were found are by an author."""

    name: str
    books: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to a search: the number of all books found, and the hits asked for.

    `authors` are those that there are to choose from: of all that is found by whichever author.
    Where the answer is `partial`, all numbers are lower bounds.
    """

    total: int
    hits: tuple[Hit, ...]
    authors: tuple[AuthorCount, ...] = ()
    did_you_mean: str | None = None
    notices: tuple[Notice, ...] = ()
    partial: bool = False


@dataclass(frozen=True, slots=True)
class BookHits:
    """Passages of one book in the order asked for.

    `total` is how many there are in all, `first_ordinal` the place of the first of `hits` among
    them in this order, from 1; 0 when there is none. Where the answer is `partial`, both are lower
    bounds.
    """

    total: int
    first_ordinal: int
    hits: tuple[Passage, ...]
    did_you_mean: str | None = None
    notices: tuple[Notice, ...] = ()
    partial: bool = False
