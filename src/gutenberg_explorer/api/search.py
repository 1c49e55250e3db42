"""`GET /search`."""

import unicodedata
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from gutenberg_explorer import telemetry
from gutenberg_explorer.api.backend import Backend
from gutenberg_explorer.api.problems import Problem
from gutenberg_explorer.api.schemas import SearchAnswer
from gutenberg_explorer.search import Method, perform_search
from gutenberg_explorer.telemetry import span

router = APIRouter(tags=["search"])

MAX_QUERY_LENGTH = 1_000
MAX_LIMIT = 100
MAX_OFFSET = 10_000


def checked_query(query: str) -> str:
    """Return `query` without the white space around it. Raises Problem when it can't be searched.

    A control character is refused rather than dropped: what is searched is what was sent.
    """
    query = query.strip()
    if not query:
        raise Problem(400, "The query is empty", "q: type one word or more to search for.")
    if any(unicodedata.category(char) in ("Cc", "Cs") and not char.isspace() for char in query):
        raise Problem(400, "The query can't be searched", "q: it holds control characters.")
    if not any(char.isalnum() for char in query):
        raise Problem(400, "The query can't be searched", "q: it holds no letter and no digit.")
    return query


@router.get("/search", summary="Search the books", response_model=SearchAnswer)
def search_books(
    request: Request,
    q: Annotated[str, Query(description="What to search for.", max_length=MAX_QUERY_LENGTH)] = "",
    method: Annotated[Method, Query(description="The ranking method.")] = "tfidf",
    limit: Annotated[int, Query(description="How many results.", ge=1, le=MAX_LIMIT)] = 20,
    offset: Annotated[
        int, Query(description="How many of the best to leave out.", ge=0, le=MAX_OFFSET)
    ] = 0,
    book: Annotated[
        str | None, Query(description="Search this book alone.", max_length=200)
    ] = None,
    author: Annotated[
        str | None, Query(description="Search books by this author alone.", max_length=200)
    ] = None,
) -> Response:
    """Find the books that a query is about, the best first, each with its best passage."""
    backend: Backend = request.app.state.backend
    query = checked_query(q)
    if book is not None and backend.index.book_number(book) is None:
        raise Problem(404, "There is no such book", "book: the library holds no book of this id.")
    attributes: telemetry.Attributes = {
        "search.query": query,
        "search.method": method,
        "search.limit": limit,
        "search.offset": offset,
    }
    with span("search_api", attributes) as searching:
        result = perform_search(
            backend.index,
            query,
            method=method,
            limit=limit,
            offset=offset,
            book=book,
            author=author,
        )
        searching.set("search.results_count", result.total)
        answer = SearchAnswer.model_validate(
            {
                "query": query,
                "method": method,
                "total_results": result.total,
                "results": result.hits,
                "trace_id": telemetry.current_trace_id(),
            }
        )
        # Serialised here, once: FastAPI would validate the answer a second time.
        return Response(answer.model_dump_json(), media_type="application/json")
