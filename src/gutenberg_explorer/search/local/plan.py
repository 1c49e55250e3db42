"""What of a query is searched within a budget, and what one pass over the passages then reads.

Left out is what adds least, and only what makes an answer smaller, never wrong: of the words of
which any is searched for, those that cost most. An excluded phrase becomes its rarest word where it
costs too much. Where the rest of what every passage must meet does, nothing is searched.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from gutenberg_explorer.index.analysis import stem
from gutenberg_explorer.index.passage_index import AUTHOR, TITLE
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.search import query as language
from gutenberg_explorer.search.budget import Budget
from gutenberg_explorer.search.local.clause_words import ClauseWords
from gutenberg_explorer.search.local.cost import (
    EXPANDING,
    Reading,
    all_of,
    best_of,
    phrase_of,
    word,
)
from gutenberg_explorer.search.local.stretches import Stretches
from gutenberg_explorer.search.query import Clause

# A search takes the best passages, counts them all, and may count them anew for the authors.
_PASSES = 4
# The order of the words, and the conditions, may each take so much of a pass.
_SHARE = 3
# With several clauses each is read twice, and sought the second time: a passage gains by having all
# of them.
_WITH_GAIN = 3

# What each clause reads: a phrase reads on where it goes on in the next passage.
Readings = dict[Clause, list[Reading]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is searched of a query, and what one pass reads for it in so many segments."""

    parsed: language.Query
    readings: Sequence[Reading]
    segments: int

    def postings(self, passages: int | None = None) -> int:
        """Return the cost of a pass; of one that is narrowed to so many passages, where given."""
        read = self.readings
        if passages is not None:
            read = [reading.within(passages) for reading in read]
        return _cost(read, self.segments)


def _cost(readings: Iterable[Reading], segments: int) -> int:
    return sum(reading.postings(segments) for reading in readings)


def plan(
    index: Index,
    words: ClauseWords,
    stretches: Stretches,
    parsed: language.Query,
    budget: Budget,
) -> Plan:
    """Return what is searched of a query. The budget is told where this is not all of it."""
    planned = _Planner(index, words, stretches, budget).plan(parsed)
    if planned is None:
        budget.is_cut = True
        return Plan(replace(parsed, clauses=()), (), 0)
    if planned.parsed is not parsed:
        budget.is_cut = True
    return planned


class _Planner:
    def __init__(
        self, index: Index, words: ClauseWords, stretches: Stretches, budget: Budget
    ) -> None:
        self._passages = index.passage_index
        self._words = words
        self._stretches = stretches
        self._budget = budget
        self._pass = budget.left // _PASSES

    def plan(self, parsed: language.Query) -> Plan | None:
        """Return the plan; its query is the same object where nothing is left out."""
        order = [*self._order(parsed), *self._names(parsed)]
        if self._cost(order) > self._pass // _SHARE:
            parsed, order = replace(parsed, order_counts=False), []
        text = self._text(parsed)
        parsed, conditions = self._conditions(parsed, text)
        left = self._pass - self._cost([*order, *conditions])
        if all(map(language.is_stop_clause, text)):
            read = [all_of([_passages(each) for each in text.values()])] if text else []
            fits = self._cost(read) <= left
        else:
            kept = self._cheapest(text, left)
            out = set(parsed.text_clauses) - kept.keys()
            if out:
                parsed = replace(parsed, clauses=tuple(c for c in parsed.clauses if c not in out))
            read = [*chain(*kept.values()), *_all(list(kept.values()))]
            fits = bool(kept) and left >= 0
        return Plan(parsed, [*read, *order, *conditions], self._segments) if fits else None

    @property
    def _segments(self) -> int:
        return self._passages.segments

    def _cost(self, readings: Iterable[Reading]) -> int:
        return _cost(readings, self._segments)

    def _reading(self, clause: Clause) -> list[Reading]:
        frequencies = self._words.frequencies(clause)
        if clause.is_prefix:
            return [best_of(frequencies)]
        within = word(frequencies[0]) if len(frequencies) == 1 else phrase_of(frequencies)
        if clause.field != "text" or len(clause.words) == 1:
            return [within]
        return [within, self._stretches.reading(clause.words)]

    def _order(self, parsed: language.Query) -> Iterator[Reading]:
        """Yield what it takes to see where the words stand in their order, all or two of them."""
        words = parsed.running_words
        if len(words) > 1:
            yield from self._reading(Clause(words))
            yield from map(word, self._words.telling_pairs(words).values())

    def _names(self, parsed: language.Query) -> Iterator[Reading]:
        """Yield what it takes to see which words stand in titles and in names of authors."""
        for each in dict.fromkeys(parsed.running_words):
            if not language.is_stop(each):
                for field in (TITLE, AUTHOR):
                    if frequency := self._passages.frequency(stem(each), field):
                        yield word(frequency)

    def _text(self, parsed: language.Query) -> Readings:
        """Return the clauses that the text is searched for, but prefixes beyond the budget."""
        return {
            clause: self._reading(clause)
            for clause in parsed.text_clauses
            if not clause.is_prefix or self._budget.take(EXPANDING)
        }

    def _conditions(
        self, parsed: language.Query, text: Readings
    ) -> tuple[language.Query, list[Reading]]:
        """Return the query with conditions that cost less where they must, and their readings."""
        named = [reading for clause in parsed.name_clauses for reading in self._reading(clause)]
        found = sum(map(_passages, text.values())) or len(self._passages)
        visited = min([found, *(each.passages for each in named)])
        excluded: Readings = {}
        for clause in parsed.excluded_clauses:
            if clause.is_prefix:
                self._budget.take(EXPANDING)
            excluded[clause] = _beside(self._reading(clause), visited)
        cheaper: dict[Clause, Clause] = {}
        for clause in sorted(excluded, key=lambda clause: -self._cost(excluded[clause])):
            if self._cost(chain(*excluded.values())) <= self._pass // _SHARE:
                break
            if len(clause.words) > 1:
                cheaper[clause] = rarest = self._rarest_word(clause)
                del excluded[clause]
                excluded[rarest] = _beside(self._reading(rarest), visited)
        if cheaper:
            clauses = tuple(cheaper.get(clause, clause) for clause in parsed.clauses)
            parsed = replace(parsed, clauses=clauses)
        return parsed, [*_beside(named, visited), *chain(*excluded.values())]

    def _rarest_word(self, clause: Clause) -> Clause:
        """Return an exclusion of all that a phrase excludes, and more, which costs less."""
        each = [replace(clause, words=(word,)) for word in clause.words]
        return min(each, key=lambda alone: self._words.frequencies(alone)[0])

    def _cheapest(self, text: Readings, left: int) -> Readings:
        """Return the clauses that can be searched for at this cost, those that cost least first.

        The first may cost twice as much when it is the only one.
        """
        kept: Readings = {}
        total = 0
        for clause in sorted(text, key=lambda clause: self._cost(text[clause])):
            total += self._cost(text[clause])
            if total * _WITH_GAIN > left if kept else total > left + self._pass:
                break
            kept[clause] = text[clause]
        return kept


def _passages(readings: Iterable[Reading]) -> int:
    return sum(each.passages for each in readings)


def _beside(readings: Iterable[Reading], passages: int) -> list[Reading]:
    return [each.beside(passages) for each in readings]


def _all(clauses: Sequence[list[Reading]]) -> list[Reading]:
    """Return what it takes to see which passages have all of several clauses."""
    if len(clauses) < 2:
        return []
    return _beside(chain(*clauses), min(map(_passages, clauses)))
