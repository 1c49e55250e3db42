"""Changes of a small library and commands, each in a process that can be killed at any moment.

Such a process is forked from a server that has all modules loaded, so that it begins to work in
milliseconds.
"""

import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path

from gutenberg_explorer import cli, corpus
from gutenberg_explorer.corpus import Progress, no_progress
from gutenberg_explorer.index import Library
from gutenberg_explorer.index.library import DEFAULT_MEMORY
from tests.libraries import library_of
from tests.waiting import seconds_of

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload([__name__])

FIRST = tuple(f"first-{number}" for number in range(3))
MORE = tuple(f"more-{number}" for number in range(5))
# Room for one book, so that each has a round of its own.
_MEMORY = 6 * 1_500


@dataclass(frozen=True)
class Books:
    """Two shelves in a folder: what a library begins with, and what is added to it.

    Each passage of each book holds the white whale.
    """

    folder: Path

    def write(self) -> None:
        """Write the books."""
        for shelf, books in (("first", FIRST), ("more", MORE)):
            (self.folder / shelf).mkdir()
            for book in books:
                lines = [f"The white whale of {book} swims on day {day}." for day in range(25)]
                (self.folder / shelf / f"{book}.txt").write_text("\n\n".join(lines))

    @property
    def more(self) -> str:
        """The setting that means the second shelf."""
        return f"directory:{self.folder / 'more'}"

    def library(self, data_dir: Path, progress: Progress = no_progress) -> Library:
        """Return the library of the first shelf in a data directory."""
        library = library_of(f"directory:{self.folder / 'first'}", data_dir, progress)
        return replace(library, memory=_MEMORY)

    def texts(self) -> dict[str, str]:
        """Return the text of each book as it is to be found in an index."""
        library = self.library(self.folder)
        shelves = [*library.shelves, library.shelf_of(self.more)]
        return {file.id: corpus.read_book(file).text for s in shelves for file in s.files()}


Change = Callable[[Library, Books], object]


def build_first(library: Library, books: Books) -> None:
    library.open_or_build()


def build_anew(library: Library, books: Books) -> None:
    library.build()


def add(library: Library, books: Books) -> None:
    library.add([books.more])


def merge(library: Library, books: Books) -> None:
    # With more memory the segments of one book each are small, and as many as are made one.
    replace(library, memory=DEFAULT_MEMORY).update()


def remove(library: Library, books: Books) -> None:
    # What has been removed before a kill is not there to be removed again.
    if library.store.open().book_number(FIRST[0]) is not None:
        library.remove([FIRST[0]])


def _work(
    connection: Connection, change: Change, books: Books, data_dir: Path, file_size: int | None
) -> None:
    library = books.library(data_dir)
    if file_size is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    connection.send(None)
    try:
        change(library, books)
    except OSError as error:
        connection.send(str(error))
    else:
        connection.send(None)


def run(
    change: Change,
    books: Books,
    data_dir: Path,
    *,
    kill_after: float | None = None,
    file_size: int | None = None,
) -> tuple[float | None, str | None]:
    """Make a change; return how long it took in seconds, and the OSError that it ended with.

    The time is None when the process was killed, with SIGKILL after `kill_after` seconds. No file
    that it writes grows beyond `file_size`.
    """
    ours, theirs = _CONTEXT.Pipe()
    arguments = theirs, change, books, data_dir, file_size
    process = _CONTEXT.Process(target=_work, args=arguments)
    process.start()
    theirs.close()
    with ours:
        ours.recv()
        took = seconds_of(lambda: process.join(kill_after))
        process.kill()
        process.join()
        assert process.exitcode in (0, -signal.SIGKILL)
        return (took, ours.recv()) if process.exitcode == 0 else (None, None)


def _command(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    os.environ.update(environment)
    cli.main(list(arguments))


def run_commands(
    commands: Sequence[tuple[Sequence[str], float]], environment: Mapping[str, str]
) -> list[int | None]:
    """Run commands at once, each killed with SIGKILL after so many seconds of its own.

    Return the exit code of each, None for one that was killed.
    """
    processes = []
    for arguments, _ in commands:
        process = _CONTEXT.Process(target=_command, args=(arguments, environment))
        process.start()
        processes.append(process)
    passed = 0.0
    order = sorted(range(len(commands)), key=lambda number: commands[number][1])
    for number in order:
        time.sleep(commands[number][1] - passed)
        passed = commands[number][1]
        processes[number].kill()
    for process in processes:
        process.join()
    codes = [process.exitcode for process in processes]
    return [None if code == -signal.SIGKILL else code for code in codes]
