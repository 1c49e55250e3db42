"""Which shelf a setting means, and the reading of a shelf's files into books."""

import logging
import re
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


def candidates(
    shelf: str, folder: Path, nltk_url: str, progress: Progress = no_progress
) -> list[Shelf]:
    """Return the shelves that the setting `shelf` may stand for, the preferred one first.

    Nothing is downloaded yet. `folder` is where downloads are kept.
    """
    if shelf.startswith("directory:"):
        return [DirectoryShelf(Path(shelf.removeprefix("directory:")))]
    both: dict[str, Shelf] = {
        "nltk": NltkShelf(folder, nltk_url, progress),
        "starter": StarterShelf(folder, progress),
    }
    return list(both.values()) if shelf == "auto" else [both[shelf]]


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
