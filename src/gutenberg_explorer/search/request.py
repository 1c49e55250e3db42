"""What a search is asked. All offsets count characters (code points)."""

from dataclasses import dataclass
from typing import Literal

Sort = Literal["relevance", "title", "author", "year"]
Order = Literal["relevance", "place"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """A search of the whole library.

    `method` is a key of `METHODS`. `book` is an id, `author` and `title` are parts of the names, in
    any case; all three narrow the search. `limit` and `offset` cut a page out of the results.
    """

    query: str
    method: str = "tfidf"
    limit: int = 20
    offset: int = 0
    book: str | None = None
    author: str | None = None
    title: str | None = None
    sort: Sort = "relevance"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookSearchRequest:
    """A search inside the book with the id `book`.

    In the order `relevance`, passages with all the words in their order come first, then those with
    all the words, then those with the rarest of them; equals come in the order of the text, which
    is the order `place`. Of the passages that begin in `start` to before `end`, `limit` at most are
    returned: the first ones after `offset` of them, or with `backwards` the last ones before as
    many, both in the order asked for.
    """

    query: str
    book: str
    order: Order = "relevance"
    start: int = 0
    end: int | None = None
    limit: int = 20
    offset: int = 0
    backwards: bool = False
