"""What a published index says of itself, and what is wrong with one that can't be used."""

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict

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
    """One segment: the number that its books' keys begin with, and how many books it holds."""

    number: int
    books: int
    files: dict[str, FileEntry]

    @property
    def name(self) -> str:
        """The name of the segment's folder."""
        return f"segment-{self.number}"


class ShelfEntry(BaseModel):
    """A shelf that the books come from, and what told then whether it has changed."""

    spec: str
    fingerprint: str


class Manifest(BaseModel):
    """What an index says of itself.

    `shelf` is the one that the settings asked for, None as long as not all of its books are here;
    `added` are the shelves that were added by hand, `removed` the ids of the books that were taken
    out by hand, `skipped` why books of the shelves are not here.
    """

    format: int = FORMAT
    generation: str
    created: str
    trace_id: str | None = None
    span_id: str | None = None
    shelf: ShelfEntry | None = None
    added: list[ShelfEntry] = []
    removed: list[str] = []
    skipped: dict[str, str] = {}
    books_count: int
    segments: list[SegmentEntry]
    files: dict[str, FileEntry] = {}

    @property
    def size(self) -> int:
        """The size of all files in bytes."""
        own = sum(entry.bytes for entry in self.files.values())
        return own + sum(f.bytes for segment in self.segments for f in segment.files.values())


def read_choices(folder: Path) -> tuple[list[ShelfEntry], list[str]]:
    """Return what was added and removed by hand, as far as a manifest can be read.

    It may be one of another version, whose index can't be used.
    """
    try:
        said = json.loads((folder / MANIFEST).read_bytes())
        added = [ShelfEntry.model_validate(entry) for entry in said.get("added", [])]
        return added, [str(book_id) for book_id in said.get("removed", [])]
    except (OSError, ValueError, AttributeError, TypeError):
        return [], []


def read_manifest(folder: Path) -> Manifest:
    """Return a folder's manifest. Raises IndexMissing or IndexDamaged."""
    try:
        said = json.loads((folder / MANIFEST).read_bytes())
        found = said.get("format") if isinstance(said, dict) else None
        if isinstance(found, int) and found != FORMAT:
            raise IndexDamaged(f"its manifest has format {found}, this version reads {FORMAT}")
        return Manifest.model_validate(said)
    except FileNotFoundError:
        raise IndexMissing(f"{folder} contains no index") from None
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"the manifest can't be read ({type(error).__name__})") from None
