"""Which shelf a setting means, and the reading of a shelf's files into books."""

import logging
import re
from dataclasses import dataclass
from pathlib import Path

from gutenberg_explorer.corpus import cleaning, decoding
from gutenberg_explorer.corpus.book import (
    Book,
    BookFile,
    CorpusError,
    Progress,
    Shelf,
    UnreadableBook,
    no_progress,
)
from gutenberg_explorer.corpus.directory import DirectoryShelf
from gutenberg_explorer.corpus.nltk import NltkShelf
from gutenberg_explorer.corpus.starter import StarterShelf

logger = logging.getLogger(__name__)

_WORD = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Sources:
    """Where books are had from: `folder` keeps downloads, the others are settings of this name.

    `gutenberg_pause` is in seconds.
    """

    folder: Path
    nltk_url: str
    gutenberg_mirror: str
    gutenberg_pause: float = 2.0
    contact: str | None = None


def shelf_of(spec: str, sources: Sources, progress: Progress = no_progress) -> Shelf:
    """Return the shelf that `spec` means: `nltk`, `starter`, `directory:PATH` or `gutenberg:…`.

    Nothing is downloaded yet. Raises CorpusError for any other text.
    """
    kind, _, rest = spec.partition(":")
    if spec == "nltk":
        return NltkShelf(sources.folder, sources.nltk_url, progress)
    if spec == "starter":
        return StarterShelf(sources.folder, progress)
    if kind == "directory" and rest:
        return DirectoryShelf(Path(rest))
    if kind == "gutenberg" and rest:
        # Its imports take time, and most starts have other books.
        from gutenberg_explorer.corpus.gutenberg import GutenbergShelf  # noqa: PLC0415

        return GutenbergShelf(
            rest,
            sources.folder,
            sources.gutenberg_mirror,
            sources.gutenberg_pause,
            sources.contact,
            progress,
        )
    raise CorpusError(
        f"There is no shelf {spec!r}: GUTENBERG_EXPLORER_SHELF takes auto, nltk, starter, "
        "directory:PATH or gutenberg:…"
    )


def candidates(spec: str, sources: Sources, progress: Progress = no_progress) -> list[Shelf]:
    """Return the shelves that the setting `spec` may stand for, the preferred one first.

    Nothing is downloaded yet. Raises CorpusError for a text that means none.
    """
    specs = ("nltk", "starter") if spec == "auto" else (spec,)
    return [shelf_of(each, sources, progress) for each in specs]


def choose(shelves: list[Shelf]) -> Shelf:
    """Return the first shelf whose books can be had. Raises CorpusError when there is none."""
    failures = []
    for shelf in shelves:
        try:
            next(iter(shelf.files()))
        except CorpusError as error:
            failures.append(str(error))
            continue
        except StopIteration:
            continue
        if failures:
            logger.warning(
                "%s Serving the %s shelf instead; set GUTENBERG_EXPLORER_SHELF=%s to try again.",
                " ".join(failures),
                shelf.name,
                shelves[0].name,
            )
        return shelf
    raise CorpusError(" ".join(failures))


def read_book(file: BookFile) -> Book:
    """Return the book of a file: decoded, without boilerplate, with title and author.

    Raises UnreadableBook.
    """
    said, text = cleaning.split(decoding.decode(file.read()))
    if not _WORD.search(text):
        raise UnreadableBook("it has no text")
    known = file.known
    return Book(
        id=file.id,
        title=known.title or said.title or file.id.replace("-", " ").replace("_", " ").title(),
        author=known.author or said.author,
        year=known.year or said.year,
        language=known.language if known.title else said.language,
        text=text,
        source=file.source,
        rights=known.rights or said.rights,
        url=known.url or said.url,
    )
