"""The weights of TF-IDF.

idf(t) = ln((1 + n) / (1 + df(t))) + 1, the smoothed form of scikit-learn's TfidfTransformer; a
term weighs tf · idf in a book, and a book's vector is divided by its Euclidean length.
"""

import numpy as np
from numpy.typing import NDArray


def idf(book_count: int, frequency: NDArray[np.integer] | int) -> NDArray[np.float64]:
    """Return the idf of a term that stands in `frequency` of `book_count` books, or of many."""
    return np.asarray(np.log((1 + book_count) / (1 + frequency)) + 1)


def book_norms(
    terms: NDArray[np.integer],
    books: NDArray[np.integer],
    counts: NDArray[np.integer],
    frequencies: NDArray[np.integer],
    book_count: int,
) -> NDArray[np.float64]:
    """Return the Euclidean length of each book's vector.

    `terms`, `books` and `counts` describe the postings, `frequencies` has an entry for each term.
    A book without any term has length 1, so that it can be divided by.
    """
    weights = counts * idf(book_count, frequencies)[terms]
    norms = np.sqrt(np.bincount(books, weights * weights, book_count))
    norms[norms == 0] = 1
    return norms
