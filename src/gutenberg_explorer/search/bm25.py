"""The `bm25` method: the best passages, grouped by book.

A passage scores by BM25 (k1 = 1.2, b = 0.75: Robertson and Zaragoza, The Probabilistic Relevance
Framework, 2009) over the stems of its words, as tantivy computes it. It gains where it holds all of
the words, more where it holds them in their order, and a little where they stand in its book's
title or are its author's name. A book scores what its best passage scores.
"""

from collections.abc import Sequence

import numpy as np
from tantivy import Query as PassageQuery

from gutenberg_explorer.index import Index
from gutenberg_explorer.search import query as language
from gutenberg_explorer.search.marks import Marker
from gutenberg_explorer.search.narrowing import authors, in_order, narrowed
from gutenberg_explorer.search.passage_query import PassageQueries
from gutenberg_explorer.search.results import Hit, Passage, Request, SearchResult, Sort
from gutenberg_explorer.search.spelling import correct
from gutenberg_explorer.telemetry import span

PASSAGES_A_BOOK = 3

# How many passages are looked at: enough for the first page of most searches, and to fill up the
# books of a page that have not yet all of theirs.
_AT_FIRST = 300
_FOR_A_BOOK = 12


class _Best:
    """The best passages that a query finds, in the order of their scores."""

    def __init__(self, index: Index, query: PassageQuery, limit: int) -> None:
        scores, keys, passages = index.passage_index.best(query, limit)
        books = index.numbers_of_keys(keys)
        # Equals come in the order of the books and of the text, wherever they lie in the index.
        order = np.lexsort((passages, books, -scores))
        order = order[books[order] >= 0]
        self._scores, self._books, self._passages = scores[order], books[order], passages[order]

    def books(self) -> list[int]:
        """Return the books of the passages, each once, that of the best passage first."""
        found, first = np.unique(self._books, return_index=True)
        return found[np.argsort(first)].tolist()  # type: ignore[no-any-return]

    def of_book(self, book: int) -> tuple[float, list[int]]:
        """Return a book's score, and the numbers of its best passages, which may be too few."""
        places = (self._books == book).nonzero()[0][:PASSAGES_A_BOOK]
        score = float(self._scores[places[0]]) if len(places) else 0.0
        return score, self._passages[places].tolist()


class _Found:
    """The books that a query finds: how many passages of each, and the best of these."""

    def __init__(self, index: Index, queries: PassageQueries, only: list[int] | None) -> None:
        self._index = index
        self._queries = queries
        self.counts: dict[int, int] = {}
        if queries.found is None or queries.ranked is None or only == []:
            return
        found, self._ranked = queries.found, queries.ranked
        if only is not None:
            found = queries.within(found, only)
            self._ranked = queries.within(self._ranked, only)
        keys, counts = index.passage_index.count_by_book(found)
        books = index.numbers_of_keys(keys)
        self.counts = {b: n for b, n in zip(books.tolist(), counts.tolist(), strict=True) if b >= 0}

    def page(self, offset: int, limit: int, sort: Sort) -> list[int]:
        """Return the books of a page; `passages` knows their best passages afterwards."""
        self._best: list[_Best] = []
        if sort == "relevance":
            page = self._by_relevance(offset + limit)[offset : offset + limit]
        else:
            page = in_order(self._index, list(self.counts), sort)[offset : offset + limit]
        if short := [book for book in page if self.passages(book) is None]:
            # Most of them are served by one more search, that they share.
            query = self._queries.within(self._ranked, short)
            self._best.append(_Best(self._index, query, _FOR_A_BOOK * len(short)))
            for book in short:
                if self.passages(book) is None:
                    query = self._queries.within(self._ranked, [book])
                    self._best.append(_Best(self._index, query, PASSAGES_A_BOOK))
        return page

    def _by_relevance(self, needed: int) -> list[int]:
        """Return books in the order of their best passages, `needed` of them or all there are."""
        limit, total = _AT_FIRST, sum(self.counts.values())
        while total:
            best = _Best(self._index, self._ranked, min(limit, total))
            books = best.books()
            if len(books) >= min(needed, len(self.counts)) or limit >= total:
                self._best = [best]
                return books
            limit *= 8
        return []

    def passages(self, book: int) -> tuple[float, list[int]] | None:
        """Return a book's score and the numbers of its best passages; None when not yet known."""
        for best in self._best:
            score, numbers = best.of_book(book)
            if len(numbers) == min(PASSAGES_A_BOOK, self.counts[book]):
                return score, numbers
        return None


def cut(index: Index, book: int, numbers: Sequence[int], marker: Marker) -> tuple[Passage, ...]:
    """Return passages of a book by their numbers, with the matched words marked."""
    _, segment, local = index.place(book)
    starts, ends = segment.passages(local)
    passages = []
    for number in numbers:
        start, end = int(starts[number]), int(ends[number])
        text = segment.text(local, start, end)
        passages.append(Passage(start, end, text, marker.marks(text)))
    return tuple(passages)


def _hit(index: Index, book: int, found: _Found, marker: Marker) -> Hit:
    entry = index.books[book]
    with span("generate_snippet", {"book.id": entry.id}) as cutting:
        known = found.passages(book)
        assert known is not None
        score, numbers = known
        passages = cut(index, book, numbers, marker)
        cutting.set("search.matches_count", sum(len(each.highlights) for each in passages))
    snippet = " ".join(passages[0].text.split())
    count = found.counts[book]
    return Hit(entry.id, entry.title, entry.author, entry.year, score, snippet, count, passages)


def search(index: Index, request: Request) -> SearchResult:
    """Return the books that hold any of the words, those with the best passages first."""
    with span("bm25_search") as searching:
        searching.set("index.generation", index.manifest.generation)
        searching.set("index.books_count", len(index.books))
        with span("parse_query") as parsing:
            parsed = language.parse(request.query)
            queries = PassageQueries(index, parsed)
            parsing.set("search.terms_count", len(parsed.text_clauses))
        with span("search_index") as looking:
            found = _Found(index, queries, narrowed(index, request))
            looking.set("search.candidates_count", sum(found.counts.values()))
            page = found.page(request.offset, request.limit, request.sort)
        with span("process_results") as processing:
            processing.set("search.results_count", len(found.counts))
            marker = Marker(parsed.clauses)
            hits = tuple(_hit(index, book, found, marker) for book in page)
            return SearchResult(
                len(found.counts),
                hits,
                authors(index, found.counts),
                correct(index, request.query),
                parsed.notices,
            )
