"""Runs of words that go on past the end of a passage.

The index has, for each passage, its last word joined with the next word of the book. So the
passages at whose end a run may be cut are known for each place in the run, and are few. Whether the
run does stand there is read in the text.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tantivy import Occur, Query

from gutenberg_explorer.index.analysis import CUT, TOKEN, fold, stem
from gutenberg_explorer.index.passage_index import ACROSS, BOOK, PASSAGE, TEXT
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.index.segment import Segment
from gutenberg_explorer.search.budget import Budget
from gutenberg_explorer.search.local.cost import (
    Reading,
    all_of,
    listed,
    phrase_of,
    ranking,
    reading_ends,
)

# How many ends of passages are read for one run at most, those of the best passages.
MAX_READ = 1_000

# What part of a search's budget the stretches of all its phrases may take.
_SHARE = 4

# So many words before the cut are looked up in the index; more would hardly rule out more.
_MAX_BEFORE = 4
# A word that goes on past a cut is known by two characters before it, one may be an apostrophe.
_BACK = 2


class Stretch(NamedTuple):
    """Passages of a book, from `first` to `last`, over which one run of words goes."""

    book: int
    first: int
    last: int

    def overlaps(self, other: "Stretch") -> bool:
        """Return whether both have a passage in common; they are of one book."""
        return self.first <= other.last and other.first <= self.last


class Stretches:
    """The stretches that the phrases of a query go over, in one book or in all.

    A stretch is found by one of its passages. `found` has them by the numbers of the book and of
    this passage. Where they cost too much for the budget, some are not found.
    """

    def __init__(self, index: Index, book: int | None, budget: Budget) -> None:
        self._index = index
        self._book = book
        self._budget = budget
        self._left = budget.left // _SHARE
        self._known: dict[tuple[str, ...], list[Stretch]] = {}
        # The phrases of which some are not found.
        self._cut: set[tuple[str, ...]] = set()
        self.found: dict[tuple[int, int], Stretch] = {}

    def without(self, words: tuple[str, ...]) -> Query | None:
        """Return a query for the first passages of stretches that are not to be found."""
        places = [(each.book, each.first) for each in self._of(words)]
        if words in self._cut:
            return self._wherever_cut(words)
        return passages_query(self._index, places) if places else None

    def over(self, words: tuple[str, ...], telling: frozenset[str] = frozenset()) -> Query | None:
        """Return a query for the stretches over which words go, or None where there are none.

        Each is found by the first of its passages; or, if stems are given as `telling`, by the one
        in which those weigh most.
        """
        stretches = self._of(words)
        if telling and not self._take(reading_ends(len(stretches))):
            telling = frozenset()
        places = [(self._found_by(each, telling), each) for each in stretches]
        if not places:
            return None
        for place, stretch in places:
            known = self.found.get(place, stretch)
            first, last = min(stretch.first, known.first), max(stretch.last, known.last)
            self.found[place] = Stretch(stretch.book, first, last)
        query = passages_query(self._index, [place for place, _ in places])
        return Query.const_score_query(query, weight(self._index, [*map(stem, words)]))

    def reading(self, words: tuple[str, ...]) -> Reading:
        """Return what a query reads for the stretches that words go over."""
        stretches = self._of(words)
        books = len({each.book for each in stretches})
        return listed(books, len(stretches), len(self._index.books))

    def _take(self, postings: int) -> bool:
        """Take the cost of a step, unless that is more than is left for stretches."""
        if postings > self._left:
            self._budget.is_cut = True
            return False
        self._left -= postings
        return self._budget.take(postings)

    def _of(self, words: tuple[str, ...]) -> list[Stretch]:
        if words not in self._known:
            stems = [stem(word) for word in words]
            self._known[words], is_whole = _stretches(self._index, stems, self._book, self._take)
            if not is_whole:
                self._budget.is_cut = True
                self._cut.add(words)
        return self._known[words]

    def _wherever_cut(self, words: tuple[str, ...]) -> Query:
        """Return a query for all passages at whose end words may be cut."""
        stems = [stem(word) for word in words]
        ends = dict.fromkeys(_across(stems, cut) for cut in range(1, len(stems)))
        schema = self._index.passage_index.schema
        return Query.boolean_query(
            [(Occur.Should, Query.term_query(schema, ACROSS, each)) for each in ends]
        )

    def of(self, book: int, passage: int) -> Stretch:
        """Return the stretch that is found by a passage; most are of this passage alone."""
        return self.found.get((book, passage)) or Stretch(book, passage, passage)

    def join(self) -> Query | None:
        """Join the stretches that overlap, which are found by their first passages.

        Return a query for the passages of stretches that none is found by, if there are any.
        """
        joined: list[Stretch] = []
        for book, first, last in sorted(self.found.values()):
            before = joined[-1] if joined else None
            if before and before.book == book and first <= before.last:
                joined[-1] = Stretch(book, before.first, max(before.last, last))
            else:
                joined.append(Stretch(book, first, last))
        self.found = {(each.book, each.first): each for each in joined}
        rest = [(book, number) for book, *ends in joined for number in _after_first(*ends)]
        return passages_query(self._index, rest) if rest else None

    def _found_by(self, stretch: Stretch, telling: frozenset[str]) -> tuple[int, int]:
        book, first, last = stretch
        if not telling:
            return book, first
        _, segment, local = self._index.place(book)
        weights = [
            weight(self._index, sorted(telling.intersection(_stems(text))))
            for _, _, text in (segment.passage(local, each) for each in range(first, last + 1))
        ]
        return book, first + weights.index(max(weights))


def _after_first(first: int, last: int) -> range:
    return range(first + 1, last + 1)


def weight(index: Index, stems: Sequence[str]) -> float:
    """Return the BM25 score of words that each stand once in a passage of mean length."""
    count = len(index.passage_index)
    known = [index.passage_index.frequency(each) for each in stems]
    return sum(math.log(1 + (count - each + 0.5) / (each + 0.5)) for each in known)


def passages_query(index: Index, places: Iterable[tuple[int, int]]) -> Query:
    """Return a query for passages by the numbers of their books and their own."""
    schema = index.passage_index.schema
    by_book: dict[int, list[int]] = defaultdict(list)
    for book, passage in places:
        by_book[book].append(passage)
    return Query.boolean_query(
        [
            (
                Occur.Should,
                Query.boolean_query(
                    [
                        (Occur.Must, Query.term_query(schema, BOOK, index.key(book))),
                        (Occur.Must, Query.term_set_query(schema, PASSAGE, passages)),
                    ]
                ),
            )
            for book, passages in by_book.items()
        ]
    )


def _stretches(
    index: Index, stems: Sequence[str], book: int | None, take: Callable[[int], bool]
) -> tuple[list[Stretch], bool]:
    """Return where a run of words goes on from one passage to the next, in one book or in all.

    Words are given as their stems. `take` is asked before each step by its cost. The second that
    is returned is whether it allowed all of them, and no passage was left unread.
    """
    found: set[Stretch] = set()
    left = MAX_READ
    for cut in range(1, len(stems)):
        if known := index.passage_index.frequency(_across(stems, cut), ACROSS):
            before, after = stems[:cut], stems[cut:]
            limit = min(known, left)
            if not limit or not take(_cost_of_ends(index, cut, known) + ranking(limit)):
                return sorted(found), False
            _, keys, passages = index.passage_index.best(_ends(index, stems, cut, book), limit)
            if not take(reading_ends(len(passages))):
                return sorted(found), False
            left -= len(passages)
            books = index.numbers_of_keys(keys).tolist()
            for number, passage in zip(books, passages, strict=True):
                if number >= 0:
                    _, segment, local = index.place(number)
                    last = _last(segment, local, passage, after)
                    if last is not None and _ends_with(segment, local, passage, before):
                        found.add(Stretch(number, passage, last))
            if len(passages) == limit < known:
                return sorted(found), False
    return sorted(found), True


def _across(stems: Sequence[str], cut: int) -> str:
    return f"{stems[cut - 1]}{CUT}{stems[cut]}"


def _ends(index: Index, stems: Sequence[str], cut: int, book: int | None) -> Query:
    """Return a query for the passages that may end at a cut of a run."""
    schema = index.passage_index.schema
    parts = [Query.term_query(schema, ACROSS, _across(stems, cut))]
    if cut > 1:
        before = stems[max(0, cut - _MAX_BEFORE) : cut]
        parts.append(Query.phrase_query(schema, TEXT, list(before)))
    if book is not None:
        parts.append(Query.term_query(schema, BOOK, index.key(book)))
    return Query.boolean_query([(Occur.Must, part) for part in parts])


def _cost_of_ends(index: Index, cut: int, known: int) -> int:
    """Return the cost of this query where so many passages end at the cut, of any run."""
    words = [known] * (min(cut, _MAX_BEFORE) + 1)
    reading = phrase_of(words) if cut > 1 else all_of(words)
    return reading.postings(index.passage_index.segments)


def _last(segment: Segment, book: int, passage: int, stems: Sequence[str]) -> int | None:
    """Return in which passage a run ends that begins after a passage; None if it doesn't."""
    starts, ends = segment.passages(book)
    begin = max(int(ends[passage]) - _BACK, 0)
    count = 1
    while True:
        last = min(passage + count, len(starts) - 1)
        text = fold(segment.text(book, begin, int(ends[last])))
        words = (word for word in TOKEN.finditer(text) if begin + word.start() >= ends[passage])
        for matched, word in enumerate(words, 1):
            if stem(word[0]) != stems[matched - 1]:
                return None
            if matched == len(stems):
                place = begin + word.start()
                return int(starts.searchsorted(place, "right")) - 1
        if last == len(starts) - 1:
            return None
        count *= 2


def _ends_with(segment: Segment, book: int, passage: int, stems: Sequence[str]) -> bool:
    _, _, text = segment.passage(book, passage)
    return _stems(text)[-len(stems) :] == list(stems)


def _stems(text: str) -> list[str]:
    return [stem(word) for word in TOKEN.findall(fold(text))]
