"""Searching inside one book: its passages in the order of the text."""

from tantivy import Query as PassageQuery

from gutenberg_explorer.index import Index
from gutenberg_explorer.search import query as language
from gutenberg_explorer.search.bm25 import cut
from gutenberg_explorer.search.passage_query import PassageQueries
from gutenberg_explorer.search.results import BookHits
from gutenberg_explorer.search.spelling import correct
from gutenberg_explorer.telemetry import Attributes, span


def _found(
    index: Index,
    queries: PassageQueries,
    query: PassageQuery,
    bounds: tuple[int, int],
    limit: int,
    backwards: bool,
) -> tuple[int, int, list[int]]:
    """Return the number of all passages, of those before the first, and the passages' numbers."""
    found = index.passage_index
    first, after = bounds
    within = queries.between(query, first, after)
    numbers = sorted(found.in_order(within, limit, backwards=backwards).tolist())
    if not numbers:
        return found.count(query), 0, []
    return found.count(query), found.count(queries.between(query, 0, numbers[0])), numbers


def search_in_book(
    index: Index,
    book: int,
    text: str,
    *,
    start: int = 0,
    end: int | None = None,
    limit: int = 20,
    backwards: bool = False,
) -> BookHits:
    """Return the first passages of a book, found by `text`, that begin in `start` to before `end`.

    `book` is the book's number, `start` and `end` count characters. With `backwards` they are the
    last ones, still in the order of the text.
    """
    starts, _ = index.passages(book)
    first = int(starts.searchsorted(start))
    after = len(starts) if end is None else int(starts.searchsorted(end))
    attributes: Attributes = {"search.query": text, "book.id": index.books[book].id}
    with span("search_book", attributes) as searching:
        with span("parse_query") as parsing:
            parsed = language.parse(text)
            queries = PassageQueries(index, parsed)
            parsing.set("search.terms_count", len(queries.clauses))
        with span("search_index") as looking:
            total = before = 0
            numbers: list[int] = []
            if queries.found is not None:
                query = queries.within(queries.found, [book])
                bounds = first, after
                total, before, numbers = _found(index, queries, query, bounds, limit, backwards)
            looking.set("search.candidates_count", total)
        with span("process_results") as processing:
            hits = cut(index, book, numbers, queries.marker())
            processing.set("search.results_count", len(hits))
        searching.set("search.results_count", total)
    ordinal = before + 1 if hits else 0
    return BookHits(total, ordinal, hits, correct(index, text), parsed.notices)
