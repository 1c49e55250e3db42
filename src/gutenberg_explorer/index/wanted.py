"""What a library is to hold: the books of its shelf and of those that were added by hand.

A shelf that can't be had just now keeps the books that the index has of it.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from gutenberg_explorer import corpus
from gutenberg_explorer.corpus import BookFile, CorpusError, Shelf, UnreadableBook
from gutenberg_explorer.index.choices import Choices
from gutenberg_explorer.index.indexing import Task
from gutenberg_explorer.index.manifest import BookEntry, Manifest, ShelfEntry
from gutenberg_explorer.index.reader import Index

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _KeptShelf:
    """A shelf that can't be had just now: of its books those that an index has."""

    name: str
    spec: str
    known_fingerprint: str
    books: Sequence[BookEntry]

    def fingerprint(self) -> str:
        return self.known_fingerprint

    def files(self) -> Iterator[BookFile]:
        for book in self.books:
            yield BookFile(book.id, book.source, self._read, version=book.version)

    def _read(self) -> bytes:
        raise UnreadableBook("its shelf is not available")

    def damage(self) -> list[str]:
        return []


@dataclass(frozen=True)
class Wanted:
    """The books of `shelf` and of the shelves `added`, without those that `choices` remove."""

    shelf: Shelf
    added: Sequence[Shelf]
    choices: Choices

    def tasks(self) -> list[Task]:
        """Return all books; of two with one id the first shelf's. Raises CorpusError."""
        found: dict[str, Task] = {}
        for shelf in [self.shelf, *self.added]:
            for file in shelf.files():
                if file.id in found and found[file.id].shelf != shelf.spec:
                    logger.warning(
                        "The book %s is on two shelves. The copy from %s is skipped.",
                        file.id,
                        shelf.spec,
                    )
                    continue
                if file.id not in self.choices.removed:
                    found[file.id] = Task(file, shelf.spec)
        return list(found.values())

    def manifest(self, previous: str | None) -> Manifest:
        """Return the manifest of an index of which nothing is there yet. Raises CorpusError."""
        fingerprints = {shelf.spec: shelf.fingerprint() for shelf in self.added}
        return Manifest(
            generation="",
            created="",
            shelf=ShelfEntry(spec=self.shelf.spec),
            previous=previous,
            added=[
                ShelfEntry(spec=spec, fingerprint=fingerprints.get(spec))
                for spec in self.choices.added
            ],
            removed=sorted(self.choices.removed),
            books_count=0,
            segments=[],
        )


def available(shelves: Sequence[Shelf], base: Index | None, *, may_keep: bool) -> Shelf:
    """Return the first of the shelves that can be had, or else what `base` has of its own.

    Raises CorpusError when there is none, and where `base` may not keep its books.
    """
    try:
        return corpus.choose(list(shelves))
    except CorpusError as error:
        kept = _kept(base.manifest.shelf.spec, base) if base and may_keep else None
        if kept is None:
            raise
        logger.warning("%s The existing books of %s are kept.", error, kept.spec)
        return kept


def added_shelves(
    choices: Choices, shelf_of: Callable[[str], Shelf], base: Index | None, *, may_keep: bool
) -> list[Shelf]:
    """Return the added shelves that can be had, and what `base` has of the others.

    Raises CorpusError where `base` has books of one that can't be had, and may not keep them.
    """
    found = []
    for spec in choices.added:
        try:
            found.append(corpus.choose([shelf_of(spec)]))
        except CorpusError as error:
            kept = _kept(spec, base) if base else None
            if kept is None:
                logger.warning("%s The books of %s are left out.", error, spec)
            elif may_keep:
                logger.warning("%s The existing books of %s are kept.", error, spec)
                found.append(kept)
            else:
                raise
    return found


def _kept(spec: str, base: Index) -> _KeptShelf | None:
    books = [book for book in base.books if book.shelf == spec]
    entries = [base.manifest.shelf, *base.manifest.added]
    known = [e.fingerprint for e in entries if e.spec == spec and e.fingerprint is not None]
    return _KeptShelf(books[0].source, spec, known[0], books) if books and known else None
