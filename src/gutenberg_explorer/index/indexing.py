"""Turning files into segments: the same work here, or shared out among processes.

A process of its own costs a third of a second to start, so a few books are indexed in this one.
"""

import multiprocessing
import multiprocessing.connection
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType

from gutenberg_explorer import corpus, telemetry
from gutenberg_explorer.corpus import Book, BookFile, UnreadableBook
from gutenberg_explorer.index.analysis import query_words, stem
from gutenberg_explorer.index.build_memory import BuildMemory
from gutenberg_explorer.index.manifest import BookEntry
from gutenberg_explorer.index.writer import BookTooLarge, SegmentFull, SegmentWriter
from gutenberg_explorer.parent_process import when_parent_ends


@dataclass(frozen=True, slots=True)
class Task:
    """A book to be indexed, and the shelf that it comes from."""

    file: BookFile
    shelf: str


@dataclass(frozen=True, slots=True)
class Indexed:
    """What became of a book: its entry, and what title, author and passages are searched by.

    `entry` is None when it can't be read, and `problem` says why. Times are in ns since 1970.
    """

    task: Task
    started: int
    ended: int
    entry: BookEntry | None = None
    title: str = ""
    author: str = ""
    passages: Sequence[str] = ()
    pairs: Sequence[str] = ()
    across: Sequence[str] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Postponed:
    """A book that did not fit into a segment, and whether it would not fit into an empty one."""

    task: Task
    is_alone: bool


def _stems(text: str | None) -> str:
    return " ".join(stem(word) for word in query_words(text or ""))


def take(
    writer: SegmentWriter, task: Task, book: Book, started: int, most: int | None = None
) -> Indexed:
    """Take a book into a segment. Raises OSError, SegmentFull and BookTooLarge."""
    added = writer.add(book.text, most)
    entry = BookEntry(
        id=book.id,
        title=book.title,
        author=book.author,
        year=book.year,
        language=book.language,
        source=book.source,
        shelf=task.shelf,
        version=task.file.version,
        rights=book.rights,
        url=book.url,
        word_count=added.word_count,
        character_count=len(book.text),
    )
    return Indexed(
        task,
        started,
        telemetry.now(),
        entry,
        _stems(book.title),
        _stems(book.author),
        added.passages,
        added.pairs,
        added.across,
    )


def index_book(writer: SegmentWriter, task: Task, memory: BuildMemory) -> Indexed:
    """Read a book and take it into a segment. Raises OSError and SegmentFull."""
    started = telemetry.now()
    try:
        # Whatever its characters are, the text takes twice its size at least.
        if 2 * task.file.size > memory.book:
            raise BookTooLarge
        return take(writer, task, corpus.read_book(task.file), started, memory.book)
    except UnreadableBook as error:
        problem = str(error)
    except BookTooLarge:
        problem = "its words and text take more memory than GUTENBERG_EXPLORER_BUILD_MEMORY allows"
    return Indexed(task, started, telemetry.now(), problem=problem)


def _index_or_postpone(
    writer: SegmentWriter, task: Task, memory: BuildMemory
) -> Indexed | _Postponed:
    try:
        return index_book(writer, task, memory)
    except SegmentFull:
        return _Postponed(task, writer.is_empty)


def _work(connection: Connection, folder: Path, memory: BuildMemory, share: int) -> None:
    """Index what comes by `connection`: tasks, then None to finish the segment."""
    when_parent_ends(lambda: os._exit(1))
    with suppress(EOFError, ConnectionError):  # the parent has gone: there is no one to tell
        try:
            with SegmentWriter(folder, share) as writer:
                while task := connection.recv():
                    connection.send(_index_or_postpone(writer, task, memory))
                connection.send(writer.finish())
        except Exception as error:  # noqa: BLE001 - raised again by the parent
            connection.send(error)


def _start(processes: Sequence[BaseProcess]) -> None:
    """Start processes that no Ctrl-C reaches: their parent hears of it, and ends them.

    A thread starts them, since an interrupt might come in the middle of it, and they inherit its
    mask.
    """
    resource_tracker.ensure_running()  # which would take interrupts out of the mask
    masked = signal.SIG_BLOCK, {signal.SIGINT}
    with ThreadPoolExecutor(1, initializer=signal.pthread_sigmask, initargs=masked) as thread:
        for started in [thread.submit(process.start) for process in processes]:
            started.result()


@contextmanager
def _while_it_lives() -> Iterator[None]:
    try:
        yield
    except (EOFError, ConnectionError):
        raise OSError("an indexing process was killed") from None


class _Workers(AbstractContextManager["_Workers"]):
    """Processes that build one segment each.

    `postponed` are the books that had no room, `alone` those that need a segment of their own.
    """

    def __init__(self, folders: Sequence[Path], memory: BuildMemory) -> None:
        self.postponed: list[Task] = []
        self.alone: list[Task] = []
        share = memory.segment(len(folders))
        context = multiprocessing.get_context("spawn")
        pipes = [context.Pipe() for _ in folders]
        self._ours = [ours for ours, _ in pipes]
        self._processes = [
            context.Process(target=_work, args=(theirs, folder, memory, share), daemon=True)
            for (_, theirs), folder in zip(pipes, folders, strict=True)
        ]
        _start(self._processes)
        for _, theirs in pipes:
            theirs.close()

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for connection in self._ours:
            connection.close()
        for process in self._processes:
            if error_type:
                process.kill()
            process.join()

    def _send(self, connection: Connection, task: Task | None) -> None:
        with _while_it_lives():
            connection.send(task)

    def _receive(self, connection: Connection) -> Indexed | _Postponed | tuple[int, int]:
        with _while_it_lives():
            answer = connection.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]

    def index(self, tasks: Sequence[Task]) -> Iterator[tuple[int, Indexed]]:
        """Yield what becomes of each task, with the place of the segment that took it."""
        # The large ones first, so that the last to be ready is not long alone; and two for each
        # process at a time, so that none waits for its next.
        self.postponed = waiting = sorted(tasks, key=lambda task: task.file.size)
        full: set[Connection] = set()
        returned: list[Task] = []
        taken = dict.fromkeys(self._ours, 0)
        for connection in self._ours * 2:
            if waiting:
                self._send(connection, waiting.pop())
                taken[connection] += 1
        while busy := [connection for connection, count in taken.items() if count]:
            for ready in multiprocessing.connection.wait(busy):
                assert isinstance(ready, Connection)
                answer = self._receive(ready)
                taken[ready] -= 1
                if isinstance(answer, _Postponed):
                    full.add(ready)
                    (self.alone if answer.is_alone else returned).append(answer.task)
                if waiting and ready not in full:
                    self._send(ready, waiting.pop())
                    taken[ready] += 1
                if isinstance(answer, Indexed):
                    yield self._ours.index(ready), answer
        self.postponed = returned + waiting

    def finish(self) -> list[tuple[int, int]]:
        """Finish the segments; return the number of terms and of postings of each."""
        for connection in self._ours:
            self._send(connection, None)
        return [answer for c in self._ours if isinstance(answer := self._receive(c), tuple)]


class _Here(AbstractContextManager["_Here"]):
    """The same in this process, for one segment, which has room for one book at least."""

    def __init__(self, folder: Path, memory: BuildMemory) -> None:
        self.postponed: list[Task] = []
        self.alone: list[Task] = []
        self._memory = memory
        self._writer = SegmentWriter(folder, memory.segment(1), takes_one=True)

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._writer.__exit__(error_type, error, traceback)

    def index(self, tasks: Sequence[Task]) -> Iterator[tuple[int, Indexed]]:
        """Yield what becomes of each task, with the place of the segment that took it."""
        for number, task in enumerate(tasks):
            try:
                indexed = index_book(self._writer, task, self._memory)
            except SegmentFull:
                self.postponed = list(tasks[number:])
                return
            yield 0, indexed
            del indexed  # its texts need not be kept while the next are made

    def finish(self) -> list[tuple[int, int]]:
        """Finish the segment; return the number of its terms and of its postings."""
        return [self._writer.finish()]


def builders(folders: Sequence[Path], memory: BuildMemory) -> _Workers | _Here:
    """Return what builds a segment in each folder: processes, or this one when it is one."""
    return _Workers(folders, memory) if len(folders) > 1 else _Here(folders[0], memory)
