"""Query to hits, as plain functions over an open index."""

from gutenberg_explorer.search.engine import perform_search
from gutenberg_explorer.search.results import Hit, Method, Passage, SearchResult, Span

__all__ = ["Hit", "Method", "Passage", "SearchResult", "Span", "perform_search"]
