"""The best passage of a book for a query.

The places of the words come from the index, so that only the passage itself is read. A passage
scores the sum of idf · tf / (tf + k) over the query's words, with k = 0.6 + 0.6 · length / mean
length: BM25's saturation (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009),
so that several different words beat one word many times, and the shorter of two equals wins.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gutenberg_explorer.index import Index, Term
from gutenberg_explorer.search.results import Passage, Span


def _places(
    index: Index, book: int, terms: Sequence[Term]
) -> list[tuple[Term, NDArray[np.uint32]]]:
    """Return where each of the terms that the book holds stands in it."""
    found = ((term, index.posting(term, book)) for term in terms)
    return [(term, index.positions(posting)) for term, posting in found if posting is not None]


def _best(passages: NDArray[np.uint32], places: list[tuple[Term, NDArray[np.uint32]]]) -> int:
    """Return the number of the passage with the highest score, the earliest among equals."""
    starts, ends = passages[:, 0], passages[:, 1]
    mean_length = (int(ends[-1]) - int(starts[0])) / len(passages)
    numbers: list[NDArray[np.intp]] = []
    scores: list[NDArray[np.float64]] = []
    for term, positions in places:
        within = starts.searchsorted(positions, "right") - 1
        passage, count = np.unique(within, return_counts=True)
        length = ends[passage].astype(np.float64) - starts[passage]
        k = 0.6 + 0.6 * length / mean_length
        numbers.append(passage)
        scores.append(term.idf * count / (count + k))
    if len(numbers) == 1:
        return int(numbers[0][scores[0].argmax()])
    candidates, place = np.unique(np.concatenate(numbers), return_inverse=True)
    total = np.bincount(place, np.concatenate(scores))
    return int(candidates[total.argmax()])


def best_passage(index: Index, book: int, terms: Sequence[Term]) -> Passage | None:
    """Return the best passage of a book, its matched words marked; None when there is no match."""
    places = _places(index, book, terms)
    passages = index.passages(book)
    if not places or not len(passages):
        return None
    start, end = (int(offset) for offset in passages[_best(passages, places)])
    marks = [
        Span(int(position) - start, int(position) - start + len(term.word))
        for term, positions in places
        for position in positions[positions.searchsorted(start) : positions.searchsorted(end)]
    ]
    marks.sort(key=lambda mark: mark.start)
    return Passage(start, end, index.text(book, start, end), tuple(marks))
