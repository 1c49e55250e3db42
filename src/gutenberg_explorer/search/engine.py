"""One entrance to all methods."""

from collections.abc import Callable

from gutenberg_explorer.index import Index
from gutenberg_explorer.search import bm25, tfidf
from gutenberg_explorer.search.results import Method, Request, SearchResult, Sort
from gutenberg_explorer.telemetry import span

_METHODS: dict[Method, Callable[[Index, Request], SearchResult]] = {
    "tfidf": tfidf.search,
    "bm25": bm25.search,
}


def perform_search(
    index: Index,
    query: str,
    *,
    method: Method = "tfidf",
    limit: int = 20,
    offset: int = 0,
    book: str | None = None,
    author: str | None = None,
    title: str | None = None,
    sort: Sort = "relevance",
) -> SearchResult:
    """Return the books that `method` finds for `query`, from `offset` on, `limit` at most.

    `book` is an id, `author` and `title` are parts of the names in any case; all three narrow the
    search.
    """
    request = Request(query, limit, offset, book, author, title, sort)
    with span("perform_search", {"search.method": method}) as searching:
        result = _METHODS[method](index, request)
        searching.set("search.results_count", result.total)
        if result.hits:
            searching.set("search.top_score", result.hits[0].score)
    return result
