"""Keeping segments few: small ones become one, and those of which most was removed go.

Every segment costs each look-up of a word a search of its own. The books are indexed again from
the text that the index holds; each takes part a number of times that grows with the logarithm of
the library at most, because what becomes large is left alone.
"""

from gutenberg_explorer import telemetry
from gutenberg_explorer.corpus import Book, BookFile
from gutenberg_explorer.index.generation import Generation
from gutenberg_explorer.index.indexing import Task, take
from gutenberg_explorer.index.layout import TEXT
from gutenberg_explorer.index.manifest import BookEntry, SegmentEntry
from gutenberg_explorer.index.writer import SegmentWriter

MANY = 8


def _stored(entry: BookEntry, text: str) -> tuple[Task, Book]:
    book = Book(
        id=entry.id,
        title=entry.title,
        author=entry.author,
        year=entry.year,
        language=entry.language,
        text=text,
        source=entry.source,
        rights=entry.rights,
        url=entry.url,
    )
    file = BookFile(entry.id, entry.source, text.encode, version=entry.version)
    return Task(file, entry.shelf), book


def _worn(generation: Generation, size: int) -> list[SegmentEntry]:
    """Return the segments to be replaced: many small ones, and those that are mostly empty."""
    there = generation.segments()
    small = [entry for entry, _ in there if entry.files[TEXT].bytes * MANY < size]
    sparse = [entry for entry, books in there if books * 2 < entry.books]
    return [e for e, _ in there if e in sparse or (len(small) >= MANY and e in small)]


def compact(generation: Generation, size: int) -> None:
    """Replace worn segments by one. Those above an eighth of `size` bytes of text are not small.

    Raises OSError.
    """
    worn = _worn(generation, size)
    if not worn:
        return
    begun = generation.begin_segments(1)
    ((number, folder),) = begun
    with SegmentWriter(folder) as writer:
        for entry, text in generation.stored(worn):
            generation.add(number, take(writer, *_stored(entry, text), telemetry.now()))
        writer.finish()
    generation.finish_segments(begun)
