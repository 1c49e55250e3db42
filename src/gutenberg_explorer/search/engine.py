"""One entrance to all methods."""

from gutenberg_explorer.index import BookEntry, Index
from gutenberg_explorer.search import tfidf
from gutenberg_explorer.search.results import Method, SearchResult
from gutenberg_explorer.telemetry import span


def perform_search(
    index: Index,
    query: str,
    *,
    method: Method = "tfidf",
    limit: int = 20,
    offset: int = 0,
    book: str | None = None,
    author: str | None = None,
) -> SearchResult:
    """Return the books that `method` finds for `query`.

    `book` is an id, `author` a part of the author's name in any case; both narrow the search.
    """
    wanted = author.casefold() if author else None

    def keep(entry: BookEntry) -> bool:
        return (book is None or entry.id == book) and (
            wanted is None or wanted in (entry.author or "").casefold()
        )

    narrowed = keep if book is not None or wanted is not None else None
    with span("perform_search", {"search.method": method}) as searching:
        result = tfidf.search(index, query, limit, offset, narrowed)
        searching.set("search.results_count", result.total)
        if result.hits:
            searching.set("search.top_score", result.hits[0].score)
    return result
