"""The indexes of a data directory: its libraries, and the segments that they share.

What is new is written under another name, made durable, and then named in a file CURRENT by one
atomic rename, so that a kill at any moment leaves the old index or none. Writers take turns by a
lock on `index/LOCK`. `index/CURRENT` names the library that was served last.
"""

import fcntl
import json
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gutenberg_explorer.disk_errors import naming
from gutenberg_explorer.index.choices import ChoicesFile
from gutenberg_explorer.index.files import checksum, link, replace, sync
from gutenberg_explorer.index.layout import FORMAT, LIBRARIES, PASSAGES, SEGMENTS
from gutenberg_explorer.index.library_folder import CURRENT, LibraryFolder, stem_of
from gutenberg_explorer.index.manifest import (
    MANIFEST,
    FileEntry,
    IndexMissing,
    Manifest,
    write_manifest,
)
from gutenberg_explorer.index.segment_store import UNFINISHED, SegmentStore

if TYPE_CHECKING:
    from gutenberg_explorer.index.reader import Index

_LOCK = "LOCK"
_OWN = (CURRENT, _LOCK, LIBRARIES, SEGMENTS)


def _entry(path: Path) -> FileEntry:
    """Make a file durable and return its size and checksum. Raises OSError."""
    sync(path)
    return FileEntry(bytes=path.stat().st_size, crc32=checksum(path))


class IndexStore:
    """The indexes under one data directory. Methods raise OSError when the disk fails."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / "index"
        self.segments = SegmentStore(self.folder)
        self.choices = ChoicesFile(data_dir, self._manifests)

    def library(self, spec: str) -> LibraryFolder:
        """Return the library of the shelf that a setting means; it may not be there yet."""
        return LibraryFolder.of(self.folder / LIBRARIES, spec)

    def libraries(self) -> list[LibraryFolder]:
        """Return all libraries that are there, also those of other formats, by name."""
        found = (self.folder / LIBRARIES).glob("*")
        libraries = [LibraryFolder(path) for path in sorted(found) if path.is_dir()]
        return [library for library in libraries if library.generations()]

    def last(self) -> LibraryFolder:
        """Return the library that was served last. Raises IndexMissing when there is none.

        It is named in CURRENT; where this names none, a server was started on it last, or its
        generation is the newest.
        """
        there = [library for library in self.libraries() if library.format == FORMAT]
        name = self._named().split("/")[0]
        for library in there:
            if library.name == name:
                return library
        if not there:
            raise IndexMissing(f"{self.folder} contains no index of this version's format")

        def age(library: LibraryFolder) -> tuple[float, str]:
            served = library.served()
            return (served.timestamp() if served else 0, library.generations()[0].name)

        return max(there, key=age)

    def last_shelf(self) -> str | None:
        """Return the setting that means the shelf of the library that was served last.

        It may be one of the old layout. None where none was served, or it can't be told which.
        """
        if self.names_old():
            return self.old_shelves()[self._named()][0]
        with suppress(IndexMissing):
            return self.last().spec()
        return None

    def names_old(self) -> bool:
        """Return whether an index of the old layout was served last."""
        return self._named() in self.old_shelves()

    def names_last(self) -> bool:
        """Return whether CURRENT names an index that is there."""
        library = LibraryFolder(self.folder / LIBRARIES / self._named().partition("/")[0])
        return self.names_old() or (library.format == FORMAT and bool(library.generations()))

    def _named(self) -> str:
        """Return what CURRENT says, nothing where it can't be read."""
        with suppress(OSError):
            return (self.folder / CURRENT).read_bytes().decode("utf-8", "replace").strip()
        return ""

    def old_format(self, spec: str) -> int | None:
        """Return the format of an index of this shelf that another version has left, if any."""
        for library in self.libraries():
            if library.format != FORMAT and library.name.startswith(stem_of(spec) + "."):
                return library.format
        return dict(self.old_shelves().values()).get(spec)

    def old_shelves(self) -> dict[str, tuple[str, int]]:
        """Return shelf and format of each generation of the old layout, by its name.

        Before format 5 there was one library, whose generations lay in `index/`.
        """
        found = {}
        for path in self.folder.glob(f"*/{MANIFEST}"):
            with suppress(OSError, ValueError, RecursionError, KeyError, TypeError):
                manifest = json.loads(path.read_bytes())
                found[path.parent.name] = str(manifest["shelf"]["spec"]), int(manifest["format"])
        return found

    def old_paths(self) -> list[Path]:
        """Return what lies here of the old layout."""
        try:
            return sorted(path for path in self.folder.iterdir() if self._is_old(path))
        except FileNotFoundError:
            return []

    def _is_old(self, path: Path) -> bool:
        return path.name not in _OWN and not path.name.startswith((UNFINISHED, f"{CURRENT}."))

    def open(self) -> "Index":
        """Open the index that was served last. Raises IndexMissing or IndexDamaged."""
        return self.last().open()[0]

    def manifest(self) -> Manifest:
        """Return its manifest. Raises IndexMissing or IndexDamaged."""
        return self.last().manifest()

    @contextmanager
    def lock(self, *, wait: bool = True) -> Iterator[None]:
        """Wait for one's turn to write. A failure leaves nothing unfinished behind.

        Raises BlockingIOError, which is an OSError, where it is somebody's turn and not to `wait`.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / _LOCK).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            try:
                with naming(self.folder):
                    yield
            except BaseException:
                with suppress(OSError):
                    self.clear()
                raise

    def begin(self, generation: str, base: Path | None = None) -> Path:
        """Return a folder to write a generation to; the lock must be held.

        It holds the passages of the generation in the folder `base`, or nothing.
        """
        self.clear()
        folder = self.folder / (UNFINISHED + generation)
        folder.mkdir()
        if base is not None:
            link(base / PASSAGES, folder / PASSAGES)
        return folder

    def publish(self, folder: Path, manifest: Manifest, base: Manifest | None = None) -> None:
        """Vouch for what was written to a generation's folder and make it the published one.

        `base` is the manifest of the generation whose passages it began with.
        """
        known = base.files if base else {}
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_dir() or path.suffix == ".lock":
                continue
            # tantivy gives no two files one name, but for those that end in .json.
            unchanged = name in known and name.startswith(PASSAGES) and path.suffix != ".json"
            manifest.files[name] = known[name] if unchanged else _entry(path)
        for inner in (folder / PASSAGES, folder):
            sync(inner)
        write_manifest(folder, manifest)
        library = self.library(manifest.shelf.spec)
        library.publish(folder, manifest)
        if self.last().name == library.name:
            self.note_served(library, manifest.generation)
        for path in library.others(manifest):
            # Those who have it open may touch a folder of this name, and keep it from going.
            path.rename(self.folder / f"{UNFINISHED}{path.name}-{secrets.token_hex(3)}")
        self.clear()

    def note_served(self, library: LibraryFolder, generation: str) -> None:
        """Make a library the one that was served last."""
        line = f"{library.name}/{generation}\n".encode()
        with suppress(OSError):
            if (self.folder / CURRENT).read_bytes() == line:
                return
        replace(self.folder / CURRENT, line)

    def clear(self) -> None:
        """Remove what no library needs; the lock must be held.

        Those who have it open keep it: a mapped file lives until it is let go. Where a manifest
        can't be read just now, the segments stay.
        """
        for path in self.folder.glob(UNFINISHED + "*"):
            shutil.rmtree(path, ignore_errors=True)
        with suppress(OSError):
            self.segments.remove_unused(self._manifests())

    def _manifests(self) -> list[Path]:
        """Return the manifests of all generations of all libraries, and those of the old layout."""
        found = [
            *self.folder.glob(f"{LIBRARIES}/*/*/{MANIFEST}"),
            *(path for path in self.folder.glob(f"*/{MANIFEST}") if self._is_old(path.parent)),
        ]
        return sorted(path for path in found if path.is_file())
