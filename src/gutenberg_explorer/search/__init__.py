"""Query to hits, as plain functions over an open index."""

from gutenberg_explorer.search.engine import perform_search
from gutenberg_explorer.search.in_book import search_in_book
from gutenberg_explorer.search.narrowing import sorted_books
from gutenberg_explorer.search.results import (
    AuthorCount,
    BookHits,
    Hit,
    Method,
    Notice,
    Passage,
    SearchResult,
    Sort,
    Span,
)

__all__ = [
    "AuthorCount",
    "BookHits",
    "Hit",
    "Method",
    "Notice",
    "Passage",
    "SearchResult",
    "Sort",
    "Span",
    "perform_search",
    "search_in_book",
    "sorted_books",
]
