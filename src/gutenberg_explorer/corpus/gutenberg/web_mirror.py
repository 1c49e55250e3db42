"""A mirror on the network: books are downloaded once, and kept with their checksums."""

import logging
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from gutenberg_explorer.corpus.book import (
    BookFile,
    CorpusError,
    Metadata,
    Progress,
    UnreadableBook,
)
from gutenberg_explorer.corpus.gutenberg import catalogue, mirror, mirror_paths, rdf, rights
from gutenberg_explorer.corpus.gutenberg.client import Client, MirrorFault, MissingFile
from gutenberg_explorer.corpus.gutenberg.downloads import (
    Kept,
    digest,
    read_checked,
    read_json,
    write_json,
)
from gutenberg_explorer.corpus.printable import is_printable
from gutenberg_explorer.corpus.reading import MAX_BOOK_BYTES

logger = logging.getLogger(__name__)

_MAX_CATALOGUE_BYTES = 128 * 1024 * 1024
_CATALOGUE_AGE = 7 * 24 * 3600
_MANY_BOOKS = 1000
_VALIDATORS = {"If-None-Match": "ETag", "If-Modified-Since": "Last-Modified"}
# So many books in a row, and it is the mirror that is ill.
_MOST_FAULTS = 3


class WebMirror:
    """The mirror at `url`, whose files are kept in `folder`."""

    def __init__(self, url: str, folder: Path, client: Client, progress: Progress) -> None:
        self._url = url.rstrip("/")
        self._folder = folder
        self._client = client
        self._progress = progress
        self._layouts: set[str] = set()
        self._refused: dict[int, str] = {}
        self._faults = 0

    # --- the catalogue

    def catalogue(self) -> Path:
        """Return where the catalogue is kept; one older than a week is asked for again.

        Where that fails, the old one is good enough. Raises CorpusError.
        """
        path = self._folder / "pg_catalog.csv.gz"
        if path.exists() and time.time() - path.stat().st_mtime < _CATALOGUE_AGE:
            return path
        try:
            self._refresh(path)
        except CorpusError as error:
            if not path.exists():
                raise
            logger.warning("The catalogue of the last download is used. %s", error)
        return path

    def _refresh(self, path: Path) -> None:
        url = f"{self._url}/{mirror_paths.CATALOGUE}"
        record = path.with_name("pg_catalog.json")
        known = read_json(record)
        headers = {}
        if path.exists() and isinstance(known, dict) and known.get("url") == url:
            headers = {
                name: value
                for name in _VALIDATORS
                if isinstance(value := known.get(name), str) and is_printable(value)
            }
        fresh = path.with_name("pg_catalog-new.csv.gz")
        try:
            said = self._client.fetch(
                url,
                fresh,
                max_bytes=_MAX_CATALOGUE_BYTES,
                task="Downloading the catalogue",
                progress=self._progress,
                headers=headers,
            )
        except (MissingFile, MirrorFault) as error:
            why = error if isinstance(error, MirrorFault) else "does not exist"
            raise CorpusError(
                f"{url} {why}: set GUTENBERG_EXPLORER_GUTENBERG_MIRROR to another mirror, or list "
                "the books by number."
            ) from None
        if said is None:
            path.touch()
            return
        try:
            for _ in catalogue.texts(fresh):
                pass
        except CorpusError:
            fresh.unlink()
            raise
        fresh.replace(path)
        sent = {header: said[name] for header, name in _VALIDATORS.items() if name in said}
        write_json(record, {"url": url, **sent})

    # --- books

    def _paths(self, number: int) -> tuple[Path, Path]:
        name = mirror.book_id(number)
        return self._folder / f"{name}.txt", self._folder / f"{name}.json"

    def _kept(self, number: int) -> Kept | None:
        """Return the record of a book that is here; None where it is to be downloaded."""
        text, record = self._paths(number)
        kept = Kept.load(record)
        return kept if kept and kept.is_whole(text) else None

    def files(self, books: Mapping[int, Metadata]) -> Iterator[BookFile]:
        """Yield these books, each downloaded just before, unless it is here.

        Raises CorpusError where the mirror can't be reached, or sends nothing but errors.
        """
        kept = {number: self._kept(number) for number in books if number not in self._refused}
        wanted = sum(record is None for record in kept.values())
        if wanted > _MANY_BOOKS:
            logger.warning(
                "%d books will be downloaded one at a time. A copy of the mirror made with rsync "
                "is faster: set GUTENBERG_EXPLORER_GUTENBERG_MIRROR to its folder.",
                wanted,
            )
        task, done = f"Downloading {wanted} books", 0
        for number, known in books.items():
            record = kept.get(number)
            if record is None and number not in self._refused:
                self._progress(task, done, wanted, "book")
                done += 1
                try:
                    record = self._download(number, known)
                except UnreadableBook as error:
                    self._refused[number] = str(error)
            if record is None:
                yield mirror.refused(number, self._refused[number])
            else:
                yield self._file(number, record)
        if done:
            self._progress(task, done, wanted, "book")

    def _file(self, number: int, kept: Kept) -> BookFile:
        read = partial(read_checked, self._paths(number)[0], kept.sha256)
        known = kept.metadata(mirror.page(number))
        return mirror.book_file(number, read, known, kept.bytes, kept.sha256[:16])

    def _download(self, number: int, known: Metadata) -> Kept:
        """Download a book. Raises UnreadableBook where it can't be had, and CorpusError."""
        try:
            kept = self._fetch(number, known)
        except MissingFile:
            raise UnreadableBook(f"{self._url} has no text of it in any layout") from None
        except MirrorFault as error:
            self._faults += 1
            if self._faults == _MOST_FAULTS:
                raise CorpusError(
                    f"{self._url} failed for several books in a row ({mirror.page(number)}: "
                    f"{error}): run the command again later, or set "
                    "GUTENBERG_EXPLORER_GUTENBERG_MIRROR to another mirror. Finished downloads are "
                    "kept."
                ) from None
            raise UnreadableBook(f"{self._url} {error}: build the index again later") from None
        self._faults = 0
        return kept

    def _fetch(self, number: int, known: Metadata) -> Kept:
        text, record = self._paths(number)
        record.unlink(missing_ok=True)
        said = self._said(number)
        if said:
            known, kind = said
            if kind not in ("", "Text"):
                raise UnreadableBook(f"it is not a text ({kind})")
        url, size, sha256 = mirror.page(number), 0, ""
        if not rights.refusal(known.rights):
            url = self._fetch_text(number, text)
            size, sha256 = text.stat().st_size, digest(text)
        kept = Kept(
            url=url,
            fetched=datetime.now(UTC).isoformat(timespec="seconds"),
            bytes=size,
            sha256=sha256,
            title=known.title,
            author=known.author,
            language=known.language,
            rights=known.rights,
        )
        kept.save(record)
        return kept

    def _said(self, number: int) -> tuple[Metadata, str] | None:
        """Return what the book's RDF says, where the mirror has one."""
        if self._layouts and "cache" not in self._layouts:
            return None
        path = self._folder / f"{mirror.book_id(number)}.rdf"
        try:
            url = f"{self._url}/{mirror_paths.rdf(number)}"
            self._client.fetch(url, path, max_bytes=rdf.MAX_BYTES)
            return rdf.parse(path.read_bytes())
        except MissingFile:
            return None
        finally:
            path.unlink(missing_ok=True)

    def _fetch_text(self, number: int, target: Path) -> str:
        """Download a book's text and return its address. Raises MissingFile."""
        layouts = mirror_paths.texts(number)
        # Layouts that this mirror has shown to have come first, to spare it questions.
        for name in sorted(layouts, key=lambda name: name not in self._layouts):
            for path in layouts[name]:
                url = f"{self._url}/{path}"
                try:
                    self._client.fetch(url, target, max_bytes=MAX_BOOK_BYTES)
                except MissingFile:
                    continue
                self._layouts.add(name)
                return url
        raise MissingFile(self._url)

    def state(self, numbers: list[int]) -> str:
        """Return nothing: a book that was downloaded stays as it is."""
        return ""

    def damaged(self, numbers: list[int]) -> list[Path]:
        """Return which of these books' files are not, or no longer, what was downloaded."""
        found = []
        for number in numbers:
            text, record = self._paths(number)
            kept = Kept.load(record)
            if kept is None and record.exists():
                found.append(record)
            elif kept and kept.sha256 and (not text.exists() or digest(text) != kept.sha256):
                found.append(text)
        return found
