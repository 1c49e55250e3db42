"""Bringing an index up to date with its shelves: what is new or changed is indexed, no more.

The work goes in rounds of a bounded number of bytes. After each round all that is ready is
published, so that a kill costs a round at most and the next run goes on from there.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from gutenberg_explorer.corpus import CorpusError, Progress
from gutenberg_explorer.index.build_memory import BuildMemory
from gutenberg_explorer.index.compaction import compact
from gutenberg_explorer.index.generation import Generation
from gutenberg_explorer.index.index_store import IndexStore
from gutenberg_explorer.index.indexing import (
    Indexed,
    Task,
    builders,
)
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.index.wanted import Wanted
from gutenberg_explorer.telemetry import AttributeName, AttributeValue, record_span, span

logger = logging.getLogger(__name__)


def _rounds(tasks: Iterable[Task], size: int) -> Iterator[list[Task]]:
    """Yield the tasks in groups of about `size` bytes; at least one group."""
    group: list[Task] = []
    room = size
    for task in tasks:
        if group and task.file.size > room:
            yield group
            group, room = [], size
        group.append(task)
        room -= task.file.size
    yield group


@dataclass
class _Reported:
    """Progress and what went wrong, over all rounds."""

    progress: Progress
    total: int
    done: int = 0
    skipped: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        self.progress("Indexing books", 0, self.total, "book")

    def take(self, indexed: Indexed) -> None:
        book_id = indexed.task.file.id
        attributes: dict[AttributeName, AttributeValue] = {"book.id": book_id}
        if indexed.entry:
            attributes["book.title"] = indexed.entry.title
            attributes["book.word_count"] = indexed.entry.word_count
        record_span(
            "process_book",
            indexed.started,
            indexed.ended,
            attributes,
            error_type=None if indexed.entry else "UnreadableBook",
        )
        if not indexed.entry:
            self.skipped[book_id] = indexed.problem
            logger.warning("The book %s was skipped: %s.", book_id, indexed.problem)
        self.done += 1
        self.progress("Indexing books", self.done, self.total, "book")


def _index_round(
    generation: Generation, tasks: list[Task], memory: BuildMemory, reported: _Reported
) -> tuple[int, int]:
    """Index some books into new segments; return how many terms and postings these have."""
    terms = postings = 0
    alone = [task for task in tasks if task.file.size > memory.large]
    shared = [task for task in tasks if task.file.size <= memory.large]
    while shared or alone:
        group, shared = shared or alone, []
        is_alone = group is alone
        count = 1 if is_alone else memory.process_count(sum(task.file.size for task in group))
        segments = generation.begin_segments(count)
        with builders([folder for _, folder in segments], memory) as building:
            for place, indexed in building.index(group):
                reported.take(indexed)
                if indexed.entry:
                    generation.add(segments[place][0], indexed)
                del indexed  # its texts need not be kept while the next are made
            for found in building.finish():
                terms, postings = terms + found[0], postings + found[1]
        generation.finish_segments(segments)
        # What had no room goes on, to further segments.
        if is_alone:
            alone = building.postponed
        else:
            shared, alone = building.postponed, alone + building.alone
    return terms, postings


def update(
    store: IndexStore,
    wanted: Wanted,
    base: Index | None,
    progress: Progress,
    memory: int,
    *,
    previous: str | None = None,
    in_rounds: bool = True,
) -> None:
    """Publish an index of what is wanted, with all that `base` has of it; the lock must be held.

    `memory` is how many bytes of it may be used, in all processes. What is published after each
    round but the last is `base` with the books that are ready so far; without `in_rounds` only the
    last is published. The generation `previous` of the library is kept. Raises CorpusError and
    OSError.
    """
    source = wanted.shelf.name
    known = {book.id: (book.shelf, book.version) for book in base.books} if base else {}
    limits = BuildMemory(memory)
    with span("load_gutenberg_corpus", {"corpus.source": source}) as loading:
        tasks = wanted.tasks()
        new = [t for t in tasks if known.get(t.file.id) != (t.shelf, t.file.version)]
        gone = known.keys() - {task.file.id for task in tasks}
        reported = _Reported(progress, len(new))
        reported.start()
        manifest = wanted.manifest(previous)
        terms = postings = 0
        rounds = list(_rounds(new, limits.round))
        generation = Generation(store, base, limits.heap)
        for number, group in enumerate(rounds, 1):
            if group:
                found = _index_round(generation, group, limits, reported)
                terms, postings = terms + found[0], postings + found[1]
            if in_rounds and number < len(rounds):
                generation.publish(manifest.model_copy(deep=True), generation.norms())
                published = store.library(wanted.shelf.spec).open_current()
                generation = Generation(store, published, limits.heap)
        for book_id in gone:
            generation.remove(book_id)
        compact(generation, limits)
        loading.set("corpus.books_count", len(generation.books))
        loading.set("corpus.skipped_count", len(reported.skipped))
        if not generation.books:
            if not tasks:  # a shelf without files is none that can be had
                raise CorpusError(
                    f"All books of the {source} shelf were removed by hand: add them, or others, "
                    "with gutenberg-explorer corpus add."
                )
            raise CorpusError(
                f"None of the {len(reported.skipped)} books of the {source} shelf could be read: "
                "check GUTENBERG_EXPLORER_SHELF."
            )
    with span("tfidf_vectorization") as vectorizing:
        vectorizing.set("index.generation", generation.name)
        vectorizing.set("index.terms_count", terms)
        vectorizing.set("index.postings_count", postings)
        norms = generation.norms()
        manifest.trace_id, manifest.span_id = vectorizing.ids
    with span("publish_index") as publishing:
        publishing.set("index.generation", generation.name)
        manifest.shelf.fingerprint = wanted.shelf.fingerprint()
        manifest.skipped = reported.skipped  # all of them: they are tried again by each update
        generation.publish(manifest, norms)
        publishing.set("index.books_count", manifest.books_count)
        publishing.set("index.bytes", manifest.size)
