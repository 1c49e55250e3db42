"""From a shelf to a published, open index: build it, or open the one that is there."""

import logging
import secrets
from datetime import UTC, datetime

from gutenberg_explorer import corpus
from gutenberg_explorer.corpus import (
    CorpusError,
    Progress,
    Shelf,
    UnreadableBook,
    no_progress,
)
from gutenberg_explorer.index.layout import (
    FORMAT,
    IndexDamaged,
    IndexMissing,
    Manifest,
)
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.index.store import IndexStore
from gutenberg_explorer.index.writer import IndexWriter
from gutenberg_explorer.telemetry import link_to, span

logger = logging.getLogger(__name__)


def _read_shelf(shelf: Shelf, writer: IndexWriter, progress: Progress) -> dict[str, str]:
    """Add all books of a shelf; return why those that could not be read were skipped."""
    skipped: dict[str, str] = {}
    with span("load_gutenberg_corpus", {"corpus.source": shelf.name}) as loading:
        files = list(shelf.files())
        for done, file in enumerate(files):
            progress("Indexing books", done, len(files), "book")
            try:
                with span("process_book", {"book.id": file.id}) as processing:
                    book = corpus.read_book(file)
                    entry = writer.add(book)
                    processing.set("book.title", entry.title)
                    processing.set("book.word_count", entry.word_count)
            except UnreadableBook as error:
                skipped[file.id] = str(error)
                logger.warning("The book %s was skipped: %s.", file.id, error)
        progress("Indexing books", len(files), len(files), "book")
        loading.set("corpus.books_count", len(writer.books))
        loading.set("corpus.skipped_count", len(skipped))
        if not writer.books:
            raise CorpusError(
                f"None of the {len(skipped)} books of the {shelf.name} shelf could be read: "
                "check GUTENBERG_EXPLORER_SHELF."
            )
    return skipped


def _build(shelf: Shelf, store: IndexStore, progress: Progress) -> None:
    """Build an index of a shelf and publish it; the store's lock must be held."""
    generation = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
    folder = store.begin(generation)
    with IndexWriter(folder) as writer:
        skipped = _read_shelf(shelf, writer, progress)
        with span("tfidf_vectorization") as vectorizing:
            terms, postings = writer.finish()
            vectorizing.set("index.generation", generation)
            vectorizing.set("index.terms_count", terms)
            vectorizing.set("index.postings_count", postings)
            trace_id, span_id = vectorizing.ids
    manifest = Manifest(
        format=FORMAT,
        generation=generation,
        source=shelf.name,
        fingerprint=shelf.fingerprint(),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        trace_id=trace_id,
        span_id=span_id,
        books=writer.books,
        skipped=skipped,
        files={},
    )
    store.publish(folder, manifest)


def build(shelves: list[Shelf], store: IndexStore, progress: Progress = no_progress) -> Index:
    """Build, publish and open an index of the first of `shelves` that can be had.

    Raises CorpusError when the books can't be had, OSError when the disk fails.
    """
    with store.lock():
        _build(corpus.choose(shelves), store, progress)
        return store.open()


def _open_published(store: IndexStore, manifest: Manifest) -> Index:
    """Open the published index, which has this manifest. Raises IndexMissing or IndexDamaged."""
    built = (manifest.trace_id, manifest.span_id)
    links = [link_to(built[0], built[1])] if built[0] and built[1] else []
    with span("open_index", links=links) as opening:
        index = store.open()
        opening.set("index.generation", index.manifest.generation)
        opening.set("index.books_count", len(index.books))
        opening.set("index.bytes", index.size)
    return index


def _open_fitting(shelves: list[Shelf], store: IndexStore, *, notice: bool) -> Index | None:
    """Open the published index if it is of one of `shelves` and sound."""
    try:
        manifest = store.manifest()
        if manifest.fingerprint in {shelf.fingerprint() for shelf in shelves}:
            return _open_published(store, manifest)
        problem = "it is of other books than those asked for"
    except IndexMissing:
        return None
    except IndexDamaged as error:
        problem = str(error)
    if notice:
        logger.warning("The index can't be used: %s. It is rebuilt.", problem)
    return None


def open_or_build(
    shelves: list[Shelf], store: IndexStore, progress: Progress = no_progress
) -> tuple[Index, bool]:
    """Return the index of the first of `shelves` that can be had, and whether it was built now.

    An index of any of them that is already published is opened, and no network is used. A damaged
    or outdated one is rebuilt with a notice. Raises CorpusError and OSError.
    """
    if index := _open_fitting(shelves, store, notice=True):
        return index, False
    with store.lock():
        # Another process may have built it while this one waited for its turn.
        if index := _open_fitting(shelves, store, notice=False):
            return index, False
        _build(corpus.choose(shelves), store, progress)
        return store.open(), True
