"""The library that the settings ask for, or the one that was served last."""

import logging

from gutenberg_explorer import corpus
from gutenberg_explorer.corpus import AUTO, Progress
from gutenberg_explorer.index import IndexStore, Library, ReadOnlyLibrary
from gutenberg_explorer.settings import PREFIX, Settings

logger = logging.getLogger(__name__)

_VARIABLE = f"{PREFIX}SHELF"


def _library(settings: Settings, spec: str, progress: Progress) -> Library:
    sources = corpus.Sources(
        folder=settings.data_dir / "books",
        nltk_url=settings.nltk_url,
        gutenberg_mirror=settings.gutenberg_mirror,
        gutenberg_pause=settings.gutenberg_pause,
        contact=settings.contact,
    )
    return Library(
        IndexStore(settings.data_dir),
        corpus.candidates(spec, sources, progress),
        lambda spec: corpus.shelf_of(spec, sources, progress),
        progress,
        settings.build_memory * 1024 * 1024,
    )


def open_library(settings: Settings, progress: Progress = corpus.no_progress) -> Library:
    """Return the library that the settings ask for; nothing is read or downloaded yet.

    Raises CorpusError when a shelf can't be what the setting says.
    """
    return _library(settings, settings.shelf, progress)


def library_to_change(settings: Settings, progress: Progress = corpus.no_progress) -> Library:
    """Return the library of the shelf that is set; where none is, the one that was served last.

    Raises CorpusError when a shelf can't be what the setting says.
    """
    if settings.names_shelf:
        return open_library(settings, progress)
    store = IndexStore(settings.data_dir)
    last = store.last_shelf()
    if last is None:
        return open_library(settings, progress)
    if not store.names_last():
        logger.warning(
            "%s names no library. The one that was served last seems to be %s.",
            store.folder / "CURRENT",
            last,
        )
    return _library(settings, last, progress)


def library_to_read(
    settings: Settings, progress: Progress = corpus.no_progress
) -> tuple[ReadOnlyLibrary, str | None]:
    """Return the library of the shelf that is set; if there is none, the one served last.

    Returns also a sentence where this is not the library that a server with these settings would
    serve. Raises CorpusError when a shelf can't be what the setting says.
    """
    library = library_to_change(settings, progress)
    last = library.store.last_shelf()
    if last is None:
        return library, None
    if settings.names_shelf:
        if library.folder().generations():
            return library, None
        library = _library(settings, last, progress)
        if not library.folder().generations():  # it has another format
            return open_library(settings, progress), None
        return (
            library,
            f"There is no index of {settings.shelf}. The library served last is used: {last}.",
        )
    if settings.shelf == AUTO and last in (s.spec for s in open_library(settings).shelves):
        return library, None
    return library, f"{_VARIABLE} is not set. The library served last is used: {last}."
