"""How often a known book is found: queries with judged answers, over the 18 books.

`judged.tsv` holds queries as people type them (quotations, characters, places, themes) and the ids
of the books that they mean. For each method: success@k is the share of queries with such a book
among the first k results, MRR the mean of 1 / rank of the first one (0 where there is none).
"""

import csv
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.runtime.open_library import open_library
from gutenberg_explorer.search import METHODS
from gutenberg_explorer.settings import Settings
from tests.searching import search

JUDGED = Path(__file__).with_name("judged.tsv")


@dataclass(frozen=True)
class Query:
    """A query and the ids of the books that answer it."""

    text: str
    books: frozenset[str]


def judged() -> list[Query]:
    """Return the queries with their answers."""
    with JUDGED.open(encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return [Query(row["query"], frozenset(row["books"].split())) for row in rows]


def rank(index: Index, method: str, query: Query) -> int | None:
    """Return the place of the first right book, from 1, or None."""
    hits = search(index, query.text, method=method).hits
    return next((n for n, hit in enumerate(hits, 1) if hit.id in query.books), None)


def measure(index: Index, method: str) -> tuple[float, float, float]:
    """Return success@1, success@5 and MRR."""
    ranks = [rank(index, method, query) for query in judged()]
    found = [place for place in ranks if place]
    return (
        sum(place == 1 for place in found) / len(ranks),
        sum(place <= 5 for place in found) / len(ranks),
        sum(1 / place for place in found) / len(ranks),
    )


def run() -> list[str]:
    """Return the lines of a table of all methods."""
    corpus = os.environ.get("GUTENBERG_EXPLORER_TEST_CORPUS")
    shelf = f"directory:{corpus}" if corpus else "nltk"
    with tempfile.TemporaryDirectory() as folder:
        index = open_library(Settings(data_dir=Path(folder), shelf=shelf)).build()
        table = ["| method | success@1 | success@5 | MRR |", "|---|---|---|---|"]
        for method in METHODS:
            first, five, mean = measure(index, method)
            table.append(f"| `{method}` | {first:.2f} | {five:.2f} | {mean:.2f} |")
    return table
