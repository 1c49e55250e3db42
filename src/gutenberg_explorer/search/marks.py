"""Which words of a passage a query has matched, found in the passage itself."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

from gutenberg_explorer.index.analysis import TOKEN, fold, stem, without_accents
from gutenberg_explorer.search.query import Clause
from gutenberg_explorer.search.results import Span

_REST_OF_WORD = r"[^\W_]*(?:'[^\W_]+)*"


def _heads(stemmed: str) -> tuple[str, ...]:
    """Return what every word of a stem begins with, one of them.

    The stemmer changes no more than the last letter of what it leaves (`happi` for happy, `hope`
    for hoping), but for words such as dying, whose stem is `die`.
    """
    if len(stemmed) < 3:
        return (stemmed,)
    return (stemmed[:-1], stemmed[:-2] + "y") if stemmed.endswith("ie") else (stemmed[:-1],)


def _begins_inside(text: str, place: int) -> bool:
    """Return whether what begins at `place`, which is not 0, is part of a word."""
    before = text[place - 1]
    return before.isalnum() or (before == "'" and text[max(place - 2, 0)].isalnum())


class Marker:
    """Marks the words that clauses match of which the text is searched for any."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self._prefixes = tuple(without_accents(c.words[0]) for c in clauses if c.is_prefix)
        # For the stem of each first word, what may follow it; nothing, for a word alone.
        self._following: dict[str, list[tuple[str, ...]]] = {}
        for clause in clauses:
            if not clause.is_prefix:
                first, *rest = map(stem, clause.words)
                self._following.setdefault(first, []).append(tuple(rest))
        heads = {head for first in self._following for head in _heads(first)}
        sought = "|".join(map(re.escape, sorted(heads.union(self._prefixes))))
        self._words = re.compile(f"(?:{sought}){_REST_OF_WORD}") if sought else None

    def marks(self, texts: Sequence[str]) -> list[tuple[Span, ...]]:
        """Return for each text the ranges of the matched words in their order, without overlap."""
        if self._words is None:
            return [()] * len(texts)
        # All at once, since most of the time would go into beginning with each.
        plain = without_accents(fold("\n".join(texts)))
        ends = [end - 1 for end in accumulate(len(text) + 1 for text in texts)]
        found: set[tuple[int, int]] = set()
        for word in self._words.finditer(plain):
            place = word.start()
            if place and _begins_inside(plain, place):
                continue
            for rest in self._following.get(stem(word[0]), ()):
                more = _following(plain, word.end(), rest) if rest else []
                # No phrase lies in two texts.
                if not rest or (more and more[-1][1] <= ends[bisect_left(ends, place + 1)]):
                    found.update([word.span(), *more])
            if self._prefixes and word[0].startswith(self._prefixes):
                found.add(word.span())
        return _dealt_out(sorted(found), ends)


def _dealt_out(found: list[tuple[int, int]], ends: list[int]) -> list[tuple[Span, ...]]:
    """Return for each text, which end at `ends`, the ranges that lie in it, from its start on."""
    marks = []
    first = start = 0
    for end in ends:
        after = bisect_left(found, (end, 0), first)
        marks.append(tuple([Span(a - start, b - start) for a, b in found[first:after]]))
        first, start = after, end + 1
    return marks


def _following(plain: str, place: int, phrase: Sequence[str]) -> list[tuple[int, int]]:
    """Return the ranges of a phrase's words where the text goes on with them, else nothing."""
    spans: list[tuple[int, int]] = []
    words = TOKEN.finditer(plain, place)
    for sought in phrase:
        word = next(words, None)
        if word is None or stem(word[0]) != sought:
            return []
        spans.append(word.span())
    return spans
