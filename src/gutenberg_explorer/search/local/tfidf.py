"""The `tfidf` method: cosine similarity of the query's vector and each book's."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from gutenberg_explorer.index.analysis import query_terms
from gutenberg_explorer.index.reader import Index, Term
from gutenberg_explorer.search.budget import Budget
from gutenberg_explorer.search.local.cost import showing, tallying
from gutenberg_explorer.search.local.narrowing import (
    authors,
    in_order,
    narrowed,
    narrowed_but_for_author,
)
from gutenberg_explorer.search.local.snippets import best_passage
from gutenberg_explorer.search.local.spelling import correct
from gutenberg_explorer.search.request import SearchRequest
from gutenberg_explorer.search.results import Hit, SearchResult
from gutenberg_explorer.telemetry import span

MIN_SCORE = 0.01
MAX_RESULTS = 20


def _preprocess(query: str) -> Counter[str]:
    with span("preprocess_query") as preprocessing:
        words = query_terms(query)
        preprocessing.set("search.terms_count", len(words))
    return Counter(words)


def _vectorize(index: Index, counts: Counter[str]) -> list[tuple[Term, float]]:
    """Return the query's known terms, each with its weight in a vector of length 1."""
    with span("vectorize_query") as vectorizing:
        known = [(term, n) for word, n in counts.items() if (term := index.find(word))]
        vectorizing.set("search.known_terms_count", len(known))
        length = sum((n * term.idf) ** 2 for term, n in known) ** 0.5
    return [(term, n * term.idf / length) for term, n in known]


def _postings_count(term: Term) -> int:
    return sum(end - start for start, end in filter(None, term.postings))


def _affordable(vector: list[tuple[Term, float]], budget: Budget) -> list[tuple[Term, float]]:
    """Return the part of a vector that may be compared: without the most frequent terms, if any."""
    frequencies = [_postings_count(term) for term, _ in vector]
    if budget.take(tallying(sum(frequencies))):
        return vector
    kept: set[int] = set()
    for each in np.argsort(frequencies, kind="stable").tolist():
        if not budget.take(tallying(frequencies[each])):
            break
        kept.add(each)
    return [vector[each] for each in sorted(kept)]


def _similarity(index: Index, vector: list[tuple[Term, float]]) -> NDArray[np.float64]:
    """Return the cosine of the query's vector with each book's."""
    with span("compute_similarity") as comparing:
        size = len(index.books)
        if not vector:
            comparing.set("search.candidates_count", 0)
            return np.zeros(size)
        found = [index.postings(term) for term, _ in vector]
        books = [books for books, _ in found]
        weights = [
            weight * term.idf * counts
            for (term, weight), (_, counts) in zip(vector, found, strict=True)
        ]
        products = np.bincount(np.concatenate(books), np.concatenate(weights), size)
        comparing.set("search.candidates_count", int(np.count_nonzero(products)))
        return np.asarray(products / index.norms)


def _hit(index: Index, book: int, score: float, terms: list[Term], budget: Budget) -> Hit:
    entry = index.books[book]
    with span("generate_snippet", {"book.id": entry.id}) as cutting:
        passage = best_passage(index, book, terms, budget)
        cutting.set("search.matches_count", len(passage.highlights) if passage else 0)
    snippet = " ".join(passage.text.split()) if passage else ""
    passages = (passage,) if passage else ()
    return Hit(
        entry.id, entry.title, entry.author, entry.year, score, snippet, len(passages), passages
    )


def _among(books: NDArray[np.intp], only: list[int] | None) -> NDArray[np.intp]:
    if only is None:
        return books
    return np.intersect1d(books, np.array(only, np.intp), assume_unique=True)


def search(index: Index, request: SearchRequest, budget: Budget) -> SearchResult:
    """Return the books whose score is above 0.01, the best first, 20 at most.

    Where no book's is, as for a rare word of a long book, those that hold a word are returned.
    """
    with span("tfidf_search") as searching:
        searching.set("index.generation", index.manifest.generation)
        searching.set("index.books_count", len(index.books))
        counts = _preprocess(request.query)
        vector = _vectorize(index, counts)
        has_unknown = len(vector) < len(counts)
        vector = _affordable(vector, budget)
        scores = _similarity(index, vector)
        with span("process_results") as processing:
            above = (scores > MIN_SCORE).nonzero()[0]
            if not len(above):
                above = scores.nonzero()[0]
            only = narrowed(index, request)
            by_anyone = _among(above, narrowed_but_for_author(index, request, only))
            above = _among(above, only)
            # A stable sort by falling score: equals stay in the order of their ids.
            best = above[np.argsort(-scores[above], kind="stable")][:MAX_RESULTS].tolist()
            processing.set("search.results_count", len(best))
            terms = [term for term, _ in vector]
            page = in_order(index, best, request.sort)
            hits = tuple(
                _hit(index, book, float(scores[book]), terms, budget)
                for book in page[request.offset : request.offset + request.limit]
                if budget.take(showing(1, len(terms)))
            )
    return SearchResult(
        len(best),
        hits,
        tuple(authors(index, by_anyone)),
        correct(index, request.query, budget) if has_unknown else None,
        budget.notices,
        budget.is_cut,
    )
