"""A library: the books of a shelf, those added by hand, and the published index of them all.

Each shelf has a library of its own in a data directory. What the reader adds and removes by hand
holds for all of them: a library that was published before is brought up to date when it is served.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gutenberg_explorer import corpus
from gutenberg_explorer.corpus import CorpusError, Progress, no_progress
from gutenberg_explorer.index.choices import Choices
from gutenberg_explorer.index.layout import FORMAT
from gutenberg_explorer.index.library_folder import LibraryFolder
from gutenberg_explorer.index.manifest import (
    IndexDamaged,
    IndexMissing,
    Manifest,
    UnusableIndex,
)
from gutenberg_explorer.index.read_only_library import ReadOnlyLibrary
from gutenberg_explorer.telemetry import measured

if TYPE_CHECKING:
    from gutenberg_explorer.index.reader import Index

logger = logging.getLogger(__name__)

# What indexing may use of memory where nothing else is said, in bytes.
DEFAULT_MEMORY = 768 * 1024 * 1024


def _sentence(error: CorpusError | OSError) -> str:
    if isinstance(error, CorpusError):
        return str(error)
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}."


@dataclass(frozen=True)
class Library(ReadOnlyLibrary):
    """A library that is built and changed as well.

    What builds or changes it raises CorpusError when books can't be had, and OSError when the disk
    fails. `memory` is what indexing may use, in bytes.
    """

    progress: Progress = no_progress
    memory: int = DEFAULT_MEMORY

    def open_or_build(self) -> "tuple[Index, bool]":
        """Return an index of the books, and whether it was built now.

        One that is published and of these books is opened, and no network is used. Another is
        brought up to date; a damaged or outdated one is built anew, with a notice. One that can't
        be brought up to date is opened as it is, with a notice.
        """
        if index := self._open_fitting(notice=True):
            return index, False
        try:
            with self.store.lock():
                # Another process may have built it while this one waited for its turn.
                if index := self._open_fitting(notice=False):
                    return index, False
                return self._update(self._base(), may_keep=True), True
        except (CorpusError, OSError) as error:
            with suppress(UnusableIndex):
                index, _ = self.folder().open()
                if index.manifest.is_complete:
                    logger.warning("%s The index is used as it is.", _sentence(error))
                    return index, False
            raise

    def build(self) -> "Index":
        """Index all books anew, publish and return the index."""
        with self.store.lock():
            return self._update(self._base(), anew=True)

    def update(self) -> "Index":
        """Index what is new or changed in all shelves, publish and return the index.

        Where the library's own shelf can't be had, the added ones are still updated, with a notice.
        """
        with self.store.lock():
            has_others = bool(self.store.choices.settle().added)
            return self._update(self._base(), may_keep=has_others)

    def add(self, specs: Sequence[str]) -> "Index":
        """Add the books of these shelves, to other libraries too when these are served."""
        with self.store.lock():
            before = self.store.choices.settle()
            shelves = [corpus.choose([self.shelf_of(spec)]) for spec in specs]
            asked = {file.id for shelf in shelves for file in shelf.files()}
            added = dict.fromkeys([*before.added, *(shelf.spec for shelf in shelves)])
            choices = Choices(added=tuple(added), removed=before.removed - asked)
            self.store.choices.write(choices)
            return self._update(self._base(), may_keep=True)

    def remove(self, book_ids: Sequence[str]) -> "Index":
        """Take books out, for good: an update does not bring them back, but adding them does.

        Raises CorpusError when the library has no such book, or would have none left.
        """
        with self.store.lock():
            base, _ = self._explained(self.folder().open_sound)
            for book_id in book_ids:
                if base.book_number(book_id) is None:
                    raise CorpusError(
                        f"The library has no book {book_id}: run corpus list to see its books."
                    )
            before = self.store.choices.settle()
            removed = before.removed | frozenset(book_ids)
            if all(book.id in removed for book in base.books):
                raise CorpusError("No book would be left: add others before you remove these.")
            emptied = {book.shelf for book in base.books}
            emptied -= {book.shelf for book in base.books if book.id not in removed}
            # A shelf that can't be had leaves the choices with the last of its books.
            added = [spec for spec in before.added if spec not in emptied or self._has(spec)]
            self.store.choices.write(Choices(added=tuple(added), removed=removed))
            return self._update(base, may_keep=True)

    def replace_damaged(self, index: "Index") -> None:
        """Publish a sound index in place of one that turned out to be damaged, with a notice.

        It is the newest generation that is sound. Where that has other books than it is to have, it
        is brought up to date, and where there is none, an index is built.
        """
        with self.store.lock():
            folder = self._folder_of(index)
            sound = self._base(folder)
            choices = self.store.choices.read(notice=False)
            if sound and self._outdated(sound.manifest, choices, notice=True) is None:
                folder.point_to(sound.manifest.generation)
            else:
                self._update(sound, may_keep=True)

    def hold(self, index: "Index") -> Callable[[], None]:
        """Note that the library of `index` is served, and return what ends that.

        It is the one that was served last from now on. Where nothing can be written, nothing is
        noted.
        """
        folder = self._folder_of(index)
        with suppress(OSError):
            self.store.note_served(folder, index.manifest.generation)
        return folder.hold()

    def _base(self, folder: LibraryFolder | None = None) -> "Index | None":
        """Return the newest index that more can be built on: all of its checksums match."""
        folder = folder or self.folder()
        try:
            index, damage = folder.open_sound()
        except IndexMissing:
            return None
        except IndexDamaged as error:
            logger.warning("The index can't be used: %s. It is rebuilt.", error)
            return None
        self._say(damage)
        return index

    def _has(self, spec: str) -> bool:
        try:
            corpus.choose([self.shelf_of(spec)])
        except CorpusError:
            return False
        return True

    def _update(
        self, base: "Index | None", *, anew: bool = False, may_keep: bool = False
    ) -> "Index":
        """Publish and return an index; the lock must be held.

        It begins with what `base` has, unless it is made `anew`. With `may_keep` the library's own
        shelf may be missing; then the books that `base` has of it are kept.
        """
        # Most starts open an index and make none.
        from gutenberg_explorer.index.update import update  # noqa: PLC0415
        from gutenberg_explorer.index.wanted import Wanted, added_shelves, available  # noqa: PLC0415

        choices = self.store.choices.settle()
        shelf = available(self.shelves, base, may_keep=may_keep)
        folder = self.store.library(shelf.spec)
        if not folder.generations() and (found := self.store.old_format(shelf.spec)):
            logger.warning(
                "The index has format %s, and this version reads %s. It is left in place, and "
                "another is built.",
                found,
                FORMAT,
            )
        if base and base.manifest.shelf.spec != shelf.spec:  # another of the shelves can be had
            base = self._base(folder)
        added = added_shelves(choices, self.shelf_of, base, may_keep=not anew)
        with measured("index.build.duration"):
            update(
                self.store,
                Wanted(shelf, added, choices),
                None if anew else base,
                self.progress,
                self.memory,
                previous=base.manifest.last_complete if base else None,
                # A whole index is never replaced by a part of it.
                in_rounds=not anew or base is None,
            )
        return folder.open_current()

    def _open_fitting(self, *, notice: bool) -> "Index | None":
        """Open the library's index if it has the books that it is to have."""
        folder = self.folder()
        try:
            folder.current()
        except IndexMissing:
            return None
        except IndexDamaged:
            pass  # the newest whole generation may do
        choices = self.store.choices.read(notice=notice)
        # What is wrong with one that is updated or rebuilt is said then.
        with suppress(UnusableIndex):
            index, damage = self._traced(folder, folder.open)
            problem = self._outdated(index.manifest, choices, notice=notice)
            if problem is None:
                self._say(damage)
                if damage:
                    self._forget_damaged(folder)
                return index
            if notice:
                logger.warning("The index %s.", problem)
        return None

    def _forget_damaged(self, folder: LibraryFolder) -> None:
        """Publish again the newest whole generation, which has all books, unless others write."""
        with suppress(OSError, UnusableIndex), self.store.lock(wait=False):
            index, damage = folder.open()
            if damage:
                folder.point_to(index.manifest.generation)

    def _outdated(self, manifest: Manifest, choices: Choices, *, notice: bool) -> str | None:
        """Return why an index has not the books that it is to have, None if it has them."""
        if not manifest.is_complete:
            return "is not complete. It is continued"
        if manifest.choices != choices:
            return "was built before books were added or removed. It is updated"
        (shelf,) = [each for each in self.shelves if each.spec == manifest.shelf.spec]
        try:
            if shelf.fingerprint() == manifest.shelf.fingerprint:
                return None
        except CorpusError as error:
            if notice:
                logger.warning("%s The existing books of %s are kept.", error, shelf.spec)
            return None
        return "contains other books than requested. It is updated"
