"""The query language: words, "phrases", -without, author:…, title:…, and prefix*."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from gutenberg_explorer.index.analysis import STOP_WORDS, query_words
from gutenberg_explorer.search.results import Notice

Field = Literal["text", "author", "title"]

_FIELDS: dict[str, Field] = {"text": "text", "author": "author", "title": "title"}
MIN_PREFIX = 2

_MARKS = '"“”„«»'
# Inside straight quotation marks curly ones belong to the text, and the other way round.
_PHRASE = '"(?P<straight>[^"]*)"|[“”„«»](?P<curly>[^“”„«»]*)[“”„«»]'
_PART = re.compile(
    rf"""(?P<minus>[-\N{{MINUS SIGN}}](?=[^\s\-\N{{MINUS SIGN}}]))?
        (?:(?P<field>author|title):\s*)?
        (?:{_PHRASE}|(?P<word>[^\s{_MARKS}]+))""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One demand of a query: folded words that follow one another, or the beginning of a word."""

    words: tuple[str, ...]
    field: Field = "text"
    is_prefix: bool = False
    is_excluded: bool = False


@dataclass(frozen=True)
class Query:
    """A parsed query, and what was made of it where it could not be taken as it stands.

    `order_counts` says whether a passage gains that has the words in their order.
    """

    clauses: tuple[Clause, ...]
    notices: tuple[Notice, ...] = ()
    order_counts: bool = True

    @cached_property
    def text_clauses(self) -> tuple[Clause, ...]:
        """What the text is searched for.

        Stop words are left out, unless they stand in phrases or there is nothing else.
        """
        found = [c for c in self.clauses if c.field == "text" and not c.is_excluded]
        telling = [c for c in found if not is_stop_clause(c)]
        return tuple(dict.fromkeys(telling or found))

    @cached_property
    def name_clauses(self) -> tuple[Clause, ...]:
        """What the titles and the authors of books are searched for."""
        found = (c for c in self.clauses if c.field != "text" and not c.is_excluded)
        return tuple(dict.fromkeys(found))

    @cached_property
    def excluded_clauses(self) -> tuple[Clause, ...]:
        """What no passage may match."""
        return tuple(dict.fromkeys(c for c in self.clauses if c.is_excluded))

    @cached_property
    def running_words(self) -> tuple[str, ...]:
        """All plain words that the text is searched for in their order, stop words included.

        There are none where their order does not count.
        """
        if not self.order_counts:
            return ()
        return tuple(
            word
            for c in self.clauses
            if c.field == "text" and not c.is_excluded and not c.is_prefix
            for word in c.words
        )


def is_stop(word: str) -> bool:
    """Return whether a folded word says nothing of what is looked for."""
    return word in STOP_WORDS


def is_stop_clause(clause: Clause) -> bool:
    """Return whether a clause is a stop word alone."""
    return len(clause.words) == 1 and not clause.is_prefix and is_stop(clause.words[0])


def _literally(text: str) -> Query:
    # Words that come again too: they count where the order of all words does.
    words = query_words(text)
    return Query(tuple(Clause((word,)) for word in words), ("searched_literally",))


def _clauses(text: str, notices: list[Notice]) -> list[Clause] | None:
    """Return the clauses of a query, or None where its signs make no sense."""
    clauses: list[Clause] = []
    end = 0
    for part in _PART.finditer(text):
        if text[end : part.start()].strip():
            return None
        end = part.end()
        field = _FIELDS[(part["field"] or "text").lower()]
        word = part["word"]
        phrase = part["curly"] if part["straight"] is None else part["straight"]
        words = tuple(query_words(phrase if word is None else word))
        # *Words* with more than one are set in italics or bold.
        is_prefix = word is not None and word.endswith("*") and word.count("*") == 1
        if not words:
            if part["field"] or part["minus"] or phrase is not None or is_prefix:
                return None
            continue  # a dash between words, or another sign that is no word
        if is_prefix and (len(words) > 1 or field != "text"):
            return None
        if is_prefix and len(words[0]) < MIN_PREFIX:
            notices.append("prefix_too_short")
            is_prefix = False
        clauses.append(Clause(words, field, is_prefix, part["minus"] is not None))
    return None if text[end:].strip() else clauses


def parse(text: str) -> Query:
    """Return what a query asks for.

    Where its signs make no sense, such as a quotation mark without its partner or nothing but
    exclusions, all of its words are searched for as they stand, and a notice says so.
    """
    notices: list[Notice] = []
    clauses = _clauses(text, notices)
    if clauses is None or (clauses and all(clause.is_excluded for clause in clauses)):
        return _literally(text)
    return Query(tuple(clauses), tuple(dict.fromkeys(notices)))
