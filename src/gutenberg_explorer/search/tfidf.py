"""The `tfidf` method: cosine similarity of the query's vector and each book's."""

from collections import Counter
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gutenberg_explorer.index import BookEntry, Index, Term
from gutenberg_explorer.index.analysis import query_terms
from gutenberg_explorer.search.results import Hit, SearchResult
from gutenberg_explorer.search.snippets import best_passage
from gutenberg_explorer.telemetry import span

MIN_SCORE = 0.01
MAX_RESULTS = 20

Filter = Callable[[BookEntry], bool]


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


def _similarity(index: Index, vector: list[tuple[Term, float]]) -> NDArray[np.float64]:
    """Return the cosine of the query's vector with each book's."""
    with span("compute_similarity") as comparing:
        size = len(index.books)
        if not vector:
            comparing.set("search.candidates_count", 0)
            return np.zeros(size)
        books = [index.posting_book[term.start : term.end] for term, _ in vector]
        weights = [
            weight * term.idf * index.posting_count[term.start : term.end]
            for term, weight in vector
        ]
        products = np.bincount(np.concatenate(books), np.concatenate(weights), size)
        comparing.set("search.candidates_count", int(np.count_nonzero(products)))
        return np.asarray(products / index.norms)


def _hit(index: Index, book: int, score: float, terms: list[Term]) -> Hit:
    entry = index.books[book]
    with span("generate_snippet", {"book.id": entry.id}) as cutting:
        passage = best_passage(index, book, terms)
        cutting.set("search.matches_count", len(passage.highlights) if passage else 0)
    snippet = " ".join(passage.text.split()) if passage else ""
    return Hit(entry.id, entry.title, entry.author, score, snippet, (passage,) if passage else ())


def search(index: Index, query: str, limit: int, offset: int, keep: Filter | None) -> SearchResult:
    """Return the books whose score is above 0.01, the best first, 20 at most.

    `keep` says which books may be found; `limit` and `offset` cut a page out of these.
    """
    with span("tfidf_search") as searching:
        searching.set("index.generation", index.manifest.generation)
        searching.set("index.books_count", len(index.books))
        vector = _vectorize(index, _preprocess(query))
        scores = _similarity(index, vector)
        with span("process_results") as processing:
            above = (scores > MIN_SCORE).nonzero()[0]
            # A stable sort by falling score: equals stay in the order of their ids.
            best = above[np.argsort(-scores[above], kind="stable")].tolist()
            found = [book for book in best if keep is None or keep(index.books[book])][:MAX_RESULTS]
            processing.set("search.results_count", len(found))
            terms = [term for term, _ in vector]
            hits = tuple(
                _hit(index, book, float(scores[book]), terms)
                for book in found[offset : offset + limit]
            )
    return SearchResult(len(found), hits)
