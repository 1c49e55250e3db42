"""The words of a segment by numbers, so that occurrences can be dealt with as arrays."""

import sys
import weakref

import numpy as np
from numpy.typing import NDArray

from gutenberg_explorer.index import analysis
from gutenberg_explorer.index.analysis import MAX_WORD_LENGTH, PAIR, ROW_END

# What the dictionary, the lists and the arrays take for a word, besides the word: measured.
_BYTES_PER_WORD = 170
# A library has some ten thousand pairs of common words, unless its words are of no language.
_MOST_PAIRS = 1 << 17


class _Pairs(dict[int, str]):
    """Pairs of words in a row, or after the end of one, each joined once."""

    def __init__(self, vocabulary: "Vocabulary") -> None:
        # A reference in a circle would keep a vocabulary that is of no more use.
        self._vocabulary = weakref.proxy(vocabulary)

    def __missing__(self, key: int) -> str:
        stem = self._vocabulary.stem
        pair = f"{stem(key >> 31 & 0x7FFFFFFF)}{PAIR}{stem(key & 0x7FFFFFFF)}"
        if len(self) == _MOST_PAIRS:
            self.clear()
        self[key] = pair = pair if key >> 62 else f"{ROW_END} {pair}"
        return pair


class Vocabulary(dict[str, int]):
    """Numbers words from 0 in the order in which they are first asked for.

    `words` are by number; very long ones are cut. `size` is about how many bytes all of it takes.
    """

    def __init__(self) -> None:
        self.words: list[str] = []
        self.size = 0
        self._pairs = _Pairs(self)
        self._stem_array = np.empty(1 << 14, object)
        self._term_array = np.empty(1 << 14, np.bool_)

    def __missing__(self, word: str) -> int:
        if len(word) > MAX_WORD_LENGTH:
            return self[word[:MAX_WORD_LENGTH]]
        number = len(self.words)
        if number == len(self._stem_array):
            self._stem_array = np.append(self._stem_array, np.empty(number, object))
            self._term_array = np.append(self._term_array, np.empty(number, np.bool_))
        stem = analysis.stem.__wrapped__(word)
        self.size += sys.getsizeof(word) + _BYTES_PER_WORD
        if stem == word:
            stem = word  # the same text is kept once
        else:
            self.size += sys.getsizeof(stem)
        self.words.append(word)
        self._stem_array[number] = stem
        self._term_array[number] = analysis.is_term(word)
        self[word] = number
        return number

    def numbers(self, words: list[str]) -> NDArray[np.uint32]:
        """Return the numbers of words."""
        return np.fromiter(map(self.__getitem__, words), np.uint32, len(words))

    def are_terms(self, numbers: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Return which words, by their numbers, are terms of the `tfidf` method."""
        return self._term_array[numbers]

    def stem(self, number: int) -> str:
        """Return the stem of a word by its number."""
        stem: str = self._stem_array[number]
        return stem

    def stems_of(self, numbers: NDArray[np.integer]) -> list[str]:
        """Return the stems of words by their numbers."""
        stems: list[str] = self._stem_array[numbers].tolist()
        return stems

    def pairs(
        self,
        first: NDArray[np.uint32],
        second: NDArray[np.uint32],
        goes_on: NDArray[np.bool_],
    ) -> list[str]:
        """Return pairs of words by their numbers, with a bar before those that begin a row."""
        keys = goes_on.astype(np.int64) << 62 | first.astype(np.int64) << 31 | second
        return list(map(self._pairs.__getitem__, keys.tolist()))
