"""Where indexes lie, and how one takes another's place.

`index/CURRENT` names the folder of the published index beside it. A new one is written under
another name, made durable, and then named in CURRENT by one atomic rename, so that a kill at any
moment leaves the old index or none. Writers take turns by a lock on `index/LOCK`.
"""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gutenberg_explorer.index.layout import (
    FILES,
    MANIFEST,
    IndexDamaged,
    IndexMissing,
    Manifest,
    UnusableIndex,
    file_entry,
    sync,
)
from gutenberg_explorer.index.reader import Index, read_manifest

_CURRENT = "CURRENT"
_UNFINISHED = "unfinished-"


class IndexStore:
    """The indexes under one data directory."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / "index"

    def _current(self) -> Path:
        try:
            name = (self.folder / _CURRENT).read_text("utf-8").strip()
        except FileNotFoundError:
            raise IndexMissing(f"{self.folder} holds no index") from None
        except (OSError, UnicodeDecodeError) as error:
            raise IndexDamaged(f"{_CURRENT} can't be read ({type(error).__name__})") from None
        if not name or "/" in name or name.startswith("."):
            raise IndexDamaged(f"{_CURRENT} names no index")
        return self.folder / name

    def manifest(self) -> Manifest:
        """Return the published index's manifest. Raises IndexMissing or IndexDamaged."""
        return read_manifest(self._current())

    def open(self) -> Index:
        """Check and open the published index. Raises IndexMissing or IndexDamaged."""
        folder = self._current()
        while True:
            try:
                return Index(folder)
            except UnusableIndex:
                # Another process may have published a new index and removed this one meanwhile.
                if (newer := self._current()) == folder:
                    raise
                folder = newer

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Wait for one's turn to write. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "LOCK").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def begin(self, generation: str) -> Path:
        """Return an empty folder to write an index to; the lock must be held. Raises OSError."""
        for left in self.folder.glob(_UNFINISHED + "*"):
            shutil.rmtree(left)
        folder = self.folder / (_UNFINISHED + generation)
        folder.mkdir()
        return folder

    def publish(self, folder: Path, manifest: Manifest) -> None:
        """Vouch for the files that were written to `folder` and make them the published index.

        Raises OSError.
        """
        manifest.files = {name: file_entry(folder / name) for name in FILES}
        (folder / MANIFEST).write_text(manifest.model_dump_json(), "utf-8")
        for name in (*FILES, MANIFEST):
            sync(folder / name)
        sync(folder)
        final = self.folder / manifest.generation
        folder.rename(final)
        renamed = self.folder / (_CURRENT + ".new")
        renamed.write_text(manifest.generation + "\n", "utf-8")
        sync(renamed)
        renamed.replace(self.folder / _CURRENT)
        sync(self.folder)
        for other in self.folder.iterdir():
            # Those who have it open keep it: a mapped file lives until it is let go.
            if other.is_dir() and other != final:
                shutil.rmtree(other, ignore_errors=True)
