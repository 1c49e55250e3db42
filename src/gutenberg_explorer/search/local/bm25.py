"""The `bm25` method: the best passages, grouped by book.

A passage scores by BM25 (k1 = 1.2, b = 0.75: Robertson and Zaragoza, The Probabilistic Relevance
Framework, 2009) over the stems of its words, as tantivy computes it. It gains where it holds all of
the words, more where it holds them in their order, and a little where they stand in its book's
title or are its author's name. A book scores what its best passage scores.
"""

from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tantivy import Query as PassageQuery

from gutenberg_explorer.index import IndexDamaged
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.search import query as language
from gutenberg_explorer.search.budget import Budget
from gutenberg_explorer.search.local.cost import ranking, showing
from gutenberg_explorer.search.local.marks import Marker
from gutenberg_explorer.search.local.narrowing import (
    authors,
    in_order,
    narrowed,
    narrowed_but_for_author,
)
from gutenberg_explorer.search.local.passage_query import PassageQueries
from gutenberg_explorer.search.local.spelling import correct
from gutenberg_explorer.search.local.stretches import Stretch, Stretches
from gutenberg_explorer.search.request import SearchRequest, Sort
from gutenberg_explorer.search.results import AuthorCount, Hit, Passage, SearchResult
from gutenberg_explorer.telemetry import span

PASSAGES_A_BOOK = 3

# How many of the best passages are looked at in one search; of a book that has three among them,
# three are shown. Where hardly more are expected, all are, which saves the counting of the rest.
# Where they are of too few books, more of the other books' are looked at, each time.
_AT_ONCE, _AT_MOST, _MORE = 150, 600, 4

_NOT_FOUND = "passages counts a book that it does not find"


class BestOfBook(NamedTuple):
    """What is best of a book: its score, and its best passages, the best first."""

    book: int
    score: float
    passages: list[Stretch]


class _Best:
    """The best passages that a query finds: `by_book`, that of the best passage first.

    None of a book's overlaps with a better one.
    """

    def __init__(self, index: Index, stretches: Stretches, query: PassageQuery, limit: int) -> None:
        scores, keys, passages = index.passage_index.best(query, limit)
        self.are_all = len(scores) < limit
        self._numbers = index.numbers_of_keys(keys)
        self.by_book: dict[int, BestOfBook] = {}
        # Equals come in the order of the books and of the text, wherever they lie in the index.
        books = self._numbers.tolist()
        ranked = sorted(zip([-score for score in scores], books, passages, strict=True))
        for score, book, passage in ranked:
            best = self.by_book.get(book)
            if best is None:
                if book >= 0:
                    found = [stretches.of(book, passage)]
                    self.by_book[book] = BestOfBook(book, -score, found)
            elif len(best.passages) < PASSAGES_A_BOOK:
                stretch = stretches.of(book, passage)
                if not any(map(stretch.overlaps, best.passages)):
                    best.passages.append(stretch)

    def counts(self, size: int) -> NDArray[np.int64]:
        """Return for each book of the library how many of its passages are here."""
        return np.bincount(self._numbers[self._numbers >= 0], minlength=size)


class _Found:
    """The books that a query finds: how many passages of each, and the best of these."""

    def __init__(
        self, index: Index, queries: PassageQueries, only: list[int] | None, budget: Budget
    ) -> None:
        self._index = index
        self._queries = queries
        self._budget = budget
        # For each book of the library, how many of its passages are found.
        self.counts = np.zeros(len(index.books), np.int64)
        if queries.found is None or queries.ranked is None or only == []:
            return
        self._ranked = queries.within(queries.ranked, only) if only else queries.ranked
        expected = queries.expected()
        limit = expected if expected <= _AT_MOST else _AT_ONCE
        if not self._may_rank(limit, only):
            return
        self._first = self._best(self._ranked, limit)
        if self._first.are_all or not self._may_rank(0, only):
            self.counts = self._first.counts(len(index.books))
        else:
            self.counts = self._counted(queries.found, only)

    def _may_rank(self, limit: int, only: list[int] | None = None) -> bool:
        """Take the cost of a pass over the passages of `only`, or of all books."""
        among = None
        if only is not None:
            among = sum(len(self._index.passages(book)[0]) for book in only)
        return self._budget.take(self._queries.plan.postings(among) + ranking(limit))

    def _counted(self, found: PassageQuery, only: list[int] | None) -> NDArray[np.int64]:
        counts = np.zeros(len(self._index.books), np.int64)
        query = self._queries.within(found, only) if only else found
        keys, passages = self._index.passage_index.count_by_book(query)
        books = self._index.numbers_of_keys(keys)
        counts[books[books >= 0]] = passages[books >= 0]
        return counts

    def authors(self, only: list[int] | None, by_anyone: list[int] | None) -> list[AuthorCount]:
        """Return the authors of what is found in `by_anyone`, of which `only` is a part."""
        counts = self.counts
        found = self._queries.found
        if by_anyone not in (only, []) and found is not None and self._may_rank(0, by_anyone):
            counts = self._counted(found, by_anyone)
        return authors(self._index, counts.nonzero()[0])

    @property
    def books(self) -> NDArray[np.intp]:
        """The books that are found, in the order of their ids."""
        return self.counts.nonzero()[0]

    def page(self, offset: int, limit: int, sort: Sort) -> list[BestOfBook]:
        """Return the books of a page, each with its score and the numbers of its best passages."""
        if sort == "relevance":
            return self._by_relevance(offset + limit)[offset:]
        page = in_order(self._index, self.books.tolist(), sort)[offset : offset + limit]
        known = self._of_books(page)
        return [known[book] for book in page if book in known]

    def _of_books(self, books: list[int]) -> dict[int, BestOfBook]:
        """Return the best passages of books, which are all found; of fewer where they cost much."""
        whole = {book: self._first.by_book[book] for book in books if book in self._first.by_book}
        known = dict(whole)
        limit = _AT_ONCE
        while missing := [book for book in books if book not in whole]:
            if not self._may_rank(limit, missing):
                break
            best = self._best(self._queries.within(self._ranked, missing), limit)
            known |= best.by_book
            if best.are_all:
                if not known.keys() >= set(books):
                    raise IndexDamaged(_NOT_FOUND)
                break
            whole |= {
                book: each
                for book, each in best.by_book.items()
                if len(each.passages) == min(PASSAGES_A_BOOK, self.counts[book])
            }
            limit *= _MORE
        return known

    def _best(self, query: PassageQuery, limit: int) -> _Best:
        return _Best(self._index, self._queries.stretches, query, max(limit, _AT_ONCE))

    def _by_relevance(self, needed: int) -> list[BestOfBook]:
        """Return `needed` books, or all there are, in the order of their best passages.

        Of fewer where they cost much.
        """
        needed = min(needed, int(np.count_nonzero(self.counts)))
        known = dict(islice(self._first.by_book.items(), needed)) if needed else {}
        limit = _AT_ONCE
        while len(known) < needed and self._may_rank(limit):
            # No other book has a better passage than the last of these that are known.
            best = self._best(self._queries.without(self._ranked, list(known)), limit).by_book
            if not best.keys() - known.keys():
                raise IndexDamaged(_NOT_FOUND)
            known |= islice(best.items(), needed - len(known))
            limit *= _MORE
        return list(known.values())


def cut(index: Index, stretches: Iterable[Stretch], marker: Marker) -> tuple[Passage, ...]:
    """Return stretches as one passage each, with the matched words marked."""
    passages = []
    for book, first, last in stretches:
        _, segment, local = index.place(book)
        start, end, text = segment.passage(local, first)
        if last > first:
            end = int(segment.passages(local)[1][last])
            text = segment.text(local, start, end)
        passages.append(Passage(start, end, text, marker.marks(text)))
    return tuple(passages)


def search(index: Index, request: SearchRequest, budget: Budget) -> SearchResult:
    """Return the books that hold any of the words, those with the best passages first."""
    with span("bm25_search") as searching:
        searching.set("index.generation", index.manifest.generation)
        searching.set("index.books_count", len(index.books))
        with span("parse_query") as parsing:
            parsed = language.parse(request.query)
            queries = PassageQueries(index, parsed, budget)
            parsing.set("search.terms_count", len(queries.clauses))
        with span("search_index") as looking:
            only = narrowed(index, request)
            found = _Found(index, queries, only, budget)
            page = found.page(request.offset, request.limit, request.sort)
            found_authors = found.authors(only, narrowed_but_for_author(index, request, only))
            looking.set("search.candidates_count", int(found.counts.sum()))
        with span("process_results") as processing:
            books = found.books
            processing.set("search.results_count", len(books))
            marker = queries.marker()
            hits = []
            for book, score, best in page:
                if not budget.take(showing(len(best), len(queries.clauses))):
                    break
                entry = index.books[book]
                with span("generate_snippet", {"book.id": entry.id}) as cutting:
                    passages = cut(index, best, marker)
                    marks = sum(len(each.highlights) for each in passages)
                    cutting.set("search.matches_count", marks)
                hits.append(
                    Hit(
                        id=entry.id,
                        title=entry.title,
                        author=entry.author,
                        year=entry.year,
                        score=score,
                        snippet=" ".join(passages[0].text.split()),
                        passages_count=int(found.counts[book]),
                        passages=passages,
                    )
                )
            return SearchResult(
                total=len(books),
                hits=tuple(hits),
                authors=tuple(found_authors),
                did_you_mean=correct(index, request.query, budget),
                notices=(*parsed.notices, *budget.notices),
                partial=budget.is_cut,
            )
