"""Queries that are made to cost much, and a count of what is read for them."""

import re
from collections.abc import Callable, Iterable, Iterator
from random import Random

import pytest
from tantivy import Query

from gutenberg_explorer.index.analysis import STOP_WORDS, stem
from gutenberg_explorer.index.passage_index import (
    ACROSS,
    AUTHOR,
    BOOK,
    PAIRS,
    PASSAGE,
    TEXT,
    TITLE,
    PassageIndex,
)
from gutenberg_explorer.index.reader import Index, Term

LENGTH = 1_000
Clauses = Callable[[Random], str]
_FREQUENT = 400


class CostlyQueries:
    """Makes queries of the words of an index: the frequent ones, in all forms that a query has."""

    def __init__(self, index: Index) -> None:
        frequency = index.passage_index.frequency
        words = {
            segment.terms[number].decode()
            for segment in index.segments
            for number in segment.most_frequent(range(len(segment.terms)), 4 * _FREQUENT)
        }
        frequent = sorted(words, key=lambda word: (-frequency(stem(word)), word))[:_FREQUENT]
        stops = sorted(STOP_WORDS, key=lambda word: (-frequency(stem(word)), word))
        names = sorted({word for book in index.books for word in book.title.lower().split()})
        letters = "abcdefghijklmnopqrstuvwxyz"

        def unknown(chance: Random) -> str:
            return "".join(chance.choices(letters, k=chance.randrange(4, 16)))

        def prefix(chance: Random) -> str:
            return f"{chance.choice(letters)}{chance.choice(letters)}*"

        def nested(chance: Random) -> str:
            word = chance.choice(frequent)
            return f"{word[: chance.randrange(2, max(3, len(word)))]}*"

        def phrase(*of: list[str]) -> Clauses:
            def made(chance: Random) -> str:
                length = chance.choice((2, 2, 2, 3, 5, 40))
                return f'"{" ".join(chance.choice(chance.choice(of)) for _ in range(length))}"'

            return made

        def hyphenated(chance: Random) -> str:
            return f"a-{chance.choice(frequent)}"

        def word_of(words: list[str]) -> Clauses:
            return lambda chance: chance.choice(words)

        def named(field: str, made: Clauses) -> Clauses:
            return lambda chance: f"{field}:{made(chance)}"

        def without(made: Clauses) -> Clauses:
            return lambda chance: f"-{made(chance)}"

        plain: list[Clauses] = [
            word_of(stops),
            word_of(frequent),
            word_of(frequent[:40]),
            unknown,
            prefix,
            nested,
            phrase(stops[:30]),
            phrase(stops[:10], frequent[:20]),
            phrase(frequent),
            hyphenated,
        ]
        names_of = [named("title", word_of(stops[:5])), named("title", word_of(names))]
        names_of += [named("title", phrase(stops[:5], names)), named("author", word_of(stops[:5]))]
        self._kinds = [*plain, *names_of, *map(without, [*plain, *names_of])]
        self._plain = plain

    def alike(self, chance: Random) -> Iterator[str]:
        """Yield a query of each kind of clause alone, after one word that is searched for."""
        for kind in self._kinds:
            yield self._filled([kind], chance)

    def mixed(self, chance: Random) -> str:
        """Return a query of some kinds of clauses."""
        kinds = [chance.choice(self._plain), *chance.sample(self._kinds, chance.randrange(1, 4))]
        return self._filled(kinds, chance)

    def _filled(self, kinds: list[Clauses], chance: Random) -> str:
        made = self._plain[2](chance)
        while True:
            longer = f"{made} {chance.choice(kinds)(chance)}"
            if len(longer) > LENGTH:
                return made
            made = longer


class PostingsRead:
    """Counts the postings that are read at most, as the queries come to the index.

    It takes nothing from the estimates that a search makes: each word of a query counts all of its
    postings; each word of a phrase, and each of several conditions, so many as the rarest has; a
    word that is excluded no more than there are passages that may be found.
    """

    _FIELDS = TEXT, PAIRS, ACROSS, TITLE, AUTHOR, BOOK, PASSAGE
    _PHRASE = re.compile(r"PhraseQuery \{.*?\], slop")
    _CONDITION = re.compile(r"\(Must, Const\(score=0, query=TermQuery\(Term\(.*?\)\)\)\)")
    _EXCLUDED = re.compile(r"\(MustNot, TermQuery\(Term\(.*?\)\)\)")
    _ENDS = re.compile(r'\(Must, TermQuery\(Term\(field=(2), type=Str, "([^"]*)"\)\)\)')
    _WORD = re.compile(r'Term\(field=(\d), type=Str, "([^"]*)"\)')

    def __init__(self, patched: pytest.MonkeyPatch) -> None:
        self.count = 0
        for name in ("best", "in_order", "count", "count_by_book"):
            patched.setattr(PassageIndex, name, self._counting(getattr(PassageIndex, name)))
        postings = Index.postings

        def of_books(index: Index, term: Term) -> object:
            self.count += sum(end - start for start, end in filter(None, term.postings))
            return postings(index, term)

        patched.setattr(Index, "postings", of_books)

    def _counting(self, method: Callable[..., object]) -> Callable[..., object]:
        def counted(index: PassageIndex, query: Query, *rest: object, **named: object) -> object:
            self.count += self._postings(index, repr(query))
            return method(index, query, *rest, **named)

        return counted

    def _postings(self, index: PassageIndex, query: str) -> int:
        def frequencies(words: Iterable[tuple[str, str]]) -> list[int]:
            return [index.frequency(word, self._FIELDS[int(field)]) for field, word in words]

        def taken(pattern: re.Pattern[str]) -> list[str]:
            nonlocal query
            found = pattern.findall(query)
            query = pattern.sub("", query)
            return found

        if ends := self._ENDS.findall(query):
            return sum(frequencies(ends)) * (1 + len(self._WORD.findall(query)))
        phrases = [frequencies(self._WORD.findall(phrase)) for phrase in taken(self._PHRASE)]
        conditions = frequencies(self._WORD.findall(" ".join(taken(self._CONDITION))))
        excluded = frequencies(self._WORD.findall(" ".join(taken(self._EXCLUDED))))
        words = self._WORD.findall(query)
        of_text = {word for word in words if self._FIELDS[int(word[0])] in (TEXT, PAIRS)}
        found = min([sum(frequencies(of_text)) + sum(map(min, phrases)), *conditions])
        read = sum(frequencies(words)) + sum(min(each, found) for each in excluded)
        return read + sum(len(each) * min(each) for each in [*phrases, conditions] if each)
