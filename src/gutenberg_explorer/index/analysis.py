"""How text becomes terms: words with their places, and their stems.

The `tfidf` method knows words as they stand, the `bm25` method their stems.
"""

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

# Between the stems of two common words that are searched as one, where a row of them ends, and
# between the stems of two words in different passages; none stands in a word.
PAIR, ROW_END, CUT = "_", "|", "/"
MIN_LENGTH = 3
MAX_STEM_LENGTH = 80
MAX_WORD_LENGTH = 255
"""Of longer words only the first characters count; the longest word of any language is shorter."""
STOP_WORDS = frozenset(
    (files("gutenberg_explorer.index") / "stopwords.txt").read_text("utf-8").split()
)

# Letters and digits; an apostrophe counts where both of its sides do.
TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*")

_CURLY = (("’", "'"), ("“", '"'), ("”", '"'), ("—", "-"))


def fold(text: str) -> str:
    """Return `text` in lower case, its quotation marks straight, each character in its place."""
    for curly, straight in _CURLY:
        text = text.replace(curly, straight)
    folded = text.lower()  # many times as fast for ASCII, which most English text is by now
    if len(folded) != len(text):  # a few characters, such as U+0130, become two
        folded = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return folded


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


def query_words(text: str) -> list[str]:
    """Return all words of a text, folded, in their order; of a very long one its beginning."""
    return [word[:MAX_WORD_LENGTH] for word in TOKEN.findall(fold(text))]


def query_terms(query: str) -> list[str]:
    """Return the indexed words of a query in their order, repetitions kept."""
    return [word for word in query_words(query) if is_term(word)]


@cache
def _stemmer() -> TextAnalyzer:
    """Return the Snowball stemmer for English (Porter 2), as tantivy ships it."""
    return TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.stemmer("english")).build()


class _BaseLetters(dict[int, str]):
    """The base letter of each accented letter, by its code point; others stand for themselves."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        parts = unicodedata.normalize("NFD", char)
        self[point] = found = parts[0] if all(map(unicodedata.combining, parts[1:])) else char
        return found


_BASE_LETTERS = _BaseLetters()
# Neither ASCII nor Latin-1's signs nor the general punctuation, of which most books have some.
_MAY_HAVE_ACCENT = re.compile("[^\0-\xbf\u2000-\u206f]")


def without_accents(text: str) -> str:
    """Return a text with each accented letter replaced by its base letter, one for one."""
    if text.isascii() or not _MAY_HAVE_ACCENT.search(text):
        return text
    return text.translate(_BASE_LETTERS)


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return the English stem of a folded word, without accents; very long words are cut."""
    plain = without_accents(word)[:MAX_STEM_LENGTH]
    stemmed: list[str] = _stemmer().analyze(plain)
    return stemmed[0] if stemmed and stemmed[0] else plain
