"""A mirror in a folder: rsync's copy of Project Gutenberg, or a part of one."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

from gutenberg_explorer.corpus.book import BookFile, CorpusError, Metadata, UnreadableBook
from gutenberg_explorer.corpus.gutenberg import mirror, mirror_paths, rdf
from gutenberg_explorer.corpus.printable import printable
from gutenberg_explorer.corpus.reading import read_file, real_path

_GENERATED = "cache/epub"


def _status(path: Path | None) -> os.stat_result | None:
    """Return a file's size and time of change, None for one that has gone."""
    try:
        return path.stat() if path else None
    except OSError:
        return None


class FolderMirror:
    """A mirror under the folder `root`; its files are read where they lie.

    Links are followed to what lies in that folder, or in the folder of the generated files.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._shown = printable(root)

    @cached_property
    def _generated(self) -> Path:
        """Where the generated files are; rsync's `gutenberg-epub` copies them without a folder."""
        folder = self._root / _GENERATED
        return folder if folder.is_dir() else self._root

    @cached_property
    def _inside(self) -> tuple[Path, Path]:
        """The folders that links may lead to."""
        return real_path(self._root), real_path(self._generated)

    def _find(self, path: str) -> Path | None:
        inside = path.removeprefix(_GENERATED + "/")
        found = (self._generated / inside) if inside != path else (self._root / path)
        real = real_path(found)
        return real if real.is_file() and any(map(real.is_relative_to, self._inside)) else None

    def _text(self, number: int) -> Path | None:
        paths = [path for layouts in mirror_paths.texts(number).values() for path in layouts]
        return next((found for path in paths if (found := self._find(path))), None)

    def _check_root(self) -> None:
        if not self._root.is_dir():
            raise CorpusError(
                f"{self._shown} is not a folder: check GUTENBERG_EXPLORER_GUTENBERG_MIRROR."
            )

    def catalogue(self) -> Path:
        """Return where the catalogue is. Raises CorpusError."""
        self._check_root()
        if found := self._find(mirror_paths.CATALOGUE):
            return found
        raise CorpusError(
            f"{self._shown} has no {mirror_paths.CATALOGUE}: add it, or list the books by number."
        )

    def _said(self, number: int) -> tuple[Metadata, str] | None:
        path = self._find(mirror_paths.rdf(number))
        if path is None:
            return None
        try:
            return rdf.parse(read_file(path))
        except UnreadableBook:
            return None

    def files(self, books: Mapping[int, Metadata]) -> Iterator[BookFile]:
        """Yield these books. Raises CorpusError where there is no such folder."""
        self._check_root()
        for number, known in books.items():
            path = self._text(number)
            said, kind = self._said(number) or (known, "")
            status = _status(path)
            if path is None or status is None:
                yield mirror.refused(number, f"{self._shown} has no text of it in any layout")
            elif kind not in ("", "Text"):
                yield mirror.refused(number, f"it is not a text ({kind})")
            else:
                said = replace(said, url=mirror.page(number))
                version = f"{status.st_size:x}-{status.st_mtime_ns:x}"
                read = partial(read_file, path)
                yield mirror.book_file(number, read, said, status.st_size, version)

    def state(self, numbers: list[int]) -> str:
        """Return the size and the time of change of each file. Raises CorpusError."""
        self._check_root()
        lines = []
        for number in numbers:
            for path in (self._text(number), self._find(mirror_paths.rdf(number))):
                status = _status(path)
                said = f"{path}\t{status.st_size}\t{status.st_mtime_ns}" if status else ""
                lines.append(said)
        return "\n".join(lines)

    def damaged(self, numbers: list[int]) -> list[Path]:
        """Return nothing: there are no checksums to go by."""
        return []
