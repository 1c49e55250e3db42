"""Where indexes lie, and how one takes another's place.

`index/CURRENT` names the folder of the published generation beside it, whose manifest names the
segments, `index/segment-…`, that its books lie in. Generations share segments. What is new is
written under another name, made durable, and then named in CURRENT by one atomic rename, so that a
kill at any moment leaves the old index or none. Writers take turns by a lock on `index/LOCK`.
"""

import fcntl
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gutenberg_explorer.index.files import checksum, link, sync
from gutenberg_explorer.index.layout import BOOKS, FILES, PASSAGES
from gutenberg_explorer.index.manifest import (
    MANIFEST,
    BookEntry,
    FileEntry,
    IndexDamaged,
    IndexMissing,
    Manifest,
    SegmentEntry,
    UnusableIndex,
    read_manifest,
)

if TYPE_CHECKING:
    from gutenberg_explorer.index.reader import Index

_CURRENT, _LOCK = "CURRENT", "LOCK"
_UNFINISHED = "unfinished-"


def _entry(path: Path) -> FileEntry:
    """Make a file durable and return its size and checksum. Raises OSError."""
    sync(path)
    return FileEntry(bytes=path.stat().st_size, crc32=checksum(path))


class IndexStore:
    """The indexes under one data directory. Methods raise OSError when the disk fails."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / "index"

    def current(self) -> Path:
        """Return the folder of the published index. Raises IndexMissing or IndexDamaged."""
        try:
            name = (self.folder / _CURRENT).read_text("utf-8").strip()
        except FileNotFoundError:
            raise IndexMissing(f"{self.folder} contains no index") from None
        except (OSError, UnicodeDecodeError) as error:
            raise IndexDamaged(f"{_CURRENT} can't be read ({type(error).__name__})") from None
        if not name or "/" in name or "\0" in name or name.startswith("."):
            raise IndexDamaged(f"{_CURRENT} names no index")
        return self.folder / name

    def manifest(self) -> Manifest:
        """Return the published index's manifest. Raises IndexMissing or IndexDamaged."""
        return read_manifest(self.current())

    def contents(self) -> tuple[Manifest, list[BookEntry]]:
        """Return the published index's manifest and its books, without opening what is searched.

        Raises IndexMissing or IndexDamaged.
        """
        folder = self.current()
        manifest = read_manifest(folder)
        try:
            lines = (folder / BOOKS).read_bytes().splitlines()
            return manifest, [BookEntry.model_validate_json(line) for line in lines]
        except (OSError, ValueError) as error:
            raise IndexDamaged(f"{BOOKS} can't be read ({type(error).__name__})") from None

    def open(self) -> "Index":
        """Open the published index. Raises IndexMissing or IndexDamaged."""
        # What only lists or publishes need not load numpy and tantivy.
        from gutenberg_explorer.index.reader import Index  # noqa: PLC0415

        folder = self.current()
        while True:
            try:
                return Index(folder)
            except UnusableIndex:
                # Another process may have published a new index and removed this one meanwhile.
                if (newer := self.current()) == folder:
                    raise
                folder = newer

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Wait for one's turn to write. A failure leaves nothing unfinished behind."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / _LOCK).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            try:
                yield
            except BaseException:
                with suppress(OSError):
                    self._clear()
                raise

    def begin(self, generation: str, base: str | None = None) -> Path:
        """Return a folder to write a generation to; the lock must be held.

        It holds the passages of the generation `base`, or nothing.
        """
        self._clear()
        folder = self.folder / (_UNFINISHED + generation)
        folder.mkdir()
        if base is not None:
            link(self.folder / base / PASSAGES, folder / PASSAGES)
        return folder

    def unused_segment(self) -> int:
        """Return a number that is greater than that of any segment here."""
        taken = (path.name.rpartition("-")[2] for path in self.folder.glob("segment-*"))
        return max(map(int, taken), default=0) + 1

    def begin_segments(self, numbers: list[int]) -> list[Path]:
        """Return empty folders to write segments with these numbers to.

        They have names of their own, lest a process that outlives a killed run write there too.
        """
        run = secrets.token_hex(3)
        folders = [self.folder / f"{_UNFINISHED}segment-{number}-{run}" for number in numbers]
        for folder in folders:
            folder.mkdir()
        return folders

    def finish_segment(self, folder: Path, number: int, books: int) -> SegmentEntry:
        """Vouch for what was written to a segment's folder and give it its name."""
        files = {name: _entry(folder / name) for name in FILES}
        sync(folder)
        entry = SegmentEntry(number=number, books=books, files=files)
        folder.rename(self.folder / entry.name)
        return entry

    def publish(self, folder: Path, manifest: Manifest, base: Manifest | None = None) -> None:
        """Vouch for what was written to a generation's folder and make it the published index.

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
        (folder / MANIFEST).write_text(manifest.model_dump_json(), "utf-8")
        sync(folder / MANIFEST)
        folder.rename(self.folder / manifest.generation)
        renamed = self.folder / (_CURRENT + ".new")
        renamed.write_text(manifest.generation + "\n", "utf-8")
        sync(renamed)
        sync(self.folder)
        renamed.replace(self.folder / _CURRENT)
        sync(self.folder)
        self._clear()

    def _clear(self) -> None:
        """Remove what the published index does not need; the lock must be held.

        Those who have it open keep it: a mapped file lives until it is let go.
        """
        found = [path for path in self.folder.iterdir() if path.name not in (_CURRENT, _LOCK)]
        try:
            manifest = self.manifest()
            kept = {manifest.generation, *(segment.name for segment in manifest.segments)}
        except IndexMissing:
            kept = set()
        except IndexDamaged:  # perhaps it can just not be read now: it stays until there is another
            kept = {path.name for path in found if not path.name.startswith(_UNFINISHED)}
        for path in found:
            if path.name in kept:
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()

    def newer_than(self, index: "Index") -> str | None:
        """Return the name of the published generation if it is not that of `index`."""
        try:
            name = self.current().name
        except UnusableIndex:
            return None
        return name if name != index.manifest.generation else None
