"""Queries as the index of passages takes them."""

from collections.abc import Iterator, Sequence

from tantivy import FieldType, Occur, Query

from gutenberg_explorer.index.analysis import stem
from gutenberg_explorer.index.passage_index import AUTHOR, BOOK, PAIRS, PASSAGE, TITLE
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.search import query as language
from gutenberg_explorer.search.budget import Budget
from gutenberg_explorer.search.local.clause_words import ClauseWords
from gutenberg_explorer.search.local.marks import Marker
from gutenberg_explorer.search.local.plan import plan
from gutenberg_explorer.search.local.stretches import Stretches, weight
from gutenberg_explorer.search.query import Clause

MANY = 1_000_000

# What a passage gains, in its own BM25 score, beyond what its words weigh.
_ALL_WORDS = 0.5
_IN_ORDER = 1.5
_COMMON_PAIR = 0.5
_IN_TITLE = 0.6
_STEPS = 16


class PassageQueries:
    """Makes the queries that a parsed query asks of an index.

    `found` says which passages are found, and `ranked` in what order; both are None when nothing
    can be. `clauses` are what the text is searched for, `running` are the words of the query in
    their order where this is worth more. `stretches` are those of phrases that go on past the end
    of a passage, with `book` in the book of this number alone. `plan` says what a pass over the
    passages reads; what of the query is too expensive for the budget is left out.
    """

    def __init__(
        self, index: Index, parsed: language.Query, budget: Budget, book: int | None = None
    ) -> None:
        self._index = index
        self._schema = index.passage_index.schema
        self._book = book
        self._words = ClauseWords(index)
        self.stretches = Stretches(index, book, budget)
        self.plan = plan(index, self._words, self.stretches, parsed, budget)
        parsed = self.plan.parsed
        self.clauses = parsed.text_clauses
        self.running: Clause | None = Clause(parsed.running_words)
        if len(parsed.running_words) < 2 or self.running in self.clauses:
            self.running = None
        elif self._are_common:
            # Their order is all that common words say, where there is such an order somewhere.
            in_order = self._clause(self.running)
            if budget.take(self.plan.postings()) and index.passage_index.count(in_order):
                self.clauses = (self.running,)
            self.running = None
        self._running_on = self._over_stretches(self.running) if self.running else None
        self.found = self._found(parsed)
        self.ranked = self._ranked(parsed) if self.found else None

    @property
    def _are_common(self) -> bool:
        """Whether nothing but stop words is searched for, one by one."""
        return all(map(language.is_stop_clause, self.clauses))

    def _clause(self, clause: Clause) -> Query:
        if clause.field != "text" or len(clause.words) == 1:
            return self._within(clause)
        parts = [(Occur.Should, self._within(clause))]
        over = self.stretches.without if clause.is_excluded else self.stretches.over
        if across := over(clause.words):
            parts.append((Occur.Should, across))
        return _boolean(parts)

    def _over_stretches(self, running: Clause) -> Query | None:
        """Return a query for the stretches that have the words of the query in their order.

        In a search of all books each is found by a passage that is found by its words anyway.
        """
        words = [c.words for c in self.clauses if not c.is_prefix and self._book is None]
        telling = frozenset(stem(each[0]) for each in words if len(each) == 1)
        return self.stretches.over(running.words, telling)

    def _within(self, clause: Clause) -> Query:
        """Return a query for words that stand in one passage."""
        field, words = self._words.of(clause)
        if clause.is_prefix:
            # The rarest of the words is not what a prefix is after: each weighs as the best.
            return Query.disjunction_max_query(
                [Query.term_query(self._schema, field, each) for each in words]
            )
        if len(words) == 1:
            return Query.term_query(self._schema, field, words[0])
        return Query.phrase_query(self._schema, field, list(words))

    def _found(self, parsed: language.Query) -> Query | None:
        names = parsed.name_clauses
        parts = [(Occur.Must, Query.const_score_query(self._clause(c), 0.0)) for c in names]
        if self.clauses:
            occur = Occur.Must if self._are_common else Occur.Should
            words = [(occur, self._clause(clause)) for clause in self.clauses]
            if self._running_on:
                words.append((Occur.Should, Query.const_score_query(self._running_on, 0.0)))
            parts.append((Occur.Must, _boolean(words)))
        elif not names:
            return None
        parts += [(Occur.MustNot, self._clause(clause)) for clause in parsed.excluded_clauses]
        return _boolean(parts)

    def _ranked(self, parsed: language.Query) -> Query:
        assert self.found is not None
        gains = []
        if len(self.clauses) > 1 and not self._are_common:
            everything = _boolean([(Occur.Must, self._clause(each)) for each in self.clauses])
            gains.append((Occur.Should, Query.boost_query(everything, _ALL_WORDS)))
        if self.running:
            gains.append((Occur.Should, Query.boost_query(self._within(self.running), _IN_ORDER)))
        if self._running_on:
            gain = 1 + _ALL_WORDS + _IN_ORDER  # as if it had all the words that others have
            gains.append((Occur.Should, Query.boost_query(self._running_on, gain)))
        named = [(Occur.Should, Query.boost_query(each, _IN_TITLE)) for each in self._named(parsed)]
        pairs = [(Occur.Should, Query.boost_query(each, _COMMON_PAIR)) for each in self._pairs()]
        narrowed = any(c.field != "text" or c.is_excluded for c in parsed.clauses)
        if named or pairs or narrowed or self._are_common:
            return _boolean([(Occur.Must, self.found), *gains, *named, *pairs])
        # What gains is found anyway: asked for beside the words, each word is read only once.
        return _boolean([*((Occur.Should, self._clause(each)) for each in self.clauses), *gains])

    def _pairs(self) -> Iterator[Query]:
        """Yield queries for the pairs of common words of the query that stand in few passages."""
        for pair in self._words.telling_pairs(self.running.words) if self.running else ():
            yield Query.term_query(self._schema, PAIRS, pair)

    def _named(self, parsed: language.Query) -> Iterator[Query]:
        """Yield queries for the words of the query that stand in titles or are authors' names."""
        for word in dict.fromkeys(parsed.running_words):
            if not language.is_stop(word):
                for field in (TITLE, AUTHOR):
                    if self._index.passage_index.frequency(stem(word), field):
                        yield Query.term_query(self._schema, field, stem(word))

    def expected(self) -> int:
        """Return how many passages may be found, more or less."""
        known = self._index.passage_index.frequency
        words = [c.words for c in self.clauses if not c.is_prefix]
        if len(words) < len(self.clauses):
            return MANY
        # Phrases take long to find and are few: one in ten of the rarest of their words, or fewer.
        phrases = len(words) > 0 and all(len(each) > 1 for each in words)
        bound = sum(min(known(stem(word)) for word in each) + 1 for each in words)
        return (bound // 10 if phrases else bound) or MANY

    def marker(self) -> Marker:
        """Return what marks the words that the text is searched for."""
        return Marker((*self.clauses, self.running) if self.running else self.clauses)

    def within(self, query: Query, books: Sequence[int]) -> Query:
        """Return the query narrowed to the books of these numbers."""
        return _where(query, self._among(books))

    def without(self, query: Query, books: Sequence[int]) -> Query:
        """Return the query without the books of these numbers."""
        return _boolean([(Occur.Must, query), (Occur.MustNot, self._among(books))])

    def _among(self, books: Sequence[int]) -> Query:
        keys = [self._index.key(book) for book in books]
        if len(keys) == 1:
            return Query.term_query(self._schema, BOOK, keys[0])
        return Query.term_set_query(self._schema, BOOK, keys)

    def in_book(self, book: int) -> Query | None:
        """Return a query for what is found in the book that all stretches are of."""
        if self.found is None:
            return None
        query = self.within(self.found, [book])
        rest = self.stretches.join()
        return _boolean([(Occur.Must, query), (Occur.MustNot, rest)]) if rest else query

    def by_words(self, query: Query) -> Query | None:
        """Return a query that ranks what another finds by which of the words it holds.

        Each clause weighs its idf, however often it is held, and the words of the query in their
        order more than all clauses. So what holds the same is equal. None where all is.
        """
        weights = [self._steps(clause) for clause in self.clauses]
        if len(weights) + (self.running is not None) < 2:
            return None
        parts = [
            (Occur.Should, Query.const_score_query(self._clause(clause), each))
            for clause, each in zip(self.clauses, weights, strict=True)
        ]
        if self.running:
            in_order = Query.const_score_query(self._clause(self.running), sum(weights) + 1.0)
            parts.append((Occur.Should, in_order))
        return _boolean([(Occur.Must, Query.const_score_query(query, 0.0)), *parts])

    def _steps(self, clause: Clause) -> float:
        """Return a clause's idf in steps of which any sum is exact, one step at least."""
        idf = 0.0 if clause.is_prefix else weight(self._index, [*map(stem, clause.words)])
        return max(round(idf * _STEPS), 1) / _STEPS

    def between(self, query: Query, first: int, after: int) -> Query:
        """Return the query narrowed to passages numbered from `first` to before `after`."""
        numbered = Query.range_query(
            self._schema, PASSAGE, FieldType.Unsigned, first, after, include_upper=False
        )
        return _where(query, numbered)


def _where(query: Query, condition: Query) -> Query:
    """Return a query narrowed to what meets a condition, which scores nothing."""
    return _boolean([(Occur.Must, Query.const_score_query(condition, 0.0)), (Occur.Must, query)])


def _boolean(parts: list[tuple[Occur, Query]]) -> Query:
    if len(parts) == 1 and parts[0][0] is not Occur.MustNot:
        return parts[0][1]
    return Query.boolean_query(parts)
