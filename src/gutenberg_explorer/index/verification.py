"""Comparing the files of an index with the checksums in its manifest.

Invariants can't tell a letter from another, so each byte is read once after opening. How fast that
goes decides when. `AT_OPENING` bytes take a tenth of a second where the system has them in its
cache: an index up to this size is compared before it answers anything. Of a larger one the small
files are, and the rest is compared while it already answers (`runtime/index_check.py`). Its first
answers may then come from a damaged file, but not without a notice afterwards.

Checksums of blocks, compared when a block is first read, would find damage before any answer. But
tantivy reads its files itself, and the arrays are mapped, so that nobody sees a first read.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gutenberg_explorer.index.damage import damage_in, require
from gutenberg_explorer.index.files import checksum
from gutenberg_explorer.index.manifest import FileEntry

AT_OPENING = 256 * 1024 * 1024
_THREADS = 2

Files = Mapping[Path, FileEntry]


def check_sizes(files: Files) -> None:
    """Check that all files are there, with their published sizes. Raises IndexDamaged."""
    for path, entry in files.items():
        with damage_in(path.name):
            size = path.stat().st_size
        require(size == entry.bytes, path.name, "does not have its published size")


def check_sum(path: Path, entry: FileEntry, after: Callable[[int], None] = lambda _: None) -> None:
    """Read a file and compare its checksum. Raises IndexDamaged.

    `after` is called with the number of bytes of each block that has been read.
    """
    with damage_in(path.name):
        found = checksum(path, after)
    require(found == entry.crc32, path.name, "does not match its checksum")


def check_sums(files: Files) -> None:
    """Read all files and compare their checksums, in several threads. Raises IndexDamaged."""
    with ThreadPoolExecutor(_THREADS, "checksums") as threads:
        for _ in threads.map(check_sum, files, files.values()):
            pass


def shared_out(files: Files, at_opening: int) -> tuple[Files, Files]:
    """Return the files to be compared on opening, of so many bytes at most, and the others.

    The small ones come first: they say what the large ones contain.
    """
    now: dict[Path, FileEntry] = {}
    later: dict[Path, FileEntry] = {}
    for path, entry in sorted(files.items(), key=lambda file: file[1].bytes):
        at_opening -= entry.bytes
        (now if at_opening >= 0 else later)[path] = entry
    return now, later
