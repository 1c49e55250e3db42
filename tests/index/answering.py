"""A process that opens libraries as `serve` does, and says what they answer.

It reads a data directory a line, and writes an object a line: what the library there answers, the
generation that answers it, and the warnings. A hang or an end of it is noticed from outside. With
`--large` only small files are compared on opening, as in a large index, and it answers after the
rest has been checked.
"""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any
from unittest.mock import patch

from gutenberg_explorer.index import Library, reader
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.index.verification import shared_out
from gutenberg_explorer.runtime.index_check import IndexCheck
from gutenberg_explorer.search import METHODS, BookSearchRequest, Budget
from gutenberg_explorer.search.local.in_book import search_in_book
from tests.libraries import library_of
from tests.searching import search

_LITTLE = 200_000
"""How many bytes of a large index are compared when it is opened."""

QUERIES = [
    "whale",
    '"white whale"',
    "the of and",
    "sea* -storm",
    "author:sea love",
    "mære garden",
    "wale",
    "love grows in the garden",
]
SLICES = [(0, 80), (1_000, 1_100), (4_090, 4_100), (50_000, 50_100), (0, 1_000_000)]


def _answers(index: Index) -> Iterator[Any]:
    yield [book.model_dump() for book in index.books]
    for query in QUERIES:
        for method in METHODS:
            for sort in ("relevance", "title"):
                yield asdict(search(index, query, method=method, sort=sort))
    for number, book in enumerate(index.books):
        for query in QUERIES[:5]:
            request = BookSearchRequest(query=query, book=book.id, limit=5)
            yield asdict(search_in_book(index, request, Budget()))
        yield [asdict(heading) for heading in index.contents(number)]
        yield [index.text(number, *bounds) for bounds in SLICES]


class _Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def _opened(library: Library) -> Index:
    index, _ = library.open_or_build()
    IndexCheck(library, lambda: index).check()
    return library.open_newer(index) if library.newer_than(index) else index


def main(spec: str, *options: str) -> None:
    """Answer for each data directory with a library of the shelf that `spec` means."""
    warnings = _Warnings()
    logging.getLogger("gutenberg_explorer").addHandler(warnings)
    little: Any = patch.object(reader, "shared_out", lambda files, _: shared_out(files, _LITTLE))
    with little if "--large" in options else nullcontext():
        for line in sys.stdin:
            warnings.said.clear()
            index = _opened(library_of(spec, Path(line.rstrip("\n"))))
            found = {
                "answers": list(_answers(index)),
                "generation": index.manifest.generation,
                "warnings": warnings.said,
            }
            sys.stdout.write(json.dumps(found) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
