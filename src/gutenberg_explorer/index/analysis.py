"""How text becomes terms: the tokens of the `tfidf` method, with their places."""

import re
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

MIN_LENGTH = 3
STOP_WORDS = frozenset(
    (files("gutenberg_explorer.index") / "stopwords.txt").read_text("utf-8").split()
)

# Letters and digits; an apostrophe counts where both of its sides do.
_TOKEN = re.compile(r"([^\W_]+(?:'[^\W_]+)*)")


def fold(text: str) -> str:
    """Return `text` in lower case with straight apostrophes, each character in its old place."""
    folded = text.lower()
    if len(folded) != len(text):  # a few characters, such as U+0130, become two
        folded = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return folded.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def tokenize(text: str) -> tuple[list[str], NDArray[np.int64]]:
    """Return all words of `text`, folded, and the offset of each in characters."""
    # Splitting at a captured group yields gap, word, gap, …: places follow from the lengths, and
    # no match object is made for any of the words.
    parts = _TOKEN.split(fold(text))
    ends = np.cumsum(np.fromiter(map(len, parts), np.int64, len(parts)))
    return parts[1::2], ends[:-1:2]


def is_term(word: str) -> bool:
    """Return whether a folded word is indexed: long enough and no stop word."""
    return len(word) >= MIN_LENGTH and word not in STOP_WORDS


def query_terms(query: str) -> list[str]:
    """Return the indexed words of a query in their order, repetitions kept."""
    return [word for word in _TOKEN.findall(fold(query)) if is_term(word)]
