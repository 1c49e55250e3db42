"""`GET /books/{id}/search`."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, TypeAdapter

from gutenberg_explorer import telemetry
from gutenberg_explorer.api import parameters, problems
from gutenberg_explorer.api.books import MAX_OFFSET, BookId, book_number
from gutenberg_explorer.api.running import Here
from gutenberg_explorer.api.schemas import BookSearchAnswer
from gutenberg_explorer.api.search import MAX_QUERY_LENGTH, checked_query, in_search_thread
from gutenberg_explorer.runtime.backend import Snapshot
from gutenberg_explorer.search import BookSearchRequest, Budget, Order

_json = TypeAdapter(BookSearchAnswer)
router = APIRouter(prefix="/books", tags=["books"])

MAX_HITS = 500


class BookSearchQuery(BaseModel):
    """What can be asked of a search inside a book."""

    q: str = Field("", description="The query.", max_length=MAX_QUERY_LENGTH)
    start: int = Field(
        0,
        alias="from",
        description="Only passages that start at this character or later.",
        ge=0,
        le=MAX_OFFSET,
    )
    end: int | None = Field(
        None,
        alias="to",
        description="Only passages that start before this character.",
        ge=0,
        le=MAX_OFFSET,
    )
    order: Order = Field(
        "relevance",
        description="`relevance`: passages with all words in their order first, then those with"
        " all words, then those with some; equals by place. `place`: the order of the text.",
    )
    limit: int = Field(20, description="The maximum number of passages.", ge=1, le=MAX_HITS)
    offset: int = Field(
        0,
        description="How many of the first passages to skip; with `backwards`, of the last ones.",
        ge=0,
        le=MAX_OFFSET,
    )
    backwards: bool = Field(
        False, description="Return the last passages of the range instead of the first."
    )


@router.get(
    "/{id}/search",
    summary="Search inside a book",
    response_model=BookSearchAnswer,
    responses=problems.responses(400, 404, 503),
    openapi_extra=parameters.described(BookSearchQuery),
)
async def search_book(request: Request, here: Here, book_id: BookId) -> Response:
    """Return the passages of a book that contain any of the words, in the given order."""
    asked = parameters.read(BookSearchQuery, request)
    return await in_search_thread(here, request, _answer, (book_id, asked))


def _answer(snapshot: Snapshot, asked: tuple[str, BookSearchQuery], budget: Budget) -> Response:
    book_id, query = asked
    book_number(snapshot.index, book_id)
    text = checked_query(query.q)
    wanted = BookSearchRequest(query=text, book=book_id, **query.model_dump(exclude={"q"}))
    found = snapshot.engine.search_in_book(wanted, budget)
    answer = BookSearchAnswer(
        id=book_id,
        query=text,
        total_passages=found.total,
        first_ordinal=found.first_ordinal,
        hits=found.hits,
        did_you_mean=found.did_you_mean,
        notices=found.notices,
        partial=found.partial,
        trace_id=telemetry.current_trace_id(),
    )
    return Response(_json.dump_json(answer), media_type="application/json")
