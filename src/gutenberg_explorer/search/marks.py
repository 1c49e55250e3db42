"""Which words of a passage a query has matched, found in the passage itself."""

from collections.abc import Iterator, Sequence

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
        self._phrases = list(dict.fromkeys(plain))

    def marks(self, text: str) -> tuple[Span, ...]:
        """Return the ranges of the matched words in their order, without overlap."""
        folded = fold(text)
        plain = without_accents(folded)
        found: set[tuple[int, int]] = set()
        for phrase in self._phrases:
            for head in _heads(phrase[0]):
                for place in _beginnings(plain, head):
                    found.update(_matched(folded, place, phrase))
        for prefix in self._prefixes:
            for place in _beginnings(plain, prefix):
                if word := TOKEN.match(folded, place):
                    found.add(word.span())
        return tuple(Span(start, end) for start, end in sorted(found))


def _matched(folded: str, place: int, phrase: tuple[str, ...]) -> list[tuple[int, int]]:
    """Return the ranges of a phrase's words where the text goes on with them, else nothing."""
    spans: list[tuple[int, int]] = []
    if len(phrase) == 1:
        word = TOKEN.match(folded, place)
        return [word.span()] if word and stem(word[0]) == phrase[0] else []
    words = TOKEN.finditer(folded, place)
    for sought in phrase:
        word = next(words, None)
        if word is None or stem(word[0]) != sought:
            return []
        spans.append(word.span())
    return spans
