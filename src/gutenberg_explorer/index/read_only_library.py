"""A library as it is published: what only reads it, and writes and downloads nothing."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from gutenberg_explorer.corpus import Shelf
from gutenberg_explorer.index.index_store import IndexStore
from gutenberg_explorer.index.layout import FORMAT
from gutenberg_explorer.index.library_folder import LibraryFolder
from gutenberg_explorer.index.manifest import (
    BookEntry,
    IndexDamaged,
    IndexMissing,
    Manifest,
    UnusableIndex,
)
from gutenberg_explorer.telemetry import link_to, span

if TYPE_CHECKING:
    from gutenberg_explorer.index.reader import Index

logger = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True)
class ReadOnlyLibrary:
    """The books that `shelves` stand for, the first that can be had, and their index in `store`.

    `shelf_of` makes the shelf that a setting means. Methods raise UnusableIndex, with a sentence
    that says what to do, unless they say something else.
    """

    store: IndexStore
    shelves: Sequence[Shelf]
    shelf_of: Callable[[str], Shelf]

    def folder(self) -> LibraryFolder:
        """Return the library of the first of the shelves that has one, else of the first."""
        folders = [self.store.library(shelf.spec) for shelf in self.shelves]
        return next((folder for folder in folders if folder.generations()), folders[0])

    def open(self) -> "Index":
        """Open the published index, or else the newest that is whole, with a notice.

        It may be of other books by now. Nothing is written or downloaded.
        """
        index, damage = self._explained(self.folder().open)
        self._say(damage)
        return index

    def contents(self) -> tuple[Manifest, list[BookEntry]]:
        """Return the manifest and the books of what `open` opens, without opening it."""
        manifest, books, damage = self._explained(self.folder().contents)
        self._say(damage)
        return manifest, books

    def check(self) -> "Index":
        """Return the published index, if it is complete and all of its files are sound."""
        return self._explained(self._sound, "gutenberg-explorer serve builds it anew.")

    def damage(self) -> list[str]:
        """Read all files of the index and all that was downloaded; return what is wrong.

        Nothing is written or downloaded.
        """
        index = self._explained(self.folder().open_current)
        specs = [entry.spec for entry in [index.manifest.shelf, *index.manifest.added]]
        return [
            *index.damage(),
            *self.store.choices.damage(),
            *(each for spec in specs for each in self.shelf_of(spec).damage()),
        ]

    def lags(self, manifest: Manifest) -> bool:
        """Return whether an index was made before the last additions and removals by hand."""
        return manifest.choices != self.store.choices.read(notice=False)

    def open_newer(self, index: "Index") -> "Index":
        """Open the published index of the library of `index`."""
        folder = self._folder_of(index)
        return self._traced(folder, lambda: (folder.open_current(), None))[0]

    def newer_than(self, index: "Index") -> str | None:
        """Return the name of the generation that was published after `index`, if one was."""
        return self._folder_of(index).newer_than(index)

    def _folder_of(self, index: "Index") -> LibraryFolder:
        return self.store.library(index.manifest.shelf.spec)

    def _traced(
        self, folder: LibraryFolder, open_: "Callable[[], tuple[Index, str | None]]"
    ) -> "tuple[Index, str | None]":
        links = []
        with suppress(UnusableIndex):
            built = folder.manifest()
            if built.trace_id and built.span_id:
                links = [link_to(built.trace_id, built.span_id)]
        with span("open_index", links=links) as opening:
            index, damage = open_()
            opening.set("index.generation", index.manifest.generation)
            opening.set("index.books_count", len(index.books))
            opening.set("index.bytes", index.size)
        return index, damage

    def _sound(self) -> "Index":
        index = self.folder().open_current()
        if not index.manifest.is_complete:
            raise IndexDamaged("it is not complete")
        index.check_rest()
        return index

    def _old_format(self) -> int | None:
        formats = (self.store.old_format(shelf.spec) for shelf in self.shelves)
        return next((each for each in formats if each), None)

    def _explained(
        self, open_: Callable[[], T], advice: str = "run gutenberg-explorer index build."
    ) -> T:
        """Open an index; what is wrong is a sentence that says what to do."""
        spec = self.folder().spec() or self.shelves[0].spec
        try:
            return open_()
        except IndexMissing:
            if found := self._old_format():
                raise IndexDamaged(
                    f"The index of {spec} has format {found}, and this version reads {FORMAT}: "
                    f"{advice}"
                ) from None
            raise IndexMissing(
                f"{self.store.folder} contains no index of {spec}: {advice}"
            ) from None
        except IndexDamaged as error:
            raise IndexDamaged(f"The index of {spec} can't be used ({error}): {advice}") from None

    def _say(self, damage: str | None) -> None:
        if damage:
            logger.warning("The index can't be used: %s.", damage)
