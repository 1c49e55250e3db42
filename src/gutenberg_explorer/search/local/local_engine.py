"""The engine that searches an open index in this process."""

from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.search.budget import Budget
from gutenberg_explorer.search.local.in_book import search_in_book
from gutenberg_explorer.search.local.methods import METHODS
from gutenberg_explorer.search.request import BookSearchRequest, SearchRequest
from gutenberg_explorer.search.results import BookHits, SearchResult


class LocalEngine:
    """Searches `index`, by any number of threads."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def search(self, request: SearchRequest, budget: Budget) -> SearchResult:
        """Return the books that the request's method finds."""
        return METHODS[request.method].load()(self.index, request, budget)

    def search_in_book(self, request: BookSearchRequest, budget: Budget) -> BookHits:
        """Return passages of one book. Raises KeyError when there is no such book."""
        return search_in_book(self.index, request, budget)
