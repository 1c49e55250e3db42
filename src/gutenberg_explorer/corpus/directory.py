"""The `directory` shelf: text files in a folder or in a zip.

A `catalog.tsv` beside them, with the columns `file`, `title`, `author`, `year` and `language`
(all but the first may be missing), says what the files don't say of themselves.
"""

import hashlib
import os
import re
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from urllib.parse import quote_from_bytes

from gutenberg_explorer.corpus import catalog
from gutenberg_explorer.corpus.book import (
    BookFile,
    CorpusError,
    Metadata,
    UnreadableBook,
    refuse,
)
from gutenberg_explorer.corpus.entry import Entry
from gutenberg_explorer.corpus.folder_files import list_folder
from gutenberg_explorer.corpus.nltk_editions import NLTK
from gutenberg_explorer.corpus.printable import is_printable, printable
from gutenberg_explorer.corpus.reading import real_path, why
from gutenberg_explorer.corpus.zip_files import list_zip

_SUFFIX = ".txt"
_LONGEST_ID = 255
_NOT_IN_IDS = re.compile(r"[^a-z0-9_]+")


def _book_id(name: str) -> str:
    plain = _NOT_IN_IDS.sub("-", PurePosixPath(name).stem.lower()).strip("-")
    return plain[:_LONGEST_ID] or "book"


def _unused_id(plain: str, taken: dict[str, int]) -> str:
    """Return an id that is not taken: `plain`, or with the first number that makes it one."""
    book_id, count = plain, taken.get(plain, 0)
    while book_id in taken:
        count += 1
        book_id = f"{plain}-{count}"
    taken[plain] = max(count, 1)
    taken.setdefault(book_id, 1)
    return book_id


def _spec(path: Path) -> str:
    """Return the setting that means a path; a URL where the path can't be shown as it is."""
    if is_printable(str(path)):
        return f"directory:{path}"
    return f"directory:file://{quote_from_bytes(os.fsencode(path))}"


def _inner_zips(entries: list[Entry]) -> dict[str, str]:
    """Return why the zips among the files are not read, by their names."""
    zips = [entry.name for entry in entries if entry.path.suffix.lower() == ".zip"]
    return {printable(name): "a zip inside another shelf is added by its own path" for name in zips}


class DirectoryShelf:
    """The text files under `path`, a folder or a zip."""

    name = "directory"

    def __init__(self, path: Path) -> None:
        self._path = real_path(path)
        self._shown = printable(path)
        self.spec = _spec(self._path)

    def _entries(self) -> list[Entry]:
        path = self._path
        try:
            if path.is_dir():
                return list_folder(path)
            if path.is_file() and zipfile.is_zipfile(path):
                return list_zip(path)
        except OSError as error:
            raise CorpusError(
                f"{self._shown} can't be read ({why(error)}): check its permissions."
            ) from None
        except zipfile.BadZipFile as error:
            raise CorpusError(
                f"{self._shown} is a zip that can't be read ({error}): check the file."
            ) from None
        if not path.exists():
            raise CorpusError(f"{self._shown} does not exist: check GUTENBERG_EXPLORER_SHELF.")
        raise CorpusError(
            f"{self._shown} is neither a folder nor a zip: "
            "GUTENBERG_EXPLORER_SHELF=directory:PATH takes one of these."
        )

    def fingerprint(self) -> str:
        """Return a text made of each file's name, size and time of change. Raises CorpusError."""
        listed = "\n".join(f"{e.name}\t{e.size}\t{e.version}" for e in self._entries())
        key = f"{self._path}\n{listed}".encode("utf-8", "surrogateescape")
        return "directory-" + hashlib.sha256(key).hexdigest()[:16]

    def damage(self) -> list[str]:
        """Return nothing: the files are the reader's own."""
        return []

    def _book(self, book_id: str, entry: Entry, known: dict[str, Metadata]) -> BookFile:
        edition = NLTK.get(book_id)
        metadata = known.get(entry.name) or (edition.metadata if edition else Metadata())
        version = f"{entry.size:x}-{entry.version:x}"
        return BookFile(book_id, self.name, entry.read, metadata, entry.size, version)

    def _refused(self, name: str, problem: str) -> BookFile:
        return BookFile(name, self.name, partial(refuse, problem))

    def files(self) -> Iterator[BookFile]:
        """Yield the `.txt` files, and what can't be used. Raises CorpusError for no `.txt` file."""
        entries = self._entries()
        said = catalog.Catalog()
        for entry in entries:
            if entry.path.name == catalog.NAME:
                try:
                    said.read(entry.name, entry.read())
                except UnreadableBook as error:
                    said.problems[printable(entry.name)] = str(error)
        taken: dict[str, int] = {}
        for entry in entries:
            if entry.path.suffix.lower() == _SUFFIX and not entry.is_folder:
                book_id = _unused_id(_book_id(entry.name), taken)
                yield self._book(book_id, entry, said.books)
        folders = {printable(e.name): e.problem for e in entries if e.is_folder}
        if not taken and not folders:
            raise CorpusError(
                f"{self._shown} contains no .txt file: check GUTENBERG_EXPLORER_SHELF."
            )
        for name, problem in (folders | _inner_zips(entries) | said.problems).items():
            yield self._refused(name, problem)
