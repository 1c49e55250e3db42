"""Which words of a passage a query has matched, found in the passage itself."""

from collections.abc import Sequence

from gutenberg_explorer.index.analysis import TOKEN, fold, stem, without_accents
from gutenberg_explorer.search.query import Clause
from gutenberg_explorer.search.results import TextRange


def _heads(stemmed: str) -> tuple[str, ...]:
    """Return what every word of a stem begins with, one of them.

    The stemmer changes no more than the last letter of what it leaves (`happi` for happy, `hope`
    for hoping), but for words such as dying, whose stem is `die`.
    """
    if len(stemmed) < 3:
        return (stemmed,)
    return (stemmed[:-1], stemmed[:-2] + "y") if stemmed.endswith("ie") else (stemmed[:-1],)


class Marker:
    """Marks the words that clauses match of which the text is searched for any."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        plain = dict.fromkeys(tuple(map(stem, c.words)) for c in clauses if not c.is_prefix)
        prefixes = [without_accents(c.words[0]) for c in clauses if c.is_prefix]
        # What a word begins with, its stem where not any will do, and the stems that follow.
        self._sought: list[tuple[str, str | None, list[str]]] = [
            (head, first, rest) for first, *rest in plain for head in _heads(first)
        ]
        self._sought += [(prefix, None, []) for prefix in prefixes]

    def marks(self, text: str) -> tuple[TextRange, ...]:
        """Return the ranges of the matched words in their order, without overlap."""
        folded = fold(text)
        plain = without_accents(folded)
        found: set[tuple[int, int]] = set()
        for head, sought, rest in self._sought:
            place = plain.find(head)
            while place >= 0:
                word = None if _is_inside(plain, place) else TOKEN.match(folded, place)
                if word is None:
                    place = plain.find(head, place + 1)
                    continue
                end = word.end()
                if sought is None or stem(word[0]) == sought:
                    if not rest:
                        found.add((place, end))
                    elif following := _following(folded, end, rest):
                        found.update([(place, end), *following])
                place = plain.find(head, end)
        return tuple([TextRange(start, end) for start, end in sorted(found)])


def _is_inside(text: str, place: int) -> bool:
    """Return whether a letter or digit at `place` stands in a word that began before."""
    if not place:
        return False
    before = text[place - 1]
    return before.isalnum() or (before == "'" and place > 1 and text[place - 2].isalnum())


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
