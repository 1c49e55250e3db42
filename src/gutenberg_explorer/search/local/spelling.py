"""Did you mean …? A known word in place of one that no book holds."""

import re
from collections.abc import Iterator

import numpy as np

from gutenberg_explorer.index.analysis import TOKEN, fold, is_term, stem
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.index.segment import Segment
from gutenberg_explorer.search.budget import Budget

_MIN_LENGTH = 4
_LONG = 8  # a word of this length may have two slips
_CANDIDATES = 25
_MAX_UNKNOWN = 10  # more of them are no slips


def _similar(segment: Segment, word: str, distance: int) -> list[tuple[int, str]]:
    """Return the similar terms that begin as `word` does, with the number of slips."""
    # Few searches have a word that nobody knows, and every start would load it.
    from rapidfuzz.distance import OSA  # noqa: PLC0415
    from rapidfuzz.process import extract  # noqa: PLC0415

    found = segment.terms.with_prefix(word[0])
    start = int(segment.terms.ends[found.start - 1]) if found.start else 0
    ends = segment.terms.ends[found.start : found.stop].astype(np.int64)
    lengths = np.diff(ends, prepend=start)
    near = np.flatnonzero(abs(lengths - len(word.encode())) <= distance) + found.start
    words = [segment.terms[number].decode() for number in near.tolist()]
    similar = extract(word, words, scorer=OSA.distance, score_cutoff=distance, limit=_CANDIDATES)
    return [(int(slips), term) for term, slips, _ in similar]


def suggest(index: Index, word: str) -> str | None:
    """Return the known word that `word`, folded, was most likely meant to be, or None.

    Of the words with the fewest slips (a letter too many, missing, wrong, or two in the wrong
    order; the first letter is taken to be right), it is the one that most books hold.
    """
    if len(word) < _MIN_LENGTH:
        return None
    distance = 2 if len(word) >= _LONG else 1
    near: dict[int, set[str]] = {}
    for segment in index.segments:
        for slips, term in _similar(segment, word, distance):
            near.setdefault(slips, set()).add(term)
    for slips in sorted(near):
        # A segment may still have words of books that are no longer in the library.
        held = {term: found for term in near[slips] if (found := index.find(term))}
        if held:
            return min(held, key=lambda term: (held[term].idf, term))
    return None


def correct(index: Index, query: str, budget: Budget) -> str | None:
    """Return a query with each word that no book holds corrected; None when there is none to be.

    A word whose stem stands somewhere counts as known: the `bm25` method finds it. None either
    where more than ten different words are unknown, or the time is over.
    """
    unknown = [word for word in _words(query) if not _is_known(index, word[0])]
    different = dict.fromkeys(word[0] for word in unknown)
    if len(different) > _MAX_UNKNOWN:
        return None
    meant: dict[str, str | None] = {}
    for each in different:
        if not budget.allows(0):
            return None
        meant[each] = suggest(index, each)
    corrected, end = "", 0
    for word in unknown:
        if suggested := meant[word[0]]:
            corrected += query[end : word.start()] + suggested
            end = word.end()
    return corrected + query[end:] if end else None


def _words(query: str) -> Iterator[re.Match[str]]:
    """Yield the words of a query that can be misspelt, folded; no prefixes, no field's name."""
    for word in TOKEN.finditer(fold(query)):
        if query[word.end() : word.end() + 1] not in ("*", ":") and is_term(word[0]):
            yield word


def _is_known(index: Index, word: str) -> bool:
    return bool(index.passage_index.frequency(stem(word)) or index.find(word))
