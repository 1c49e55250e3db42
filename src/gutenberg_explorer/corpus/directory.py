"""The `directory` shelf: text files in a folder or in a zip.

A `catalog.tsv` beside them, with the columns `file`, `title`, `author`, `year` and `language`
(all but the first may be missing), says what the files don't say of themselves.
"""

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath

from gutenberg_explorer.corpus.book import BookFile, CorpusError, Metadata, UnreadableBook
from gutenberg_explorer.corpus.nltk import read_member
from gutenberg_explorer.corpus.nltk_editions import NLTK

_MAX_BOOK_BYTES = 64 * 1024 * 1024
_CATALOG = "catalog.tsv"
_NOT_IN_IDS = re.compile(r"[^a-z0-9_]+")


def _book_id(name: str) -> str:
    return _NOT_IN_IDS.sub("-", PurePosixPath(name).stem.lower()).strip("-") or "book"


def read_file(path: Path) -> bytes:
    """Return a book's file. Raises UnreadableBook, also for one that is too large."""
    try:
        if path.stat().st_size > _MAX_BOOK_BYTES:
            raise UnreadableBook(f"it is larger than {_MAX_BOOK_BYTES} bytes")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableBook(error.strerror or type(error).__name__) from None


def _read_bounded_member(path: Path, size: int, member: str) -> bytes:
    if size > _MAX_BOOK_BYTES:
        raise UnreadableBook(f"it is larger than {_MAX_BOOK_BYTES} bytes")
    return read_member(path, member)


def _catalog(data: bytes) -> dict[str, Metadata]:
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig", "replace")), delimiter="\t")
    return {
        row["file"]: Metadata(
            row.get("title") or None,
            row.get("author") or None,
            int(row["year"]) if (row.get("year") or "").isdecimal() else None,
            row.get("language") or "en",
        )
        for row in rows
        if row.get("file")
    }


class DirectoryShelf:
    """The text files under `path`, a folder or a zip."""

    name = "directory"

    def __init__(self, path: Path) -> None:
        self._path = path.expanduser()
        self.spec = f"directory:{self._path.resolve()}"

    def _entries(self) -> list[tuple[str, int, int, Callable[[], bytes]]]:
        """Return name, size, time of change and reader of each file, ordered by name."""
        path = self._path
        try:
            if path.is_dir():
                found = [
                    (p.relative_to(path).as_posix(), p.stat(), partial(read_file, p))
                    for p in path.rglob("*")
                    if p.is_file()
                ]
                return sorted((n, s.st_size, s.st_mtime_ns, read) for n, s, read in found)
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    return sorted(
                        (
                            i.filename,
                            i.file_size,
                            i.CRC,
                            partial(_read_bounded_member, path, i.file_size, i.filename),
                        )
                        for i in archive.infolist()
                        if not i.is_dir()
                    )
        except (OSError, zipfile.BadZipFile) as error:
            raise CorpusError(f"{path} can't be read ({error}): check its permissions.") from None
        if not path.exists():
            raise CorpusError(f"{path} does not exist: check GUTENBERG_EXPLORER_SHELF.")
        raise CorpusError(
            f"{path} is neither a folder nor a zip: GUTENBERG_EXPLORER_SHELF=directory:PATH takes "
            "one of these."
        )

    def fingerprint(self) -> str:
        """Return a text made of each file's name, size and time of change. Raises CorpusError."""
        listed = "\n".join(f"{n}\t{size}\t{time}" for n, size, time, _ in self._entries())
        key = f"{self._path.resolve()}\n{listed}"
        return "directory-" + hashlib.sha256(key.encode()).hexdigest()[:16]

    def damage(self) -> list[str]:
        """Return nothing: the files are the reader's own."""
        return []

    def files(self) -> Iterator[BookFile]:
        """Yield the `.txt` files. Raises CorpusError where there are none."""
        entries = self._entries()
        known: dict[str, Metadata] = {}
        for name, _, _, read in entries:
            if PurePosixPath(name).name == _CATALOG:
                folder = PurePosixPath(name).parent
                known |= {(folder / file).as_posix(): m for file, m in _catalog(read()).items()}
        taken: set[str] = set()
        for name, size, version, read in entries:
            if PurePosixPath(name).suffix.lower() != ".txt":
                continue
            plain = book_id = _book_id(name)
            count = 1
            while book_id in taken:
                count += 1
                book_id = f"{plain}-{count}"
            taken.add(book_id)
            edition = NLTK.get(book_id)
            metadata = known.get(name) or (edition.metadata if edition else Metadata())
            yield BookFile(book_id, self.name, read, metadata, size, f"{size:x}-{version:x}")
        if not taken:
            raise CorpusError(
                f"{self._path} contains no .txt file: check GUTENBERG_EXPLORER_SHELF."
            )
