"""What queries cost that are made to be expensive, over 240 books: time, and postings counted.

Raises ValueError when one passes the deadline of a search or reads more than its limit.
"""

import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import shelves
from benchmarks.growth import QUERIES, SHELF_VARIABLE
from benchmarks.quality import judged
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.runtime.open_library import open_library
from gutenberg_explorer.search import BookSearchRequest, Budget, SearchRequest, perform_search
from gutenberg_explorer.search.budget import MAX_POSTINGS
from gutenberg_explorer.search.local.local_engine import LocalEngine
from gutenberg_explorer.settings import Settings
from tests.costly_queries import CostlyQueries, PostingsRead

MIXED = 100
SEED = 240

_ALL_OF_A_BOOK = 500
REQUESTS: dict[str, dict[str, Any]] = {
    "`bm25`": {"method": "bm25"},
    "`bm25`, results 141 to 240": {"method": "bm25", "limit": 100, "offset": 140},
    "`bm25`, 100 results by title": {"method": "bm25", "limit": 100, "sort": "title"},
    "`bm25`, of some authors": {"method": "bm25", "limit": 100, "author": "a"},
    "`tfidf`": {"method": "tfidf", "limit": 100},
}
HEADER = [
    "| queries | search | time: median, maximum | postings read, at most | partial |",
    "|---|---|---|---|---|",
]


def _measured(
    index: Index, queries: list[str], request: dict[str, Any] | None, reads: PostingsRead
) -> str:
    """Search for each query, and return the cells of its row; None means inside a book."""
    deadline = float(Settings.model_fields["search_deadline"].default)
    engine = LocalEngine(index)
    longest = max(index.books, key=lambda book: book.word_count).id
    seconds, read, partial = [], [], 0
    for query in queries:
        reads.count = 0
        budget = Budget(deadline)
        began = time.perf_counter()
        if request is None:
            wanted = BookSearchRequest(query=query, book=longest, limit=_ALL_OF_A_BOOK)
            engine.search_in_book(wanted, budget)
        else:
            perform_search(engine, SearchRequest(query=query, **request), budget)
        seconds.append(time.perf_counter() - began)
        read.append(reads.count)
        partial += budget.is_cut
        if seconds[-1] > deadline or reads.count > MAX_POSTINGS:
            raise ValueError(f"{seconds[-1]:.2f} s and {reads.count} postings: {query}")
    times = f"{statistics.median(seconds) * 1000:.0f} ms, {max(seconds) * 1000:.0f} ms"
    return f"{times} | {max(read):,} | {partial} of {len(queries)}"


def _rows(index: Index) -> Iterator[str]:
    chance = random.Random(SEED)
    made = CostlyQueries(index)
    costly = [*made.alike(chance), *(made.mixed(chance) for _ in range(MIXED))]
    usual = [*QUERIES, *(query.text for query in judged())]
    with pytest.MonkeyPatch.context() as patched:
        reads = PostingsRead(patched)
        for name, queries in (("made to be expensive", costly), ("as people type them", usual)):
            for what, request in [*REQUESTS.items(), ("inside the longest book", None)]:
                yield f"| {name} | {what} | {_measured(index, queries, request, reads)} |"


def run() -> list[str]:
    """Return the lines of a table; an empty one where there is no shelf of 240 books."""
    archive = os.environ.get(SHELF_VARIABLE)
    if not archive:
        print(f"The limits are not measured: {SHELF_VARIABLE} names no shelf of 240.")
        return HEADER
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shelf = shelves.unpack(Path(archive), folder / "books")
        settings = Settings(data_dir=folder / "data", shelf=f"directory:{shelf}")
        return [*HEADER, *_rows(open_library(settings).build())]
