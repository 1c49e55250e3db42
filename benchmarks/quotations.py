"""Ten words in a row, drawn from anywhere in the books of an index, and whether they are found.

A quotation may go on past the end of a line, a paragraph or a passage. It is searched for as a
reader copies it, with the punctuation between its words and the marks within them. Where it stands
in several books any of them is right.
"""

import random
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from gutenberg_explorer.index.analysis import TOKEN, fold, query_words
from gutenberg_explorer.index.reader import Index
from tests.searching import search

WORDS = 10
_REACH = 1_000
_PARAGRAPH = re.compile(r"\n\s*\n")

# What an engine finds for a query, the best first: the texts that it shows of each book.
Engine = Callable[[str], Sequence[Sequence[str]]]


@dataclass(frozen=True)
class Quotation:
    """Words as they stand in a book, on one line."""

    text: str

    def stands_in(self, text: str) -> bool:
        """Return whether a text has the same words in a row, whatever is between them."""
        return f" {' '.join(query_words(self.text))} " in f" {' '.join(query_words(text))} "


def draw(index: Index, count: int, seed: int) -> Iterator[Quotation]:
    """Yield quotations, each from a place chosen at random in a book chosen at random."""
    chance = random.Random(seed)
    while count:
        book = chance.randrange(len(index.books))
        start = chance.randrange(index.books[book].character_count)
        text = index.text(book, start, start + _REACH)
        words = list(TOKEN.finditer(fold(text)))[1 : WORDS + 1]  # the first may be part of a word
        if len(words) == WORDS:
            count -= 1
            yield Quotation(" ".join(text[words[0].start() : words[-1].end()].split()))


@dataclass(frozen=True)
class Score:
    """Of how many quotations one is found, and for how many the first text of the first book."""

    found: int
    first: int


def score_of(engine: Engine, quotations: Sequence[Quotation], form: str) -> Score:
    """Return how many quotations an engine finds that are typed as `form` says."""
    found = first = 0
    for quotation in quotations:
        shown = engine(form.format(quotation.text))
        found += any(quotation.stands_in(text) for texts in shown for text in texts)
        first += bool(shown) and quotation.stands_in(shown[0][0])
    return Score(found, first)


def ours(index: Index) -> Engine:
    """Return the search of an index by `bm25`."""

    def engine(query: str) -> list[list[str]]:
        hits = search(index, query, method="bm25").hits
        return [[passage.text for passage in hit.passages] for hit in hits]

    return engine


def fts5(index: Index) -> Engine:
    """Return SQLite's full-text search over the paragraphs of the same books, ranked by its bm25.

    It has the stems of words, as the index has. What is not in quotation marks finds paragraphs
    with all of the words, which is what FTS5 makes of words side by side.
    """
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIRTUAL TABLE paragraphs USING fts5(text, tokenize='porter unicode61')"
    )
    for book, entry in enumerate(index.books):
        paragraphs = _PARAGRAPH.split(index.text(book, 0, entry.character_count))
        database.executemany("INSERT INTO paragraphs VALUES (?)", zip(paragraphs, strict=True))

    def engine(query: str) -> list[list[str]]:
        words = " ".join(query_words(query))
        # Its own language has no use for the signs between words.
        asked = f'"{words}"' if query.startswith('"') else " ".join(f'"{w}"' for w in words.split())
        rows = database.execute(
            "SELECT text FROM paragraphs WHERE paragraphs MATCH ? ORDER BY rank LIMIT 20", (asked,)
        )
        return [[text] for (text,) in rows]

    return engine
