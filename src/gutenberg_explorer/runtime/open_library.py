"""The library that the settings ask for."""

from gutenberg_explorer import corpus
from gutenberg_explorer.corpus import Progress
from gutenberg_explorer.index import IndexStore, Library
from gutenberg_explorer.settings import Settings


def open_library(settings: Settings, progress: Progress = corpus.no_progress) -> Library:
    """Return the library that the settings ask for; nothing is read or downloaded yet.

    Raises CorpusError when a shelf can't be what the setting says.
    """
    sources = corpus.Sources(
        folder=settings.data_dir / "books",
        nltk_url=settings.nltk_url,
        gutenberg_mirror=settings.gutenberg_mirror,
        gutenberg_pause=settings.gutenberg_pause,
        contact=settings.contact,
    )
    return Library(
        IndexStore(settings.data_dir),
        corpus.candidates(settings.shelf, sources, progress),
        lambda spec: corpus.shelf_of(spec, sources, progress),
        progress,
        settings.build_memory * 1024 * 1024,
    )
