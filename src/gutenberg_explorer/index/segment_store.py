"""Segments by their content: all libraries of a data directory share them.

A segment's folder has the name of a hash of its files, so that two builders never give one name to
different segments, and one that is there already is used again.
"""

import hashlib
import os
import re
import secrets
import shutil
import zlib
from collections.abc import Iterable
from pathlib import Path

from gutenberg_explorer.index.files import checksum, sync
from gutenberg_explorer.index.layout import FILES, SEGMENTS
from gutenberg_explorer.index.manifest import FileEntry, SegmentEntry

UNFINISHED = "unfinished-"
_NAME = re.compile(rb"[0-9a-f]{32}")


def _described(folder: Path) -> tuple[str, dict[str, FileEntry]]:
    """Return the hash of a segment's files, with size and checksum of each. Raises OSError."""
    named = hashlib.blake2b(digest_size=16)
    files = {}
    for name in FILES:
        crc = size = 0
        within = hashlib.blake2b()
        with (folder / name).open("rb") as file:
            while block := file.read(1 << 20):
                crc, size = zlib.crc32(block, crc), size + len(block)
                within.update(block)
        named.update(name.encode() + b"\0" + within.digest())
        files[name] = FileEntry(bytes=size, crc32=crc)
    return named.hexdigest(), files


def _is_sound(path: Path, entry: FileEntry) -> bool:
    try:
        return path.stat().st_size == entry.bytes and checksum(path) == entry.crc32
    except OSError:
        return False


class SegmentStore:
    """The segments in an index folder. The lock of the index is held. Methods raise OSError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._segments = folder / SEGMENTS

    def path(self, name: str) -> Path:
        """Return the folder of a segment."""
        return self._segments / name

    def begin(self, count: int) -> list[Path]:
        """Return empty folders to write segments to.

        They have names of their own, lest a process that outlives a killed run write there too.
        """
        run = secrets.token_hex(3)
        folders = [self._folder / f"{UNFINISHED}segment-{run}-{number}" for number in range(count)]
        for folder in folders:
            folder.mkdir()
        return folders

    def finish(self, folder: Path, number: int, books: int) -> SegmentEntry:
        """Vouch for what was written to a segment's folder and give it its name."""
        for file in FILES:
            sync(folder / file)
        sync(folder)
        name, files = _described(folder)
        there = self._segments / name
        self._segments.mkdir(exist_ok=True)
        if there.is_dir() and all(_is_sound(there / f, entry) for f, entry in files.items()):
            shutil.rmtree(folder)
        else:
            if there.exists():  # a damaged one would stay so for ever
                there.rename(folder.with_name(folder.name + "-replaced"))
            folder.rename(there)
        sync(self._segments)
        return SegmentEntry(number=number, name=name, books=books, files=files)

    def remove_unused(self, manifests: Iterable[Path]) -> None:
        """Remove the segments that no manifest names, whatever its format, damaged or not."""
        used: set[bytes] = set()
        for path in manifests:
            used.update(_NAME.findall(path.read_bytes()))
        if self._segments.exists():
            for path in self._segments.iterdir():
                if os.fsencode(path.name) not in used:
                    shutil.rmtree(path, ignore_errors=True)
