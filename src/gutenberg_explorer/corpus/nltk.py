"""The `nltk` shelf: the 18 books of NLTK's `gutenberg` corpus, each checked by its SHA-256."""

import hashlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from gutenberg_explorer.corpus.book import (
    BookFile,
    CorpusError,
    Progress,
    UnreadableBook,
    no_progress,
)
from gutenberg_explorer.corpus.download import DownloadFailed, fetch
from gutenberg_explorer.corpus.nltk_editions import NLTK
from gutenberg_explorer.corpus.printable import printable
from gutenberg_explorer.corpus.zip_files import read_member

_MAX_BYTES = 64 * 1024 * 1024


def _read_checked(path: Path, book_id: str) -> bytes:
    data = read_member(path, f"gutenberg/{book_id}.txt")
    if hashlib.sha256(data).hexdigest() != NLTK[book_id].sha256:
        raise UnreadableBook("its checksum does not match the published one")
    return data


def _advice(error: DownloadFailed) -> str:
    if error.status:
        return "check GUTENBERG_EXPLORER_NLTK_URL"
    return (
        "check the network, or set GUTENBERG_EXPLORER_SHELF to starter or directory:PATH; the "
        "partial download is kept"
    )


class NltkShelf:
    """NLTK's 18 books, downloaded once into `folder`."""

    name = spec = "nltk"

    def __init__(self, folder: Path, url: str, progress: Progress = no_progress) -> None:
        self._zip = folder / "nltk" / "gutenberg.zip"
        self._url = url
        self._progress = progress
        self._found_whole: tuple[int, int] | None = None

    def fingerprint(self) -> str:
        """Return a text that stands for the 18 files' checksums."""
        joined = "".join(edition.sha256 for edition in NLTK.values())
        return "nltk-" + hashlib.sha256(joined.encode()).hexdigest()[:16]

    def prepare(self) -> None:
        """Download the books, unless they are here. Raises CorpusError."""
        if self._is_whole():
            return
        for _ in range(2):  # a resumed download of a file that has changed meanwhile is begun anew
            try:
                fetch(
                    self._url,
                    self._zip,
                    max_bytes=_MAX_BYTES,
                    task="Downloading 18 books",
                    progress=self._progress,
                )
            except DownloadFailed as error:
                raise CorpusError(f"{self._url} {error}: {_advice(error)}.") from None
            if self._is_whole():
                return
            self._zip.unlink(missing_ok=True)
        raise CorpusError(
            f"What {self._url} sent is not NLTK's gutenberg corpus: check "
            "GUTENBERG_EXPLORER_NLTK_URL, or set GUTENBERG_EXPLORER_SHELF=starter."
        )

    def _is_whole(self) -> bool:
        """Return whether all books are here and right; the same file is looked at once."""
        try:
            stat = self._zip.stat()
            seen = (stat.st_size, stat.st_mtime_ns)
            if seen != self._found_whole:
                for book_id in NLTK:
                    _read_checked(self._zip, book_id)
        except (OSError, UnreadableBook):
            return False
        self._found_whole = seen
        return True

    def damage(self) -> list[str]:
        """Return what is wrong with the zip, if it is here."""
        self._found_whole = None
        if not self._zip.exists() or self._is_whole():
            return []
        return [f"{printable(self._zip)} is not NLTK's gutenberg corpus: remove it."]

    def files(self) -> Iterator[BookFile]:
        """Yield the 18 books, downloading them first where needed. Raises CorpusError."""
        self.prepare()
        for book_id, edition in NLTK.items():
            read = partial(_read_checked, self._zip, book_id)
            yield BookFile(
                book_id, self.name, read, edition.metadata, edition.size, edition.sha256[:16]
            )
