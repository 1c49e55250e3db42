"""For each term of a book the passage that is best for the term alone."""

import numpy as np
from numpy.typing import NDArray

from gutenberg_explorer.index.weights import mean_length, saturation

_AT_ONCE = 1 << 20  # occurrences


def _best(
    numbers: NDArray[np.uint32], positions: NDArray[np.uint32], bounds: NDArray[np.uint32]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.float64]]:
    """Return each term, the passage that is best for it, and the score of this passage."""
    within = bounds[:, 0].searchsorted(positions, "right") - 1
    # Occurrences of one term in one passage stand together: each such group is a candidate.
    is_new = np.ones(len(numbers), np.bool_)
    is_new[1:] = (numbers[1:] != numbers[:-1]) | (within[1:] != within[:-1])
    groups = np.flatnonzero(is_new)
    counts = np.diff(groups, append=len(numbers))
    terms, passage = numbers[groups], within[groups]
    lengths = (bounds[:, 1] - bounds[:, 0])[passage]
    score = saturation(counts, lengths, mean_length(bounds[:, 0], bounds[:, 1]))
    first_of_term = np.flatnonzero(np.diff(terms, prepend=terms[:1] + 1))
    highest = np.maximum.reduceat(score, first_of_term)
    is_best = score == np.repeat(highest, np.diff(first_of_term, append=len(terms)))
    best = np.flatnonzero(is_best)
    found, first_best = np.unique(terms[best], return_index=True)
    return found, passage[best[first_best]].astype(np.uint32), highest


def _group_end(
    numbers: NDArray[np.uint32],
    positions: NDArray[np.uint32],
    bounds: NDArray[np.uint32],
    place: int,
) -> int:
    """Return the first place from `place` on where another term or another passage begins."""
    if place >= len(numbers):
        return len(numbers)
    passage = int(bounds[:, 0].searchsorted(positions[place - 1], "right"))
    end = bounds[passage, 0] if passage < len(bounds) else positions[-1] + 1
    while place < len(numbers) and numbers[place] == numbers[place - 1] and positions[place] < end:
        place += 1
    return place


def best_passages(
    numbers: NDArray[np.uint32], positions: NDArray[np.uint32], bounds: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """Return for each term of a book the passage that is best for it alone, the earliest of equals.

    `numbers` and `positions` are the occurrences, ordered by term and then by place; `bounds` are
    the starts and ends of the passages.
    """
    passages: list[NDArray[np.uint32]] = [np.empty(0, np.uint32)]
    start, last_term, last_score = 0, -1, 0.0
    while start < len(numbers):
        end = _group_end(numbers, positions, bounds, start + _AT_ONCE)
        terms, best, scores = _best(numbers[start:end], positions[start:end], bounds)
        if terms[0] == last_term:  # some of its occurrences were in the part before
            if scores[0] > last_score:
                passages[-1][-1] = best[0]
            last_score = max(last_score, scores[0])
            best, scores = best[1:], scores[1:]
        if len(best):
            last_score = scores[-1]
            passages.append(best)
        last_term, start = int(terms[-1]), end
    return np.concatenate(passages)
