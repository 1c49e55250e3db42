"""The `gutenberg` shelf: the books of Project Gutenberg that a setting asks for."""

import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, TypeAdapter, ValidationError

from gutenberg_explorer.corpus.book import BookFile, CorpusError, Metadata, Progress, no_progress
from gutenberg_explorer.corpus.gutenberg import catalogue, spec
from gutenberg_explorer.corpus.gutenberg.client import Client
from gutenberg_explorer.corpus.gutenberg.downloads import write_json
from gutenberg_explorer.corpus.gutenberg.folder_mirror import FolderMirror
from gutenberg_explorer.corpus.gutenberg.mirror import SOURCE, Mirror, book_id
from gutenberg_explorer.corpus.gutenberg.web_mirror import WebMirror
from gutenberg_explorer.corpus.printable import printable
from gutenberg_explorer.corpus.reading import path_of

# Of each book's number: its title, author and language.
_SELECTION = TypeAdapter(
    dict[Annotated[int, Field(ge=1, lt=10_000_000)], tuple[str | None, str | None, str]]
)
_FOR_PEOPLE = ("gutenberg.org", "www.gutenberg.org")


def _open_mirror(
    mirror: str,
    folder: Path,
    pause: float,
    contact: str | None,
    progress: Progress,
    sleep: Callable[[float], None],
) -> Mirror:
    try:
        address = urlsplit(mirror)
        host = address.hostname
    except ValueError as error:
        raise CorpusError(
            f"{printable(mirror)} is not a valid URL ({error}): check "
            "GUTENBERG_EXPLORER_GUTENBERG_MIRROR."
        ) from None
    if host in _FOR_PEOPLE:
        raise CorpusError(
            f"{mirror} does not allow automated downloads: set GUTENBERG_EXPLORER_GUTENBERG_MIRROR "
            "to a mirror of Project Gutenberg, or to a folder that contains a mirror."
        )
    if address.scheme in ("http", "https"):
        client = Client(pause, contact, sleep=sleep)
        return WebMirror(mirror, folder, client, progress)
    return FolderMirror(path_of(mirror))


class GutenbergShelf:
    """The books that `wanted` names, from `mirror`: an address (http, https, file) or a folder.

    What is downloaded is kept in `folder`. Raises CorpusError for a text that names no books, and
    for the main site, before anything is asked of any mirror.
    """

    name = SOURCE

    def __init__(
        self,
        wanted: str,
        folder: Path,
        mirror: str,
        pause: float,
        contact: str | None = None,
        progress: Progress = no_progress,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.spec = f"{SOURCE}:{wanted.strip()}"
        self._wanted = spec.parse(wanted.strip())
        self._folder = folder / SOURCE
        self._mirror = _open_mirror(mirror, self._folder, pause, contact, progress, sleep)
        self._books: dict[int, Metadata] | None = None

    @property
    def _selection(self) -> Path:
        key = hashlib.sha256(self.spec.encode()).hexdigest()[:16]
        return self._folder / "selections" / f"{key}.json"

    def _resolve(self, *, again: bool) -> dict[int, Metadata]:
        """Return the books, by number, in the order of their ids.

        A filter is looked up in the catalogue when this was never done, or, where `again` is set,
        once for each shelf. Raises CorpusError.
        """
        if isinstance(self._wanted, list):
            found = dict.fromkeys(self._wanted, Metadata())
        elif self._books is not None:
            return self._books
        elif not again and (known := self._resolved_before()):
            return known
        else:
            found = catalogue.select(self._mirror.catalogue(), self._wanted)
            if not found:
                raise CorpusError(
                    f"The catalogue has no text that matches {self.spec}: check "
                    "GUTENBERG_EXPLORER_SHELF."
                )
            write_json(
                self._selection, {n: (m.title, m.author, m.language) for n, m in found.items()}
            )
        self._books = dict(sorted(found.items(), key=lambda item: book_id(item[0])))
        return self._books

    def _resolved_before(self) -> dict[int, Metadata] | None:
        try:
            saved = _SELECTION.validate_json(self._selection.read_bytes())
        except (OSError, ValidationError):
            return None
        return {n: Metadata(t, a, language=code) for n, (t, a, code) in saved.items()}

    def fingerprint(self) -> str:
        """Return a text that stands for the books' numbers, and a folder's files of them.

        The network is used only for a filter that was never looked up. Raises CorpusError.
        """
        numbers = sorted(self._resolve(again=False))
        key = f"{numbers}\n{self._mirror.state(numbers)}".encode("utf-8", "surrogateescape")
        return f"{SOURCE}-" + hashlib.sha256(key).hexdigest()[:16]

    def files(self) -> Iterator[BookFile]:
        """Yield the books, each downloaded first where needed. Raises CorpusError.

        A book that can't be had says why when it is read.
        """
        yield from self._mirror.files(self._resolve(again=True))

    def damage(self) -> list[str]:
        """Return which files are not what was downloaded. The network is not used.

        Where it is not known any more which books a filter means, none are looked at.
        """
        known = self._wanted if isinstance(self._wanted, list) else self._resolved_before()
        damaged = self._mirror.damaged(sorted(known or ()))
        return [f"{printable(path)} differs from the download: remove it." for path in damaged]
