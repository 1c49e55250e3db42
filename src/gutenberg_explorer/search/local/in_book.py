"""Searching inside one book: its passages in the order of the text."""

from tantivy import Query as PassageQuery

from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.search import query as language
from gutenberg_explorer.search.local.bm25 import cut
from gutenberg_explorer.search.local.passage_query import PassageQueries
from gutenberg_explorer.search.local.spelling import correct
from gutenberg_explorer.search.request import BookSearchRequest
from gutenberg_explorer.search.results import BookHits
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


def search_in_book(index: Index, request: BookSearchRequest) -> BookHits:
    """Return passages of a book in the order of its text. Raises KeyError for an unknown book."""
    book = index.book_number(request.book)
    if book is None:
        raise KeyError(request.book)
    starts, _ = index.passages(book)
    first = int(starts.searchsorted(request.start))
    after = len(starts) if request.end is None else int(starts.searchsorted(request.end))
    attributes: Attributes = {"search.query": request.query, "book.id": request.book}
    with span("search_book", attributes) as searching:
        with span("parse_query") as parsing:
            parsed = language.parse(request.query)
            queries = PassageQueries(index, parsed)
            parsing.set("search.terms_count", len(queries.clauses))
        with span("search_index") as looking:
            total = before = 0
            numbers: list[int] = []
            if queries.found is not None:
                query = queries.within(queries.found, [book])
                total, before, numbers = _found(
                    index, queries, query, (first, after), request.limit, request.backwards
                )
            looking.set("search.candidates_count", total)
        with span("process_results") as processing:
            hits = cut(index, book, numbers, queries.marker())
            processing.set("search.results_count", len(hits))
        searching.set("search.results_count", total)
    ordinal = before + 1 if hits else 0
    return BookHits(total, ordinal, hits, correct(index, request.query), parsed.notices)
