"""Indexes of given texts, made without a shelf."""

import tempfile
from collections.abc import Collection
from pathlib import Path

from gutenberg_explorer.corpus import Book, BookFile
from gutenberg_explorer.index import IndexStore
from gutenberg_explorer.index.generation import Generation
from gutenberg_explorer.index.indexing import Task, take
from gutenberg_explorer.index.manifest import Manifest, ShelfEntry
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.index.writer import SegmentWriter

HEAP = 15_000_000


def scratch() -> "tempfile.TemporaryDirectory[str]":
    """Return a folder for indexes, which is removed at the end of a `with` block.

    A thread that tantivy starts on opening an index may still make a lock in it by then.
    """
    return tempfile.TemporaryDirectory(ignore_cleanup_errors=True)


def book_id(number: int) -> str:
    """Return the id of the book with this number, so that ids are in the order of numbers."""
    return f"book-{number:03}"


def make_index(
    folder: Path,
    texts: list[str],
    *,
    base: Index | None = None,
    first: int = 0,
    segments: int = 1,
    without: Collection[int] = (),
) -> Index:
    """Return an open index of books with these texts, numbered from `first`.

    It goes on from `base`, leaving out the books `without`. Texts are taken as they are: they have
    no boilerplate, and may even be empty.
    """
    store = IndexStore(folder)
    with store.lock():
        generation = Generation(store, base, HEAP)
        for number in without:
            generation.remove(book_id(number))
        books = [
            Book(book_id(number), f"Book {number}", None, None, "en", text, "test")
            for number, text in enumerate(texts, first)
        ]
        for share in [books[place::segments] for place in range(segments)]:
            numbered = generation.begin_segments(1)
            ((number, path),) = numbered
            with SegmentWriter(path) as writer:
                for book in share:
                    task = Task(BookFile(book.id, "test", book.text.encode), "test")
                    generation.add(number, take(writer, task, book, 0))
                writer.finish()
            generation.finish_segments(numbered)
        shelf = ShelfEntry(spec="test", fingerprint="test")
        generation.publish(
            Manifest(generation="", created="", shelf=shelf, books_count=0, segments=[]),
            generation.norms(),
        )
    return store.open()
