"""How text becomes terms: the tokens of the `tfidf` method, with their places."""

import re
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

MIN_LENGTH = 3
STOP_WORDS = frozenset(
    (files("gutenberg_explorer.index") / "stopwords.txt").read_text("utf-8").split()
)

# Letters and digits; an apostrophe counts where both of its sides do.
TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def fold(text: str) -> str:
    """Return `text` in lower case with straight apostrophes, each character in its old place."""
    folded = text.lower()
    if len(folded) != len(text):  # a few characters, such as U+0130, become two
        folded = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return folded.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


@cache
def _alphanumeric(size: int) -> NDArray[np.bool_]:
    """Return for each of the first `size` code points whether it is a letter or a digit."""
    return np.fromiter((chr(point).isalnum() for point in range(size)), np.bool_, size)


def tokenize(text: str) -> tuple[list[str], NDArray[np.int64]]:
    """Return all words of `text`, folded, and the offset of each in characters."""
    folded = fold(text)
    points = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), "<u4")
    if not len(points):
        return [], np.empty(0, np.int64)
    # Most books end within the first table, and hardly any needs the last.
    highest = int(points.max())
    size = next(size for size in (0x3000, 0x10000, 0x110000) if highest < size)
    inside = _alphanumeric(size)[points]
    marks = np.flatnonzero(points == ord("'"))
    marks = marks[(marks > 0) & (marks < len(points) - 1)]
    inside[marks[inside[marks - 1] & inside[marks + 1]]] = True
    starts = np.flatnonzero(np.diff(inside, prepend=False) & inside)
    # All else becomes space: splitting there is faster than any search for words.
    spaced = np.where(inside, points, ord(" ")).astype("<u4").tobytes()
    return spaced.decode("utf-32-le", "surrogatepass").split(), starts


def is_term(word: str) -> bool:
    """Return whether a folded word is indexed: long enough and no stop word."""
    return len(word) >= MIN_LENGTH and word not in STOP_WORDS


def query_terms(query: str) -> list[str]:
    """Return the indexed words of a query in their order, repetitions kept."""
    return [word for word in TOKEN.findall(fold(query)) if is_term(word)]
