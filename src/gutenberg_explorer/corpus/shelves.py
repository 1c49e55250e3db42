"""Which shelf a setting means, and the reading of a shelf's files into books."""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

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
from gutenberg_explorer.corpus.printable import is_printable, one_line, printable
from gutenberg_explorer.corpus.reading import path_of, why
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


@dataclass(frozen=True, slots=True)
class ShelfKind:
    """A kind of shelf: the setting `name`, or `name:ARGUMENT` where `argument` says what that is.

    `meaning` is what the settings' documentation says of it. `open` returns the shelf of an
    argument (empty where there is none); nothing is downloaded yet. It raises CorpusError for an
    argument that means nothing.
    """

    name: str
    argument: str
    meaning: str
    open: Callable[[str, Sources, Progress], Shelf]

    @property
    def form(self) -> str:
        """How the setting is written, such as `directory:PATH`."""
        return f"{self.name}:{self.argument}" if self.argument else self.name


def _nltk(_: str, sources: Sources, progress: Progress) -> Shelf:
    return NltkShelf(sources.folder, sources.nltk_url, progress)


def _starter(_: str, sources: Sources, progress: Progress) -> Shelf:
    return StarterShelf(sources.folder, progress)


def _directory(argument: str, _: Sources, __: Progress) -> Shelf:
    return DirectoryShelf(path_of(argument))


def _gutenberg(argument: str, sources: Sources, progress: Progress) -> Shelf:
    # Its imports take time, and most starts have other books.
    from gutenberg_explorer.corpus.gutenberg import GutenbergShelf  # noqa: PLC0415

    return GutenbergShelf(
        argument,
        sources.folder,
        sources.gutenberg_mirror,
        sources.gutenberg_pause,
        sources.contact,
        progress,
    )


SHELVES: Final[dict[str, ShelfKind]] = {
    kind.name: kind
    for kind in (
        ShelfKind("nltk", "", "the 18 books of NLTK's corpus", _nltk),
        ShelfKind("starter", "", "47 books from two Python packages", _starter),
        ShelfKind("directory", "PATH", "a folder of text files, or a zip file", _directory),
        ShelfKind(
            "gutenberg",
            "IDS",
            "books of Project Gutenberg by number (`gutenberg:1342,84,1-100`) or by a filter on "
            "its catalogue (`gutenberg:author=austen;language=en;limit=50`; `title`, `subject` and "
            "`bookshelf` also work)",
            _gutenberg,
        ),
    )
}
"""All kinds of shelves by name."""

AUTO: Final = "auto"
_AUTO_ORDER = ("nltk", "starter")


def shelf_of(spec: str, sources: Sources, progress: Progress = no_progress) -> Shelf:
    """Return the shelf that `spec` means, written as the `form` of one of `SHELVES`.

    Nothing is downloaded yet. Raises CorpusError for any other text.
    """
    name, colon, argument = spec.partition(":")
    kind = SHELVES.get(name)
    # A path may have any bytes; what else is not UTF-8 means nothing.
    is_text = name == DirectoryShelf.name or is_printable(argument)
    if (
        kind is None
        or not is_text
        or bool(argument) != bool(kind.argument)
        or (colon and not argument)
    ):
        *first, last = (AUTO, *(each.form for each in SHELVES.values()))
        raise CorpusError(
            f"There is no shelf {printable(spec)!r}: GUTENBERG_EXPLORER_SHELF accepts "
            f"{', '.join(first)} or {last}"
        )
    return kind.open(argument, sources, progress)


def candidates(spec: str, sources: Sources, progress: Progress = no_progress) -> list[Shelf]:
    """Return the shelves that the setting `spec` may stand for, the preferred one first.

    Nothing is downloaded yet. Raises CorpusError for a text that means none.
    """
    specs = _AUTO_ORDER if spec == AUTO else (spec,)
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
                "%s Serving the %s shelf instead. Set GUTENBERG_EXPLORER_SHELF=%s to try again.",
                " ".join(failures),
                shelf.name,
                shelves[0].name,
            )
        return shelf
    raise CorpusError(" ".join(failures))


def read_book(file: BookFile) -> Book:
    """Return the book of a file: decoded, without boilerplate, with title and author.

    Raises UnreadableBook, whatever the file holds and whatever reading it raises.
    """
    try:
        data = file.read()
    except OSError as error:
        raise UnreadableBook(why(error)) from None
    text = decoding.decode(data)
    del data  # the text takes up to four times as much
    said, text = cleaning.split(text)
    if not _WORD.search(text):
        raise UnreadableBook("it has no text")
    known = file.known
    return Book(
        id=file.id,
        title=one_line(known.title)
        or one_line(said.title)
        or file.id.replace("-", " ").replace("_", " ").title(),
        author=one_line(known.author) or one_line(said.author),
        year=known.year or said.year,
        language=known.language if known.title else said.language,
        text=text,
        source=file.source,
        rights=one_line(known.rights) or one_line(said.rights),
        url=known.url or said.url,
    )
