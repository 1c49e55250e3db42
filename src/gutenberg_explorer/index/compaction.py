"""Keeping segments few: small ones become one, and those of which most was removed go.

Every segment costs each look-up of a word a search of its own. The books are indexed again from
the text that the index holds; each takes part a number of times that grows with the logarithm of
the library at most, because what becomes large is left alone.
"""

from collections.abc import Iterator

from gutenberg_explorer import telemetry
from gutenberg_explorer.corpus import Book, BookFile
from gutenberg_explorer.index.build_memory import BuildMemory
from gutenberg_explorer.index.generation import Generation
from gutenberg_explorer.index.indexing import Task, take
from gutenberg_explorer.index.layout import TEXT
from gutenberg_explorer.index.manifest import BookEntry, SegmentEntry
from gutenberg_explorer.index.writer import SegmentFull, SegmentWriter

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


def _rewrite(
    generation: Generation, books: Iterator[tuple[BookEntry, str]], memory: BuildMemory
) -> bool:
    """Write the next books to a segment, as many as have room; return whether that is all."""
    begun = generation.begin_segments(1)
    ((number, folder),) = begun
    with SegmentWriter(folder, memory.segment(1), takes_one=True) as writer:
        is_all = True
        for entry, text in books:
            try:
                indexed = take(writer, *_stored(entry, text), telemetry.now())
            except SegmentFull:
                is_all = False
                break
            generation.add(number, indexed)
            del indexed, text
        writer.finish()
    generation.finish_segments(begun)
    return is_all


def compact(generation: Generation, memory: BuildMemory) -> None:
    """Replace worn segments by one, or by as many as `memory` asks for.

    Those that have more than an eighth of a round's bytes of text are not small. Raises OSError.
    """
    worn = _worn(generation, memory.round)
    while worn and not _rewrite(generation, generation.stored(worn), memory):
        # The books that have a new place are no longer among those of the worn segments.
        pass
