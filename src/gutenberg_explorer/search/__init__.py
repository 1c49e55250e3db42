"""Query to hits, as plain functions over a `SearchEngine`."""

from gutenberg_explorer.search.budget import AbandonedSearch, Budget
from gutenberg_explorer.search.engine import (
    ENGINES,
    LOCAL,
    EngineKind,
    SearchEngine,
    perform_search,
)
from gutenberg_explorer.search.local.methods import METHODS, RankingMethod
from gutenberg_explorer.search.request import BookSearchRequest, Order, SearchRequest, Sort
from gutenberg_explorer.search.results import (
    AuthorCount,
    BookHits,
    Hit,
    Notice,
    Passage,
    SearchResult,
    TextRange,
)

__all__ = [
    "ENGINES",
    "LOCAL",
    "METHODS",
    "AbandonedSearch",
    "AuthorCount",
    "BookHits",
    "BookSearchRequest",
    "Budget",
    "EngineKind",
    "Hit",
    "Notice",
    "Order",
    "Passage",
    "RankingMethod",
    "SearchEngine",
    "SearchRequest",
    "SearchResult",
    "Sort",
    "TextRange",
    "perform_search",
]
