"""A mirror in a folder: rsync's copy of Project Gutenberg, or a part of one."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

from gutenberg_explorer.corpus.book import BookFile, CorpusError, Metadata, UnreadableBook
from gutenberg_explorer.corpus.directory import read_file
from gutenberg_explorer.corpus.gutenberg import mirror, mirror_paths, rdf

_GENERATED = "cache/epub"


class FolderMirror:
    """A mirror under the folder `root`; its files are read where they lie."""

    def __init__(self, root: Path) -> None:
        self._root = root.expanduser()

    @cached_property
    def _generated(self) -> Path:
        """Where the generated files are; rsync's `gutenberg-epub` copies them without a folder."""
        folder = self._root / _GENERATED
        return folder if folder.is_dir() else self._root

    def _find(self, path: str) -> Path | None:
        inside = path.removeprefix(_GENERATED + "/")
        found = (self._generated / inside) if inside != path else (self._root / path)
        return found if found.is_file() else None

    def _text(self, number: int) -> Path | None:
        paths = [path for layouts in mirror_paths.texts(number).values() for path in layouts]
        return next((found for path in paths if (found := self._find(path))), None)

    def _check_root(self) -> None:
        if not self._root.is_dir():
            raise CorpusError(
                f"{self._root} is not a folder: check GUTENBERG_EXPLORER_GUTENBERG_MIRROR."
            )

    def catalogue(self) -> Path:
        """Return where the catalogue is. Raises CorpusError."""
        self._check_root()
        if found := self._find(mirror_paths.CATALOGUE):
            return found
        raise CorpusError(
            f"{self._root} has no {mirror_paths.CATALOGUE}: add it, or list the books by number."
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
            if path is None:
                yield mirror.refused(number, f"{self._root} has no text of it in any layout")
            elif kind not in ("", "Text"):
                yield mirror.refused(number, f"it is not a text ({kind})")
            else:
                said = replace(said, url=mirror.page(number))
                stat = path.stat()
                version = f"{stat.st_size:x}-{stat.st_mtime_ns:x}"
                read = partial(read_file, path)
                yield mirror.book_file(number, read, said, stat.st_size, version)

    def state(self, numbers: list[int]) -> str:
        """Return the size and the time of change of each file. Raises CorpusError."""
        self._check_root()
        lines = []
        for number in numbers:
            for path in (self._text(number), self._find(mirror_paths.rdf(number))):
                stat = path.stat() if path else None
                lines.append(f"{path}\t{stat.st_size}\t{stat.st_mtime_ns}" if stat else "")
        return "\n".join(lines)

    def damaged(self, numbers: list[int]) -> list[Path]:
        """Return nothing: there are no checksums to go by."""
        return []
