"""Turning files into a segment: the same work here, or shared out among processes.

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
from gutenberg_explorer.index.manifest import BookEntry
from gutenberg_explorer.index.writer import SegmentWriter

# Below this many bytes a process would take longer to start than it saves.
_WORTH_A_PROCESS = 3_000_000
# What a process needs at most for its share of a round, measured.
MEMORY_OF_A_PROCESS = 200_000_000


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


def _stems(text: str | None) -> str:
    return " ".join(stem(word) for word in query_words(text or ""))


def take(writer: SegmentWriter, task: Task, book: Book, started: int) -> Indexed:
    """Take a book into a segment. Raises OSError."""
    added = writer.add(book.text)
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


def index_book(writer: SegmentWriter, task: Task) -> Indexed:
    """Read a book and take it into a segment. Raises OSError."""
    started = telemetry.now()
    try:
        book = corpus.read_book(task.file)
    except UnreadableBook as error:
        return Indexed(task, started, telemetry.now(), problem=str(error))
    return take(writer, task, book, started)


def _work(connection: Connection, folder: Path) -> None:
    """Index what comes by `connection`: tasks, then None to finish the segment."""
    with suppress(EOFError, ConnectionError):  # the parent has gone: there is no one to tell
        try:
            with SegmentWriter(folder) as writer:
                while task := connection.recv():
                    connection.send(index_book(writer, task))
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
    """Processes that build one segment each."""

    def __init__(self, folders: Sequence[Path]) -> None:
        context = multiprocessing.get_context("spawn")
        pipes = [context.Pipe() for _ in folders]
        self._ours = [ours for ours, _ in pipes]
        self._processes = [
            context.Process(target=_work, args=(theirs, folder), daemon=True)
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

    def _receive(self, connection: Connection) -> Indexed | tuple[int, int]:
        with _while_it_lives():
            answer = connection.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]

    def index(self, tasks: Sequence[Task]) -> Iterator[tuple[int, Indexed]]:
        """Yield what becomes of each task, with the place of the segment that took it."""
        # The large ones first, so that the last to be ready is not long alone; and two for each
        # process at a time, so that none waits for its next.
        waiting = sorted(tasks, key=lambda task: task.file.size)
        taken = dict.fromkeys(self._ours, 0)
        for connection in self._ours * 2:
            if waiting:
                self._send(connection, waiting.pop())
                taken[connection] += 1
        while busy := [connection for connection, count in taken.items() if count]:
            for ready in multiprocessing.connection.wait(busy):
                assert isinstance(ready, Connection)
                indexed = self._receive(ready)
                assert isinstance(indexed, Indexed)
                taken[ready] -= 1
                if waiting:
                    self._send(ready, waiting.pop())
                    taken[ready] += 1
                yield self._ours.index(ready), indexed

    def finish(self) -> list[tuple[int, int]]:
        """Finish the segments; return the number of terms and of postings of each."""
        for connection in self._ours:
            self._send(connection, None)
        return [answer for c in self._ours if isinstance(answer := self._receive(c), tuple)]


class _Here(AbstractContextManager["_Here"]):
    """The same in this process, for one segment."""

    def __init__(self, folder: Path) -> None:
        self._writer = SegmentWriter(folder)

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._writer.__exit__(error_type, error, traceback)

    def index(self, tasks: Sequence[Task]) -> Iterator[tuple[int, Indexed]]:
        """Yield what becomes of each task, with the place of the segment that took it."""
        for task in tasks:
            yield 0, index_book(self._writer, task)

    def finish(self) -> list[tuple[int, int]]:
        """Finish the segment; return the number of its terms and of its postings."""
        return [self._writer.finish()]


def process_count(size: int, memory: int) -> int:
    """Return how many processes are worth their start for books of `size` bytes in all."""
    bounds = os.cpu_count() or 1, size // _WORTH_A_PROCESS, memory // MEMORY_OF_A_PROCESS
    return max(1, min(bounds))


def builders(folders: Sequence[Path]) -> _Workers | _Here:
    """Return what builds a segment in each folder: processes, or this one when it is one."""
    return _Workers(folders) if len(folders) > 1 else _Here(folders[0])
