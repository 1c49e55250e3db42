"""The best passage of a book for a query.

The places of the words come from the index, so that only the passage itself is read. What a
passage scores is said in `index.weights`; for one word alone the index knows the best one.
"""

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gutenberg_explorer.index.reader import Index, Term
from gutenberg_explorer.index.weights import mean_length, saturation
from gutenberg_explorer.search.budget import Budget
from gutenberg_explorer.search.local.cost import tallying
from gutenberg_explorer.search.results import Passage, TextRange


def _counted(ascending: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the different values of an ascending array, and how often each stands in it."""
    new = np.empty(len(ascending), np.bool_)
    new[0] = True
    np.not_equal(ascending[1:], ascending[:-1], out=new[1:])
    firsts = new.nonzero()[0]
    counts = np.empty_like(firsts)
    np.subtract(firsts[1:], firsts[:-1], out=counts[:-1])
    counts[-1] = len(ascending) - firsts[-1]
    return ascending[firsts], counts


def _best(
    starts: NDArray[np.uint32],
    ends: NDArray[np.uint32],
    places: list[tuple[Term, NDArray[np.uint32]]],
) -> int:
    """Return the number of the passage with the highest score, the earliest among equals."""
    mean = mean_length(starts, ends)
    numbers: list[NDArray[np.intp]] = []
    scores: list[NDArray[np.float64]] = []
    for term, positions in places:
        passage, count = _counted(starts.searchsorted(positions, "right"))
        passage -= 1
        numbers.append(passage)
        scores.append(term.idf * saturation(count, ends[passage] - starts[passage], mean))
    return int(np.bincount(np.concatenate(numbers), np.concatenate(scores)).argmax())


def best_passage(index: Index, book: int, terms: Sequence[Term], budget: Budget) -> Passage | None:
    """Return the best passage of a book, its matched words marked; None when there is no match.

    Where the places of all words are too many for the budget, only the rarest word's count.
    """
    place, segment, local = index.place(book)
    found = [
        (term, posting)
        for term in terms
        if (postings := term.postings[place]) is not None
        and (posting := segment.posting(postings, local)) is not None
    ]
    if not found:
        return None
    starts, ends = segment.passages(local)
    places = [(term, segment.positions(posting)) for term, posting in found]
    if not budget.take(tallying(sum(len(positions) for _, positions in places))):
        rarest = min(range(len(places)), key=lambda each: len(places[each][1]))
        found, places = [found[rarest]], [places[rarest]]
    best = segment.best_passage(found[0][1]) if len(found) == 1 else _best(starts, ends, places)
    start, end, text = segment.passage(local, best)
    marks: list[TextRange] = []
    for term, positions in places:
        offsets = positions.data
        first = bisect_left(offsets, start)
        marks.extend(
            TextRange(position - start, position - start + len(term.word))
            for position in offsets[first : bisect_left(offsets, end, first)]
        )
    marks.sort(key=lambda mark: mark.start)
    return Passage(start, end, text, tuple(marks))
