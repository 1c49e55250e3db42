"""Which words of a passage a query has matched, found in the passage itself."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

from gutenberg_explorer.index.analysis import TOKEN, fold, stem, without_accents
from gutenberg_explorer.search.query import Clause
from gutenberg_explorer.search.results import Span


def _heads(stemmed: str) -> tuple[str, ...]:
    """Return what every word of a stem begins with, one of them.

    The stemmer changes no more than the last letter of what it leaves (`happi` for happy, `hope`
    for hoping), but for words such as dying, whose stem is `die`.
    """
    if len(stemmed) < 3:
        return (stemmed,)
    return (stemmed[:-1], stemmed[:-2] + "y") if stemmed.endswith("ie") else (stemmed[:-1],)


def _beginnings(text: str, head: str) -> Iterator[int]:
    """Yield where words of a text begin with `head`."""
    place = text.find(head)
    while place >= 0:
        before = text[place - 2 : place] if place > 1 else " " + text[:place]
        inside = before[-1:].isalnum() or (before[-1:] == "'" and before[:1].isalnum())
        if not inside:
            yield place
        place = text.find(head, place + 1)


class Marker:
    """Marks the words that clauses match of which the text is searched for any."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self._prefixes = tuple(without_accents(c.words[0]) for c in clauses if c.is_prefix)
        plain = [tuple(map(stem, c.words)) for c in clauses if not c.is_prefix]
        self._phrases = [(phrase, _heads(phrase[0])) for phrase in dict.fromkeys(plain)]

    def marks(self, texts: Sequence[str]) -> list[tuple[Span, ...]]:
        """Return for each text the ranges of the matched words in their order, without overlap."""
        # All at once, since most of the time would go into beginning with each.
        folded = fold("\n".join(texts))
        plain = without_accents(folded)
        ends = [end - 1 for end in accumulate(len(text) + 1 for text in texts)]
        found: set[tuple[int, int]] = set()
        for (sought, *rest), heads in self._phrases:
            for place in (place for head in heads for place in _beginnings(plain, head)):
                word = TOKEN.match(folded, place)
                if word is None or stem(word[0]) != sought:
                    continue
                more = _following(folded, word.end(), rest) if rest else []
                # No phrase lies in two texts.
                if not rest or (more and more[-1][1] <= ends[bisect_left(ends, place + 1)]):
                    found.update([word.span(), *more])
        for prefix in self._prefixes:
            for place in _beginnings(plain, prefix):
                if word := TOKEN.match(folded, place):
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


def _following(folded: str, place: int, phrase: list[str]) -> list[tuple[int, int]]:
    """Return the ranges of a phrase's words where the text goes on with them, else nothing."""
    spans: list[tuple[int, int]] = []
    words = TOKEN.finditer(folded, place)
    for sought in phrase:
        word = next(words, None)
        if word is None or stem(word[0]) != sought:
            return []
        spans.append(word.span())
    return spans
