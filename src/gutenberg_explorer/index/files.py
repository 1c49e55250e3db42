"""Files of an index: mapped, linked, replaced, made durable and checked."""

import mmap
import os
import secrets
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path

WORTH_MAPPING = 128 * 1024
"""Below this size a file is read at once, in bytes."""
_BLOCK = 256 * 1024


def map_bytes(path: Path) -> mmap.mmap | bytes:
    """Map a file into memory, read-only; a small one is read. Raises OSError.

    A mapping holds a file descriptor, and small segments may be many.
    """
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size < WORTH_MAPPING:
            return file.read()
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


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


def checksum(path: Path, after: Callable[[int], None] = lambda _: None) -> int:
    """Return the CRC-32 of a file. Raises OSError.

    `after` is called with the number of bytes of each block that has been read.
    """
    crc = 0
    block = memoryview(bytearray(_BLOCK))
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(block):
            crc = zlib.crc32(block[:size], crc)
            after(size)
    return crc


def sync(path: Path) -> None:
    """Make a file or a folder's list of files outlive a power cut. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace(path: Path, data: bytes) -> None:
    """Give a file new contents, in one step that outlives a power cut. Raises OSError."""
    written = path.with_name(f"{path.name}.{secrets.token_hex(3)}.new")
    try:
        written.write_bytes(data)
        sync(written)
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)
    sync(path.parent)
