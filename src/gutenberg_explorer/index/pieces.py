"""A file of an index that is read by pieces, as the books' text is."""

import os
import weakref
from pathlib import Path

from gutenberg_explorer.index.damage import damage_in
from gutenberg_explorer.index.files import WORTH_MAPPING
from gutenberg_explorer.index.manifest import IndexDamaged


class Bytes:
    """A file to be read by pieces from anywhere in it, by many threads.

    The pieces that are read stay no part of the process's memory, as those of a mapping would; a
    small file is read at once. Raises IndexDamaged, as the methods do, when it can't be read.
    """

    def __init__(self, path: Path) -> None:
        self.name = path.name
        with damage_in(self.name):
            self._size = path.stat().st_size
            self._whole = path.read_bytes() if self._size < WORTH_MAPPING else None
            if self._whole is None:
                self._descriptor = os.open(path, os.O_RDONLY)
                weakref.finalize(self, os.close, self._descriptor)

    def __len__(self) -> int:
        return self._size

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes from `start` to `end`."""
        if self._whole is not None:
            return self._whole[start:end]
        try:
            found = os.pread(self._descriptor, end - start, start)
        except OSError as error:
            raise IndexDamaged(f"{self.name} can't be read ({error.strerror})") from None
        if len(found) < end - start:
            raise IndexDamaged(f"{self.name} has become shorter")
        return found

    def text(self, start: int, end: int) -> str:
        """Return the bytes from `start` to `end` as UTF-8."""
        try:
            return self.read(start, end).decode()
        except UnicodeDecodeError:
            raise IndexDamaged(f"{self.name} is not UTF-8 from byte {start} to {end}") from None
