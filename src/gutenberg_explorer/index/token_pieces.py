"""Cutting a long text into pieces that are analysed one at a time, so that memory is bounded.

The words of all pieces are those of the text: no cut goes through a word.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gutenberg_explorer.index.analysis import MAX_WORD_LENGTH

# In characters. Most books are no longer.
SIZE = 1 << 20

# Any character that is in no word, or the place between two apostrophes, which are in none either.
_NOT_IN_WORD = re.compile(r"[^\w'’]|_|(?<=['’])(?=['’])")


class Piece(NamedTuple):
    """A piece: from which of the text's passages to which, and from which character to which."""

    first_passage: int
    last_passage: int
    start: int
    end: int


def _word_end(text: str, place: int) -> int:
    """Return where the word ends that is at both sides of `place`; `place` when there is none."""
    if _NOT_IN_WORD.match(text, place - 1) or _NOT_IN_WORD.match(text, place):
        return place
    found = _NOT_IN_WORD.search(text, place)
    return found.start() if found else len(text)


def pieces(text: str, passage_starts: NDArray[np.uint32], size: int = SIZE) -> Iterator[Piece]:
    """Yield the pieces of a text, each with the words that begin in its passages.

    A piece ends in front of a passage, or, where a word goes on into that passage, with the word.
    Of a word that is longer than MAX_WORD_LENGTH, at least as many characters are in its piece.
    """
    first = start = 0
    while first < len(passage_starts):
        last = int(passage_starts.searchsorted(passage_starts[first] + size))
        if last >= len(passage_starts):
            yield Piece(first, len(passage_starts), start, len(text))
            return
        cut = int(passage_starts[last])
        # The last piece's word may go on beyond this one.
        word_end = max(start, _word_end(text, cut)) if cut > start else start
        yield Piece(first, last, start, max(start, min(word_end, cut + MAX_WORD_LENGTH)))
        first, start = last, word_end
