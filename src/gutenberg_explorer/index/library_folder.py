"""The folder of one library: its generations, one of which is the published one.

`CURRENT` names it. The generation before it stays, to fall back on. `SHELF` says whose books these
are, and `SERVED` is held by the servers of the library and as old as the last start of one.
"""

import fcntl
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from gutenberg_explorer.index.damage import damage_in, require
from gutenberg_explorer.index.files import checksum, replace
from gutenberg_explorer.index.layout import BOOKS, FORMAT
from gutenberg_explorer.index.manifest import (
    BookEntry,
    IndexDamaged,
    IndexMissing,
    Manifest,
    UnusableIndex,
    read_manifest,
)

if TYPE_CHECKING:
    from gutenberg_explorer.index.reader import Index

CURRENT = "CURRENT"
_SHELF, _SERVED = "SHELF", "SERVED"
_NAME = re.compile(r"(?P<stem>.*-[0-9a-f]{12})\.(?P<format>[0-9]{1,9})", re.DOTALL)

_CHANGED = "does not match its checksum"

T = TypeVar("T")


def stem_of(spec: str) -> str:
    """Return what the names of a shelf's libraries begin with, those of all formats."""
    readable = re.sub("[^a-z0-9]+", "-", spec.lower()).strip("-")[:40].strip("-")
    return f"{readable}-{hashlib.sha256(os.fsencode(spec)).hexdigest()[:12]}"


class LibraryFolder:
    """One library in its folder. Raises OSError when the disk fails."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        named = _NAME.fullmatch(folder.name)
        self.stem = named["stem"] if named else folder.name
        self.format = int(named["format"]) if named else 0

    @classmethod
    def of(cls, libraries: Path, spec: str) -> "LibraryFolder":
        """Return the library of the shelf that a setting means, in this version's format."""
        return cls(libraries / f"{stem_of(spec)}.{FORMAT}")

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self.folder.name

    def generations(self) -> list[Path]:
        """Return the folders of all generations, the newest first."""
        try:
            found = [path for path in self.folder.iterdir() if path.is_dir()]
        except OSError:
            return []
        return sorted(found, key=lambda path: path.name, reverse=True)

    def spec(self) -> str | None:
        """Return the setting that means the library's shelf, None when all of it is damaged."""
        with suppress(OSError, UnicodeError):
            spec = os.fsdecode((self.folder / _SHELF).read_bytes()).removesuffix("\n")
            if stem_of(spec) == self.stem:
                return spec
        for generation in self.generations():
            with suppress(UnusableIndex):
                return read_manifest(generation).shelf.spec
        return None

    def served(self) -> datetime | None:
        """Return when a server was last started on the library."""
        with suppress(OSError):
            return datetime.fromtimestamp((self.folder / _SERVED).stat().st_mtime, UTC)
        return None

    def is_in_use(self) -> bool:
        """Return whether a server has the library open."""
        with suppress(OSError), (self.folder / _SERVED).open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def hold(self) -> Callable[[], None]:
        """Mark the library as in use; return what ends it. A folder may be read-only."""
        try:
            file = (self.folder / _SERVED).open("ab")
            os.utime(file.fileno())
        except OSError:
            return lambda: None
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_SH)
        return file.close

    def current(self) -> Path:
        """Return the folder of the published generation. Raises IndexMissing or IndexDamaged."""
        try:
            name = (self.folder / CURRENT).read_bytes().decode("ascii").strip()
        except FileNotFoundError:
            if not self.generations():
                raise IndexMissing(f"{self.folder} contains no index") from None
            raise IndexDamaged(f"{CURRENT} is missing") from None
        except (OSError, UnicodeDecodeError) as error:
            raise IndexDamaged(f"{CURRENT} can't be read ({type(error).__name__})") from None
        if not re.fullmatch(r"\w[\w.-]{0,99}", name):
            raise IndexDamaged(f"{CURRENT} names no index")
        return self.folder / name

    def manifest(self) -> Manifest:
        """Return the published generation's manifest. Raises IndexMissing or IndexDamaged."""
        return self._follow(self._manifest)

    def _manifest(self, generation: Path) -> Manifest:
        manifest = read_manifest(generation)
        if stem_of(manifest.shelf.spec) != self.stem or manifest.generation != generation.name:
            raise IndexDamaged(f"{generation.name} belongs to another library")
        return manifest

    def open_current(self) -> "Index":
        """Open the published generation. Raises IndexMissing or IndexDamaged."""
        return self._follow(self._open)

    def open(self) -> "tuple[Index, str | None]":
        """Open the published generation, or the newest that is whole.

        Returns also what is wrong with the published one, if anything. Raises IndexMissing, or
        IndexDamaged when none is whole.
        """
        return self._newest(self._open)

    def open_sound(self) -> "tuple[Index, str | None]":
        """Open the published generation, or the newest of which all checksums match, as `open`."""
        return self._newest(self._open_sound)

    def contents(self) -> tuple[Manifest, list[BookEntry], str | None]:
        """Return what `open` would open: its manifest, its books, and what is wrong.

        What is searched is not opened. Raises IndexMissing, or IndexDamaged.
        """
        (manifest, books), problem = self._newest(self._contents)
        return manifest, books, problem

    def _open(self, generation: Path) -> "Index":
        # What only lists or publishes need not load numpy and tantivy.
        from gutenberg_explorer.index.reader import Index  # noqa: PLC0415

        self._manifest(generation)
        with damage_in(generation.name):
            return Index(generation)

    def _open_sound(self, generation: Path) -> "Index":
        index = self._open(generation)
        index.check_rest()
        return index

    def _contents(self, generation: Path) -> tuple[Manifest, list[BookEntry]]:
        manifest = self._manifest(generation)
        with damage_in(BOOKS):
            require(checksum(generation / BOOKS) == manifest.files[BOOKS].crc32, BOOKS, _CHANGED)
            lines = (generation / BOOKS).read_bytes().splitlines()
            return manifest, [BookEntry.model_validate_json(line) for line in lines]

    def _follow(self, read: Callable[[Path], T]) -> T:
        """Read the published generation, and a newer one where this is removed meanwhile."""
        generation = self.current()
        while True:
            try:
                return read(generation)
            except UnusableIndex:
                if (newer := self.current()) == generation:
                    raise
                generation = newer

    def _newest(self, read: Callable[[Path], T]) -> tuple[T, str | None]:
        try:
            return self._follow(read), None
        except IndexDamaged as error:
            damage = error
        for generation in self.generations():
            with suppress(UnusableIndex):
                return read(generation), f"{damage}. Generation {generation.name} is used"
        raise damage

    def publish(self, written: Path, manifest: Manifest) -> None:
        """Take in a generation that was written and vouched for, and make it the published one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.spec() != manifest.shelf.spec:
            replace(self.folder / _SHELF, os.fsencode(manifest.shelf.spec) + b"\n")
        written.rename(self.folder / manifest.generation)
        self.point_to(manifest.generation)

    def point_to(self, generation: str) -> None:
        """Make a generation the published one."""
        replace(self.folder / CURRENT, generation.encode() + b"\n")

    def others(self, manifest: Manifest) -> Iterator[Path]:
        """Yield the generations that are neither a manifest's own nor what it falls back on."""
        for generation in self.generations():
            if generation.name not in (manifest.generation, manifest.previous):
                yield generation

    def newer_than(self, index: "Index") -> str | None:
        """Return the name of the published generation if it is not that of `index`."""
        try:
            name = self.current().name
        except UnusableIndex:
            return None
        return name if name != index.manifest.generation else None
