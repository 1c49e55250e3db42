"""The files of one index: what each holds, and the manifest that vouches for them.

An index is a folder of plain little-endian arrays, made to be mapped into memory:

| file | holds |
|---|---|
| `text.utf8` | the books' texts, one after the other |
| `text_marks` | for each book, the byte at which every 1,024th character stands (in its text) |
| `passage_starts`, `passage_ends` | for each book, where its passages start and end (characters) |
| `terms.utf8`, `term_ends` | all terms in the order of their code points, and where each ends |
| `posting_ends` | for each term, where its postings end |
| `posting_book`, `posting_count` | book number and number of occurrences, a posting each |
| `posting_passage` | the passage of the book that is best for the term alone |
| `posting_positions` | where the posting's positions begin |
| `positions` | the offsets of the occurrences in characters, in ascending order |
| `norms` | the length of each book's TF-IDF vector |
| `manifest.json` | the books, how the index was made, and size and checksum of each file |
"""

import os
import zlib
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

# Raised whenever the files or the analysis of text change; an index of another format is rebuilt.
FORMAT = 1
MARK_EVERY = 1024
MANIFEST = "manifest.json"

ArrayName = Literal[
    "text_marks",
    "passage_starts",
    "passage_ends",
    "term_ends",
    "posting_ends",
    "posting_book",
    "posting_count",
    "posting_passage",
    "posting_positions",
    "positions",
    "norms",
]
DTYPES: dict[ArrayName, str] = {
    "text_marks": "<u4",
    "passage_starts": "<u4",
    "passage_ends": "<u4",
    "term_ends": "<u8",
    "posting_ends": "<u8",
    "posting_book": "<u4",
    "posting_count": "<u4",
    "posting_passage": "<u4",
    "posting_positions": "<u8",
    "positions": "<u4",
    "norms": "<f8",
}
TEXT, TERMS = "text.utf8", "terms.utf8"
FILES: tuple[str, ...] = (TEXT, TERMS, *DTYPES)


class UnusableIndex(Exception):
    """An index can't be used; the message says why."""


class IndexMissing(UnusableIndex):
    """There is no index."""


class IndexDamaged(UnusableIndex):
    """An index is not what was published, or was published by another version."""


class BookEntry(BaseModel):
    """One book in the manifest. `…_start` and `…_end` are ranges of the files they name."""

    model_config = ConfigDict(frozen=True)

    id: str
    title: str
    author: str | None
    year: int | None
    language: str
    source: str
    word_count: int
    character_count: int
    text_start: int
    text_end: int
    marks_start: int
    passages_start: int
    passages_end: int


class FileEntry(BaseModel):
    """Size and CRC-32 of one file."""

    bytes: int
    crc32: int


class Manifest(BaseModel):
    """What an index says of itself."""

    format: int
    generation: str
    source: str
    fingerprint: str
    created: str
    trace_id: str | None
    span_id: str | None
    books: list[BookEntry]
    skipped: dict[str, str]
    files: dict[str, FileEntry]


def array(folder: Path, name: ArrayName) -> NDArray[Any]:
    """Map one array into memory, read-only. Raises OSError."""
    path = folder / name
    if path.stat().st_size == 0:
        return np.empty(0, DTYPES[name])
    return np.memmap(path, DTYPES[name], "r").view(np.ndarray)


def numbers(folder: Path, name: ArrayName) -> "memoryview[int]":
    """Map one array of whole numbers for looking single ones up, which is faster than by NumPy.

    Raises OSError.
    """
    return array(folder, name).data


def write_array(folder: Path, name: ArrayName, values: NDArray[Any]) -> None:
    """Write one array. Raises OSError."""
    with (folder / name).open("wb") as file:
        values.astype(DTYPES[name], copy=False).tofile(file)


def file_entry(path: Path) -> FileEntry:
    """Return size and checksum of a file. Raises OSError."""
    checksum = size = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            checksum = zlib.crc32(block, checksum)
            size += len(block)
    return FileEntry(bytes=size, crc32=checksum)


def sync(path: Path) -> None:
    """Make a file or a folder's list of files outlive a power cut. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
