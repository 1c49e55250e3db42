"""The shapes of answers. All offsets count characters (Unicode code points)."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from gutenberg_explorer.search import METHODS, AuthorCount, Hit, Notice, Passage


def _known_method(name: str) -> str:
    if name not in METHODS:
        raise PydanticCustomError(
            "literal_error", "Input should be {expected}", {"expected": _names_of_methods()}
        )
    return name


def _names_of_methods() -> str:
    *first, last = (repr(name) for name in METHODS)
    return f"{', '.join(first)} or {last}" if first else last


def _describe_method(schema: dict[str, object]) -> None:
    schema["enum"] = list(METHODS)


Method = Annotated[str, AfterValidator(_known_method), Field(json_schema_extra=_describe_method)]
"""The name of a ranking method, one of `METHODS`."""


Partial = Annotated[
    bool,
    Field(
        description=(
            "Whether the search was cut, because it read too much or took too long. Then results "
            "can be missing, and all counts are lower bounds."
        )
    ),
]


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
    """Books of the library, out of all that were asked for."""

    books: list[Book]
    total_books: int


class Heading(_Schema):
    """A heading of a book: level 1 is the outermost."""

    title: str
    level: int
    start: Annotated[int, Field(description="The position in the text.")]


class BookDetails(Book):
    """A book, with the length of its text, its contents and where it comes from."""

    character_count: int
    source: str
    rights: Annotated[str | None, Field(description="The licence notice of the text.")]
    url: Annotated[str | None, Field(description="The URL of the edition.")]
    contents: list[Heading]


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
    total_results: Annotated[
        int, Field(description="The number of books found; at least so many if `partial`.")
    ]
    results: tuple[Hit, ...]
    authors: Annotated[
        tuple[AuthorCount, ...],
        Field(description="The authors of the books found, those with the most books first."),
    ]
    did_you_mean: Annotated[
        str | None, Field(description="The query, corrected to words that occur in the library.")
    ]
    notices: Annotated[
        tuple[Notice, ...], Field(description="What was not searched as typed, or not completely.")
    ]
    partial: Partial
    trace_id: Annotated[str | None, Field(description="The trace id of this search.")]


class BookSearchAnswer(_Schema):
    """Passages of one book, in the order asked for."""

    id: str
    query: str
    total_passages: Annotated[
        int, Field(description="The number of passages found; at least so many if `partial`.")
    ]
    first_ordinal: Annotated[
        int,
        Field(
            description="The rank of the first of `hits` among them, starting at 1; 0 without hits."
        ),
    ]
    hits: tuple[Passage, ...]
    did_you_mean: str | None
    notices: tuple[Notice, ...]
    partial: Partial
    trace_id: str | None


class Health(_Schema):
    """The state of the backend."""

    status: str


class TracesData(BaseModel):
    """A trace in OTLP's JSON: ids in hex, times as text in ns since 1970."""

    resourceSpans: list[dict[str, object]]  # noqa: N815 - OTLP's name


class TraceLink(BaseModel):
    """Where else traces can be looked at; `{trace_id}` stands in `url` for the id."""

    name: str
    url: str


class TraceLinks(BaseModel):
    """Where else traces can be looked at."""

    links: list[TraceLink]
