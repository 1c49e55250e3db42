"""The lengths of the books' TF-IDF vectors, over all segments of a library."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gutenberg_explorer.index.segment import Segment
from gutenberg_explorer.index.weights import idf

NONE = 0xFFFFFFFF
_AT_ONCE = 1 << 18  # terms, or postings


def _alive(segment: Segment, numbers: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return for each term of a segment how many books of the library hold it there."""
    ends = segment.posting_ends.astype(np.int64)
    if (numbers != NONE).all():
        return np.diff(ends, prepend=0).astype(np.uint32)
    counted = np.concatenate([[0], np.cumsum(numbers[segment.posting_book] != NONE)])
    return np.diff(counted[ends], prepend=0).astype(np.uint32)


def _add_up(segments: Sequence[Segment], counts: Sequence[NDArray[np.uint32]]) -> None:
    """Make the count of each term in each segment that of the term in all of them.

    Terms whose hashes begin alike are dealt with together, so many at a time as memory is for.
    """
    total = sum(len(segment.terms) for segment in segments)
    bits = max(0, (total // _AT_ONCE).bit_length())
    for part in range(1 << bits):
        places = [
            np.flatnonzero(segment.term_hashes >> np.uint64(64 - bits) == part)
            if bits
            else np.arange(len(segment.terms))
            for segment in segments
        ]
        hashes = [s.term_hashes[place] for s, place in zip(segments, places, strict=True)]
        own = [c[place] for c, place in zip(counts, places, strict=True)]
        _, same = np.unique(np.concatenate(hashes), return_inverse=True)
        summed = np.bincount(same, np.concatenate(own))[same]
        ends = np.cumsum([len(place) for place in places]).tolist()
        for count, place, end in zip(counts, places, ends, strict=True):
            count[place] = summed[end - len(place) : end]


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
    frequencies = [_alive(*each) for each in zip(segments, numbers, strict=True)]
    _add_up(segments, frequencies)
    for place, segment in enumerate(segments):
        weights = idf(book_count, frequencies[place])
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
