"""How often a known book is found: by queries with judged answers, and by quotations.

The queries are put to the 18 books, the quotations to the 240. `judged.tsv` holds queries as people
type them (quotations, characters, places, themes) and the ids of the books that they mean. For each
method: success@k is the share of queries with such a book among the first k results, MRR the mean
of 1 / rank of the first one (0 where there is none).
"""

import csv
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.growth import SHELF_VARIABLE
from benchmarks.quotations import draw, fts5, ours, score_of
from benchmarks.shelves import unpack
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.runtime.open_library import open_library
from gutenberg_explorer.search import METHODS
from gutenberg_explorer.settings import Settings
from tests.searching import search

JUDGED = Path(__file__).with_name("judged.tsv")
_QUOTATIONS = 200
_SEED = 15


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


def _small_shelf() -> str:
    corpus = os.environ.get("GUTENBERG_EXPLORER_TEST_CORPUS")
    return f"directory:{corpus}" if corpus else "nltk"


def run() -> list[str]:
    """Return the lines of a table of all methods."""
    with tempfile.TemporaryDirectory() as folder:
        index = open_library(Settings(data_dir=Path(folder), shelf=_small_shelf())).build()
        table = ["| method | success@1 | success@5 | MRR |", "|---|---|---|---|"]
        for method in METHODS:
            first, five, mean = measure(index, method)
            table.append(f"| `{method}` | {first:.2f} | {five:.2f} | {mean:.2f} |")
    return table


def quotations() -> list[str]:
    """Return the lines of a table of how many of 200 quotations are found, in two ways to type.

    They are of the shelf that GUTENBERG_EXPLORER_TEST_SHELF names, else of the 18 books.
    """
    archive = os.environ.get(SHELF_VARIABLE)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shelf = f"directory:{unpack(Path(archive), folder)}" if archive else _small_shelf()
        index = open_library(Settings(data_dir=folder / "data", shelf=shelf)).build()
        drawn = list(draw(index, _QUOTATIONS, _SEED))
        table = [
            f"| {len(drawn)} quotations from {len(index.books)} books | found | first |",
            "|---|---|---|",
        ]
        for engine_name, engine in (("`bm25`", ours(index)), ("SQLite FTS5", fts5(index))):
            for way, form in (("in quotation marks", '"{}"'), ("without", "{}")):
                score = score_of(engine, drawn, form)
                table.append(f"| {engine_name}, {way} | {score.found} | {score.first} |")
    return table
