"""Searching inside one book: its passages, the best first or in the order of the text."""

from itertools import takewhile

import numpy as np
from tantivy import Query as PassageQuery

from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.search import query as language
from gutenberg_explorer.search.budget import Budget
from gutenberg_explorer.search.local.bm25 import cut
from gutenberg_explorer.search.local.cost import ranking, showing
from gutenberg_explorer.search.local.passage_query import PassageQueries
from gutenberg_explorer.search.local.spelling import correct
from gutenberg_explorer.search.request import BookSearchRequest
from gutenberg_explorer.search.results import BookHits
from gutenberg_explorer.telemetry import Attributes, span


def _by_relevance(
    index: Index,
    query: PassageQuery,
    request: BookSearchRequest,
    bounds: tuple[int, int],
    total: int,
) -> tuple[int, list[int]]:
    """Return the number of passages before the first, and the numbers of those asked for.

    Of passages that score the same the first in the text is the first.
    """
    scores, _, passages = index.passage_index.best(query, total)
    numbers = np.array(passages, np.int64)
    numbers = numbers[np.lexsort((numbers, -np.array(scores)))]
    first, after = bounds
    ranks = np.flatnonzero((numbers >= first) & (numbers < after))
    end = len(ranks) - request.offset if request.backwards else request.offset + request.limit
    ranks = ranks[max(end - request.limit, 0) : max(end, 0)]
    return int(ranks[0]) if len(ranks) else 0, numbers[ranks].tolist()


def _by_place(
    index: Index,
    queries: PassageQueries,
    query: PassageQuery,
    request: BookSearchRequest,
    bounds: tuple[int, int],
) -> tuple[int, list[int]]:
    """Return the same in the order of the text."""
    found = index.passage_index
    within = queries.between(query, *bounds)
    limit = max(min(request.offset + request.limit, bounds[1] - bounds[0]), 1)
    numbers = sorted(found.in_order(within, limit, backwards=request.backwards).tolist())
    numbers = numbers[: -request.offset or None] if request.backwards else numbers[request.offset :]
    return found.count(queries.between(query, 0, numbers[0])) if numbers else 0, numbers


def _range(index: Index, book: int, request: BookSearchRequest) -> tuple[int, int]:
    """Return the number of the first passage of the range asked for, and of that after the last."""
    starts, _ = index.passages(book)
    end = len(starts) if request.end is None else int(starts.searchsorted(request.end))
    return int(starts.searchsorted(request.start)), end


def _page(
    index: Index, queries: PassageQueries, request: BookSearchRequest, book: int, budget: Budget
) -> tuple[int, int, list[int]]:
    """Return the number of all passages, of those before the first, and the passages' numbers."""
    query = queries.in_book(book)
    cost = queries.plan.postings(len(index.passages(book)[0]))
    total = index.passage_index.count(query) if query and budget.take(cost) else 0
    if query is None or not total:
        return 0, 0, []
    bounds = _range(index, book, request)
    ranked = queries.by_words(query) if request.order == "relevance" else None
    if not budget.take(2 * cost + ranking(total)):
        return total, 0, []
    if ranked is None:
        return total, *_by_place(index, queries, query, request, bounds)
    return total, *_by_relevance(index, ranked, request, bounds, total)


def search_in_book(index: Index, request: BookSearchRequest, budget: Budget) -> BookHits:
    """Return passages of a book. Raises KeyError for an unknown book.

    A phrase that goes over several passages makes one of them.
    """
    book = index.book_number(request.book)
    if book is None:
        raise KeyError(request.book)
    attributes: Attributes = {"search.query": request.query, "book.id": request.book}
    with span("search_book", attributes) as searching:
        with span("parse_query") as parsing:
            parsed = language.parse(request.query)
            queries = PassageQueries(index, parsed, budget, book)
            parsing.set("search.terms_count", len(queries.clauses))
        with span("search_index") as looking:
            total, before, numbers = _page(index, queries, request, book, budget)
            looking.set("search.candidates_count", total)
        with span("process_results") as processing:
            stretches = [queries.stretches.of(book, number) for number in numbers]
            marker, clauses = queries.marker(), len(queries.clauses)
            may_be_shown = takewhile(lambda _: budget.take(showing(1, clauses)), stretches)
            hits = cut(index, may_be_shown, marker)
            processing.set("search.results_count", len(hits))
        searching.set("search.results_count", total)
        if budget.is_cut:
            searching.set("search.partial", True)
    ordinal = before + 1 if hits else 0
    return BookHits(
        total,
        ordinal,
        hits,
        correct(index, request.query, budget),
        (*parsed.notices, *budget.notices),
        budget.is_cut,
    )
