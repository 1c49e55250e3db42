"""What a published index says of itself, and what is wrong with one that can't be used."""

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from gutenberg_explorer.index.checked_json import read_checked, write_checked
from gutenberg_explorer.index.choices import Choices
from gutenberg_explorer.index.layout import FORMAT

MANIFEST = "manifest.json"


class UnusableIndex(Exception):
    """An index can't be used; the message says why."""


class IndexMissing(UnusableIndex):
    """There is no index."""


class IndexDamaged(UnusableIndex):
    """An index is not what was published, or was published by another version."""


class BookEntry(BaseModel):
    """One book of the library.

    `source` is the kind of shelf it came from, `shelf` the setting that means this shelf, and
    `version` what tells whether it has changed there.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    title: str
    author: str | None
    year: int | None
    language: str
    source: str
    shelf: str
    version: str
    rights: str | None
    url: str | None
    word_count: int
    character_count: int


class FileEntry(BaseModel):
    """Size and CRC-32 of one file."""

    bytes: int
    crc32: int


class SegmentEntry(BaseModel):
    """One segment: the number that its books' keys begin with, and how many books it holds.

    `name` is that of its folder: a hash of its files. Another index may give the same segment
    another number.
    """

    number: int
    name: str
    books: int
    files: dict[str, FileEntry]


class ShelfEntry(BaseModel):
    """A shelf that books come from, and what told then whether it has changed.

    There is no `fingerprint` as long as not all of its books are here.
    """

    spec: str
    fingerprint: str | None = None


class Manifest(BaseModel):
    """What an index says of itself.

    `shelf` is the one that the library is named after; `added` are the shelves that were added by
    hand, `removed` the ids of the books that were taken out by hand, `skipped` why books of the
    shelves are not here. `previous` is the last generation before this one that had all books of
    its shelf: it is kept to fall back on.
    """

    format: int = FORMAT
    generation: str
    created: str
    trace_id: str | None = None
    span_id: str | None = None
    shelf: ShelfEntry
    previous: str | None = None
    added: list[ShelfEntry] = []
    removed: list[str] = []
    skipped: dict[str, str] = {}
    books_count: int
    segments: list[SegmentEntry]
    files: dict[str, FileEntry] = {}

    @property
    def is_complete(self) -> bool:
        """Whether all books of the shelf were here when it was published."""
        return self.shelf.fingerprint is not None

    @property
    def last_complete(self) -> str | None:
        """The generation itself if it is complete, else the last that was."""
        return self.generation if self.is_complete else self.previous

    @property
    def choices(self) -> Choices:
        """What the reader had added and removed by hand when it was published."""
        added = tuple(entry.spec for entry in self.added)
        return Choices(added=added, removed=frozenset(self.removed))

    @property
    def size(self) -> int:
        """The size of all files in bytes."""
        own = sum(entry.bytes for entry in self.files.values())
        return own + sum(f.bytes for segment in self.segments for f in segment.files.values())


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest to a folder. Raises OSError."""
    write_checked(folder / MANIFEST, manifest.model_dump_json())


def read_manifest(folder: Path) -> Manifest:
    """Return a folder's manifest. Raises IndexDamaged."""
    try:
        said = json.loads(read_checked(folder / MANIFEST))
        found = said.get("format")
        if isinstance(found, int) and found != FORMAT:
            raise IndexDamaged(f"its manifest has format {found}, this version reads {FORMAT}")
        return Manifest.model_validate(said)
    except OSError as error:
        raise IndexDamaged(f"the manifest can't be read ({error.strerror})") from None
    except (ValueError, RecursionError) as error:
        raise IndexDamaged(f"the manifest is damaged ({type(error).__name__})") from None
