"""A search of an open index, in one call."""

from typing import Any

from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.search import Budget, SearchRequest, SearchResult, perform_search
from gutenberg_explorer.search.local.local_engine import LocalEngine


def search(index: Index, query: str, budget: Budget | None = None, **request: Any) -> SearchResult:
    """Return what the local engine finds; `request` are the other fields of a SearchRequest."""
    wanted = SearchRequest(query=query, **request)
    return perform_search(LocalEngine(index), wanted, budget or Budget())
