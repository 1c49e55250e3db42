"""The files of one segment: what each holds.

A segment is a folder of plain little-endian arrays that holds some books of the library. It is
written once, never changed, and made to be mapped into memory. Books are numbered in it from 0.

| file | holds |
|---|---|
| `text.utf8` | the books' texts, one after the other |
| `text_ends` | for each book, the byte at which its text ends |
| `text_lengths` | for each book, the length of its text in characters |
| `text_marks` | for each book, the byte at which every 1,024th character stands (in its text) |
| `mark_ends` | for each book, where its marks end |
| `passage_starts`, `passage_ends` | where passages start and end (characters, in their book) |
| `passage_bytes` | for each passage, the bytes of its book's text at which it starts and ends |
| `book_passages` | for each book, where its passages end among all |
| `contents.json`, `contents_ends` | for each book, its headings, and the byte at which they end |
| `terms.utf8`, `term_ends` | all terms in the order of their code points, and where each ends |
| `term_hashes` | for each term, a number of 64 bits that stands for it in any segment |
| `posting_ends` | for each term, where its postings end |
| `posting_book`, `posting_count` | book number and number of occurrences, a posting each |
| `posting_passage` | the passage of the book that is best for the term alone |
| `posting_positions` | where the posting's positions begin |
| `positions` | the offsets of the occurrences in characters, in ascending order |
"""

import mmap
import os
import weakref
import zlib
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

# Raised whenever the files or the analysis of text change; an index of another format is rebuilt.
FORMAT = 3
MARK_EVERY = 1024
_WORTH_MAPPING = 128 * 1024

ArrayName = Literal[
    "text_ends",
    "text_lengths",
    "text_marks",
    "mark_ends",
    "passage_starts",
    "passage_ends",
    "passage_bytes",
    "book_passages",
    "contents_ends",
    "term_ends",
    "term_hashes",
    "posting_ends",
    "posting_book",
    "posting_count",
    "posting_passage",
    "posting_positions",
    "positions",
]
DTYPES: dict[ArrayName, str] = {
    "text_ends": "<u8",
    "text_lengths": "<u4",
    "text_marks": "<u4",
    "mark_ends": "<u4",
    "passage_starts": "<u4",
    "passage_ends": "<u4",
    "passage_bytes": "<u4",
    "book_passages": "<u4",
    "contents_ends": "<u8",
    "term_ends": "<u8",
    "term_hashes": "<u8",
    "posting_ends": "<u8",
    "posting_book": "<u4",
    "posting_count": "<u4",
    "posting_passage": "<u4",
    "posting_positions": "<u8",
    "positions": "<u4",
}
TEXT, TERMS, CONTENTS = "text.utf8", "terms.utf8", "contents.json"
FILES: tuple[str, ...] = (TEXT, TERMS, CONTENTS, *DTYPES)


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


def map_array(path: Path, dtype: str) -> NDArray[Any]:
    """Map an array into memory, read-only. Raises OSError, ValueError when it is cut short."""
    return np.frombuffer(map_bytes(path), dtype)


def write_array(path: Path, values: NDArray[Any], dtype: str) -> None:
    """Write an array. Raises OSError."""
    with path.open("wb") as file:
        values.astype(dtype, copy=False).tofile(file)


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
