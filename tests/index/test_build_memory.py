import itertools
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.memory import Peak
from gutenberg_explorer.index import build_memory
from gutenberg_explorer.index.build_memory import BuildMemory
from tests.libraries import library_of, small_books
from tests.searching import search

MIB = 1024 * 1024
BUILD = """
import sys
from pathlib import Path
from gutenberg_explorer.corpus.directory import DirectoryShelf
from gutenberg_explorer.index import IndexStore, Library
shelf = DirectoryShelf(Path(sys.argv[1]))
memory = int(sys.argv[3]) * 1024 * 1024
index = Library(IndexStore(Path(sys.argv[2])), [shelf], lambda _: shelf, memory=memory).build()
assert "ok" in [book.id for book in index.books]
"""


def words(first: int, size: int) -> Iterator[str]:
    """Yield different words, some characters in all, nine to a line."""
    length = 0
    for number in itertools.count(first):
        word = f"w{number:x}{'q' * (number % 3)}" + ("\n" if number % 9 == 0 else " ")
        length += len(word)
        if length > size:
            return
        yield word


KINDS = {
    "different words in many books": [
        "".join(words(first, 200_000)) for first in range(0, 1_200_000, 40_000)
    ],
    "different words in one book": ["".join(words(0, 2_500_000))],
    "one word": ["a" * 2_500_000],
    "one line": ["some words of a line without end " * 70_000],
    "headings": ["CHAPTER I\n" * 250_000],
    "verses": ["1:1 a\n" * 400_000],
    "different ideographs": ["".join(chr(0x4E00 + n * 7 % 20_000) for n in range(800_000))],
    "marks": ["e\u0301" * 800_000],
    "numbers": [" ".join(map(str, range(300_000)))],
}


IN_EACH_RUN = ("different words in many books", "one line")


@pytest.mark.parametrize(
    "kind",
    [
        kind if kind in IN_EACH_RUN else pytest.param(kind, marks=pytest.mark.peers)
        for kind in KINDS
    ],
)
def test_memory_is_bounded_whatever_the_books_are(tmp_path: Path, kind: str) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (shelf / "ok.txt").write_text("A sound book.")
    for number, text in enumerate(KINDS[kind]):
        (shelf / f"book-{number}.txt").write_text(text)
    command = [sys.executable, "-c", BUILD, str(shelf), str(tmp_path / "data"), "192"]
    with subprocess.Popen(command) as process, Peak(process.pid) as peak:
        assert process.wait() == 0
    assert 0 < peak.bytes < 192 * MIB


def test_what_has_no_room_in_a_segment_goes_on_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build_memory, "_SMALLEST_SEGMENT", 1)
    library = library_of(f"directory:{small_books(tmp_path / 'shelf')}", tmp_path)
    index = replace(library, memory=1).build()
    assert len(index.books) == len(index.segments) == 3
    assert not index.manifest.skipped
    for method in ("tfidf", "bm25"):
        assert (
            search(index, "love", method=method).total
            == search(library.build(), "love", method=method).total
        )


def test_a_book_that_is_too_large_for_the_setting_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build_memory, "_FEWEST_WORDS", 100)
    shelf = small_books(tmp_path / "shelf")
    (shelf / "many.txt").write_text("".join(words(0, 5_000)))
    library = library_of(f"directory:{shelf}", tmp_path)
    index = replace(library, memory=1).build()
    assert len(index.books) == 3
    assert "GUTENBERG_EXPLORER_BUILD_MEMORY" in index.manifest.skipped["many"]


def test_more_memory_is_for_more_of_everything() -> None:
    small, large = BuildMemory(256 * MIB), BuildMemory(2048 * MIB)
    assert small.words < large.words
    assert small.round < large.round
    assert small.segment(1) < large.segment(1)
    assert large.segment(4) < large.segment(1)
    assert small.process_count(10**9) == 1
    assert BuildMemory(768 * MIB).process_count(10**6) == 1
