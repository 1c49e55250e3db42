"""The lengths of the books' TF-IDF vectors, over all segments of a library."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gutenberg_explorer.index.segment import Segment
from gutenberg_explorer.index.weights import idf

NONE = 0xFFFFFFFF
_AT_ONCE = 1 << 22


def _alive(segment: Segment, numbers: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return for each term of a segment how many books of the library hold it there."""
    ends = segment.posting_ends.astype(np.int64)
    if (numbers != NONE).all():
        return np.diff(ends, prepend=0)
    counted = np.concatenate([[0], np.cumsum(numbers[segment.posting_book] != NONE)])
    return np.diff(counted[ends], prepend=0)


def book_norms(
    segments: Sequence[Segment], numbers: Sequence[NDArray[np.uint32]], book_count: int
) -> NDArray[np.float64]:
    """Return the Euclidean length of each book's vector.

    `numbers` gives for each segment its books' numbers in the library, NONE for those that are no
    longer in it. A book without any term has length 1, so that it can be divided by. Terms are
    told apart by hashes of 64 bits, so that memory holds no words.
    """
    sums = np.zeros(book_count)
    if not segments:
        return sums
    hashes = np.concatenate([segment.term_hashes for segment in segments])
    alive = [_alive(*each) for each in zip(segments, numbers, strict=True)]
    _, same = np.unique(hashes, return_inverse=True)
    frequencies = np.bincount(same, np.concatenate(alive))[same]
    ends = np.cumsum([len(segment.terms) for segment in segments]).tolist()
    for place, segment in enumerate(segments):
        weights = idf(book_count, frequencies[ends[place] - len(segment.terms) : ends[place]])
        posting_ends = segment.posting_ends.astype(np.int64)
        for first in range(0, len(segment.posting_book), _AT_ONCE):
            last = min(first + _AT_ONCE, len(segment.posting_book))
            terms = posting_ends.searchsorted(np.arange(first, last), "right")
            books = numbers[place][segment.posting_book[first:last]]
            weight = segment.posting_count[first:last] * weights[terms]
            kept = books != NONE
            sums += np.bincount(books[kept], (weight * weight)[kept], book_count)
    norms = np.sqrt(sums)
    norms[norms == 0] = 1
    return norms
