"""The words of the index of passages that a clause asks for."""

from collections.abc import Sequence
from itertools import pairwise

from gutenberg_explorer.index.analysis import PAIR, is_term, stem
from gutenberg_explorer.index.passage_index import AUTHOR, PAIRS, TEXT, TITLE
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.search.query import Clause, Field

_FIELDS: dict[Field, str] = {"text": TEXT, "author": AUTHOR, "title": TITLE}
MAX_EXPANSIONS = 100
# In how large a share of all passages a pair of common words may stand to tell them apart.
_FEW = 0.01


class ClauseWords:
    """Finds the words of clauses in an index; each prefix is expanded once."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._expansions: dict[str, list[str]] = {}

    def of(self, clause: Clause) -> tuple[str, list[str]]:
        """Return the field and the words in it: any of them for a prefix, else all in a row."""
        if clause.is_prefix:
            return TEXT, self._beginning_with(clause.words[0])
        field = _FIELDS[clause.field]
        stems = [stem(word) for word in clause.words]
        if field == TEXT and len(stems) > 1 and not any(map(is_term, clause.words)):
            return PAIRS, [f"{a}{PAIR}{b}" for a, b in pairwise(stems)]
        return field, stems

    def frequencies(self, clause: Clause) -> list[int]:
        """Return in how many passages each of these words stands."""
        field, words = self.of(clause)
        known = self._index.passage_index.frequency
        return [known(word, field) for word in words]

    def telling_pairs(self, words: Sequence[str]) -> dict[str, int]:
        """Return the pairs of common words in a run of words that stand in few passages.

        Each comes with the number of these passages.
        """
        pairs = [
            f"{stem(one)}{PAIR}{stem(other)}"
            for one, other in pairwise(words)
            if not is_term(one) and not is_term(other)
        ]
        passages = self._index.passage_index
        known = {pair: passages.frequency(pair, PAIRS) for pair in dict.fromkeys(pairs)}
        return {pair: count for pair, count in known.items() if 0 < count <= _FEW * len(passages)}

    def _beginning_with(self, prefix: str) -> list[str]:
        """Return the stems of the words that begin so, those that most books hold if many do."""
        if (known := self._expansions.get(prefix)) is not None:
            return known
        books: dict[str, int] = {}
        for segment in self._index.segments:
            numbers = segment.terms.with_prefix(prefix)
            for number in segment.most_frequent(numbers, MAX_EXPANSIONS):
                stemmed = stem(segment.terms[number].decode())
                books[stemmed] = books.get(stemmed, 0) + segment.frequency(number)
        most = sorted(books, key=lambda each: -books[each])[:MAX_EXPANSIONS]
        self._expansions[prefix] = found = most or [stem(prefix)]
        return found
