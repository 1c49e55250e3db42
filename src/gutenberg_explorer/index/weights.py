"""The weights of terms in books and in passages.

Books, TF-IDF: idf(t) = ln((1 + n) / (1 + df(t))) + 1, the smoothed form of scikit-learn's
TfidfTransformer; a term weighs tf · idf in a book, and a book's vector is divided by its Euclidean
length.

Passages: idf · tf / (tf + k), with k = 0.6 + 0.6 · length / mean length. This is BM25's saturation
(Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009): several different words beat
one word many times, and the shorter of two equal passages wins.
"""

import numpy as np
from numpy.typing import NDArray


def idf(book_count: int, frequency: NDArray[np.integer] | int) -> NDArray[np.float64]:
    """Return the idf of terms, or of one, that stand in `frequency` of `book_count` books."""
    return np.asarray(np.log((1 + book_count) / (1 + frequency)) + 1)


def saturation(
    counts: NDArray[np.integer], lengths: NDArray[np.integer], mean_length: float
) -> NDArray[np.float64]:
    """Return what a term's occurrences in passages of these lengths weigh, before idf."""
    return np.asarray(counts / (counts + 0.6 + (0.6 / mean_length) * lengths))


def mean_length(starts: NDArray[np.uint32], ends: NDArray[np.uint32]) -> float:
    """Return the mean length of passages that follow one another; they are at least one."""
    return (int(ends[-1]) - int(starts[0])) / len(starts)
