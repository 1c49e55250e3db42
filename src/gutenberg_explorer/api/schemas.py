"""The shapes of answers. All offsets count characters (Unicode code points)."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from gutenberg_explorer.search import Hit, Method


class _Schema(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Book(_Schema):
    """A book of the library."""

    id: str
    title: str
    author: str | None
    year: int | None
    language: str
    word_count: int


class BookList(_Schema):
    """All books of the library, in the order of their ids."""

    books: list[Book]


class BookDetails(Book):
    """A book, with the length of its text and where it comes from."""

    character_count: int
    source: str


class BookText(_Schema):
    """A slice of a book's text."""

    id: str
    offset: int
    limit: int
    character_count: Annotated[int, Field(description="The length of the whole text.")]
    text: str


class SearchAnswer(_Schema):
    """The answer to a search."""

    query: str
    method: Method
    total_results: Annotated[int, Field(description="How many books were found in all.")]
    results: tuple[Hit, ...]
    trace_id: Annotated[str | None, Field(description="The trace of this very search.")]


class Health(_Schema):
    """The state of the backend."""

    status: str
