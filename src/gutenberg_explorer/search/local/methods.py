"""The ranking methods that a search can ask for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gutenberg_explorer.search.budget import Budget
from gutenberg_explorer.search.request import SearchRequest
from gutenberg_explorer.search.results import SearchResult

if TYPE_CHECKING:
    from gutenberg_explorer.index.reader import Index

Rank = Callable[["Index", SearchRequest, Budget], SearchResult]


@dataclass(frozen=True, slots=True)
class RankingMethod:
    """A way to rank books: `meaning` is one sentence for documentation.

    `load` returns the function that searches an index by it; it imports what this needs.
    """

    name: str
    meaning: str
    load: Callable[[], Rank]


def _tfidf() -> Rank:
    from gutenberg_explorer.search.local import tfidf  # noqa: PLC0415

    return tfidf.search


def _bm25() -> Rank:
    from gutenberg_explorer.search.local import bm25  # noqa: PLC0415

    return bm25.search


METHODS: Final[dict[str, RankingMethod]] = {
    method.name: method
    for method in (
        RankingMethod("bm25", "passages by BM25, grouped by book", _bm25),
        RankingMethod("tfidf", "whole books by the cosine of TF-IDF vectors", _tfidf),
    )
}
"""All methods by name."""
