"""`GET /search`."""

import time
import unicodedata
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, TypeAdapter

from gutenberg_explorer import telemetry
from gutenberg_explorer.api import parameters, problems
from gutenberg_explorer.api.problem_types import ProblemType
from gutenberg_explorer.api.problems import Problem
from gutenberg_explorer.api.running import Running, running_of
from gutenberg_explorer.api.schemas import Method, SearchAnswer
from gutenberg_explorer.api.search_queue import IsWanted
from gutenberg_explorer.runtime.backend import Snapshot
from gutenberg_explorer.search import (
    AbandonedSearch,
    Budget,
    SearchRequest,
    Sort,
    perform_search,
)
from gutenberg_explorer.telemetry import AttributeName, AttributeValue, record, span

_json = TypeAdapter(SearchAnswer)
router = APIRouter(tags=["search"])

Asked = TypeVar("Asked")

MAX_QUERY_LENGTH = 1_000
MAX_LIMIT = 100
MAX_OFFSET = 10_000


def checked_query(query: str) -> str:
    """Return `query` without the white space around it. Raises Problem when it can't be searched.

    A control character is refused rather than dropped: what is searched is what was sent.
    """
    query = query.strip()
    if not query:
        raise Problem(
            400,
            "The query is empty",
            "q: enter at least one word.",
            kind=ProblemType.EMPTY_QUERY,
        )
    if any(unicodedata.category(char) in ("Cc", "Cs") and not char.isspace() for char in query):
        raise Problem(
            400,
            "The query can't be searched",
            "q: it contains control characters.",
            kind=ProblemType.CONTROL_CHARACTERS,
        )
    if not any(char.isalnum() for char in query):
        raise Problem(
            400,
            "The query can't be searched",
            "q: it contains neither a letter nor a digit.",
            kind=ProblemType.NO_LETTER_OR_DIGIT,
        )
    return query


class SearchQuery(BaseModel):
    """What can be asked of a search."""

    q: str = Field("", description="The query.", max_length=MAX_QUERY_LENGTH)
    method: Method = Field("tfidf", description="The ranking method.")
    limit: int = Field(20, description="The maximum number of results.", ge=1, le=MAX_LIMIT)
    offset: int = Field(0, description="How many of the best results to skip.", ge=0, le=MAX_OFFSET)
    book: str | None = Field(None, description="Search only this book.", max_length=200)
    author: str | None = Field(
        None,
        description="Search only books whose author's name contains this text.",
        max_length=200,
    )
    title: str | None = Field(
        None, description="Search only books whose title contains this text.", max_length=200
    )
    sort: Sort = Field("relevance", description="The order of the books.")


class measured_search:  # noqa: N801 - reads as the statement that it is
    """Measure a search for the length of a `with` block, which says what is asked and found."""

    def __init__(self) -> None:
        self.method: str | None = None
        self.results = 0
        self.is_partial = False

    def __enter__(self) -> Self:
        self._started = time.perf_counter()
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(error, AbandonedSearch):
            return
        took = time.perf_counter() - self._started
        attributes: dict[AttributeName, AttributeValue] = {}
        if self.method:
            attributes["search.method"] = self.method
        if error is None:
            record("search.results", self.results, attributes)
        record("search.duration", took, {**attributes, "search.outcome": self._outcome(error)})

    def _outcome(self, error: BaseException | None) -> str:
        if error is None:
            if self.is_partial:
                return "partial"
            return "ok" if self.results else "no_results"
        return "invalid" if isinstance(error, Problem | RequestValidationError) else "error"


@router.get(
    "/search",
    summary="Search the books",
    response_model=SearchAnswer,
    responses=problems.responses(400, 404, 503),
    openapi_extra=parameters.described(SearchQuery),
)
async def search_books(request: Request) -> Response:
    """Return the books that match a query, best first, each with its best passages."""
    # Without a dependency: resolving one takes a tenth of a search's time.
    return await in_search_thread(running_of(request), request, _measured, request)


async def in_search_thread(
    here: Running,
    request: Request,
    answer: Callable[[Snapshot, Asked, Budget], Response],
    asked: Asked,
) -> Response:
    """Return what `answer` makes of what is asked, computed in a thread for searches.

    The budget's time begins with the computing. Raises Problem when too many searches wait.
    """
    seconds = here.backend.settings.search_deadline

    def search(is_wanted: IsWanted) -> Response:
        return answer(here.backend.snapshot, asked, Budget(seconds, is_wanted=is_wanted))

    return await here.searches.answer(request.scope, search)


def _measured(snapshot: Snapshot, request: Request, budget: Budget) -> Response:
    with measured_search() as measuring:
        asked = parameters.read(SearchQuery, request)
        measuring.method = asked.method
        return _answer(snapshot, asked, budget, measuring)


def _answer(
    snapshot: Snapshot, asked: SearchQuery, budget: Budget, measuring: measured_search
) -> Response:
    query = checked_query(asked.q)
    if asked.book is not None and snapshot.index.book_number(asked.book) is None:
        raise Problem(
            404,
            "There is no such book",
            "book: the library has no book with this id.",
            kind=ProblemType.NO_SUCH_BOOK,
        )
    wanted = SearchRequest(query=query, **asked.model_dump(exclude={"q"}))
    attributes: telemetry.Attributes = {
        "search.query": query,
        "search.method": wanted.method,
        "search.limit": wanted.limit,
        "search.offset": wanted.offset,
    }
    with span("search_api", attributes) as searching:
        result = perform_search(snapshot.engine, wanted, budget)
        searching.set("search.results_count", result.total)
        measuring.results, measuring.is_partial = result.total, result.partial
        answer = SearchAnswer(
            query=query,
            method=wanted.method,
            total_results=result.total,
            results=result.hits,
            authors=result.authors,
            did_you_mean=result.did_you_mean,
            notices=result.notices,
            partial=result.partial,
            trace_id=telemetry.current_trace_id(),
        )
        # Serialised here, once: FastAPI would validate the answer a second time.
        return Response(_json.dump_json(answer), media_type="application/json")
