"""Files of an index: mapped, read by pieces, linked, made durable and checked."""

import mmap
import os
import shutil
import weakref
import zlib
from pathlib import Path

_WORTH_MAPPING = 128 * 1024


def map_bytes(path: Path) -> mmap.mmap | bytes:
    """Map a file into memory, read-only; a small one is read. Raises OSError.

    A mapping holds a file descriptor, and small segments may be many.
    """
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size < _WORTH_MAPPING:
            return file.read()
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


class Bytes:
    """A file to be read by pieces from anywhere in it, by many threads.

    The pieces that are read stay no part of the process's memory, as those of a mapping would; a
    small file is read at once. Raises OSError.
    """

    def __init__(self, path: Path) -> None:
        self._whole = path.read_bytes() if path.stat().st_size < _WORTH_MAPPING else None
        if self._whole is None:
            self._descriptor = os.open(path, os.O_RDONLY)
            weakref.finalize(self, os.close, self._descriptor)

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes from `start` to `end`. Raises OSError."""
        if self._whole is not None:
            return self._whole[start:end]
        return os.pread(self._descriptor, end - start, start)


def link(old: Path, new: Path) -> None:
    """Make `new` a copy of `old`, sharing the files, which tantivy never changes but replaces.

    Raises OSError.
    """
    new.mkdir()
    for path in old.iterdir():
        if path.suffix == ".lock":
            continue
        if path.suffix == ".json":
            shutil.copyfile(path, new / path.name)
            continue
        try:
            os.link(path, new / path.name)
        except OSError:  # a file system without hard links
            shutil.copyfile(path, new / path.name)


def checksum(path: Path) -> int:
    """Return the CRC-32 of a file. Raises OSError."""
    crc = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            crc = zlib.crc32(block, crc)
    return crc


def sync(path: Path) -> None:
    """Make a file or a folder's list of files outlive a power cut. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
