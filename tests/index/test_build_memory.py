import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.memory import Peak
from gutenberg_explorer.index import IndexStore, build_memory
from gutenberg_explorer.index.build_memory import BuildMemory
from gutenberg_explorer.index.reader import Index
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
# Books of these kinds grow until one is too large: the largest that is taken needs the most memory.
GROWING: dict[str, Callable[[int], str]] = {
    "different words": lambda count: "".join(f"w{n:x} " for n in range(count)),
    "different words, each a paragraph": lambda count: "".join(f"w{n:x}\n\n" for n in range(count)),
    "long words": lambda count: "".join(f"w{n:x}{'q' * 200} " for n in range(count // 4)),
    "long words of two bytes a letter": lambda count: "".join(
        f"w{n:x}{'ж' * 200} " for n in range(count // 6)
    ),
    "one word": lambda count: "ab " * (count * 12),
    "common words": lambda count: "of the " * (count * 4),
}


LIMIT = 192


def _build(folder: Path, texts: list[str]) -> tuple[int, Index]:
    """Index a sound book and these in a process of its own; return the peak of its memory."""
    shelf = folder / "shelf"
    shelf.mkdir()
    (shelf / "ok.txt").write_text("A sound book.")
    for number, text in enumerate(texts):
        (shelf / f"book-{number}.txt").write_text(text)
    command = [sys.executable, "-c", BUILD, str(shelf), str(folder / "data"), str(LIMIT)]
    with subprocess.Popen(command) as process, Peak(process.pid) as peak:
        assert process.wait() == 0
    return peak.bytes, IndexStore(folder / "data").open()


IN_EACH_RUN = ("different words in many books", "one line")


@pytest.mark.parametrize(
    "kind",
    [
        kind if kind in IN_EACH_RUN else pytest.param(kind, marks=pytest.mark.peers)
        for kind in KINDS
    ],
)
def test_memory_is_bounded_whatever_the_books_are(tmp_path: Path, kind: str) -> None:
    peak, _ = _build(tmp_path, KINDS[kind])
    assert 0 < peak < LIMIT * MIB


@pytest.mark.peers
@pytest.mark.parametrize("kind", GROWING)
def test_the_largest_book_that_is_taken_is_within_the_bound(tmp_path: Path, kind: str) -> None:
    counts = [int(40_000 * 1.2**step) for step in range(16)]
    peak, index = _build(tmp_path, [GROWING[kind](count) for count in counts])
    assert 1 < len(index.books) <= len(counts)
    assert set(index.manifest.skipped.values()) == {
        "its words and text take more memory than GUTENBERG_EXPLORER_BUILD_MEMORY allows"
    }
    assert 0 < peak < LIMIT * MIB


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
    monkeypatch.setattr(build_memory, "_SMALLEST_BOOK", 100_000)
    shelf = small_books(tmp_path / "shelf")
    (shelf / "many.txt").write_text("".join(words(0, 5_000)))
    library = library_of(f"directory:{shelf}", tmp_path)
    index = replace(library, memory=1).build()
    assert len(index.books) == 3
    assert "GUTENBERG_EXPLORER_BUILD_MEMORY" in index.manifest.skipped["many"]


def test_more_memory_is_for_more_of_everything() -> None:
    small, large = BuildMemory(256 * MIB), BuildMemory(2048 * MIB)
    assert small.book < large.book
    assert small.round < large.round
    assert small.segment(1) < large.segment(1)
    assert large.segment(4) < large.segment(1)
    assert small.process_count(10**9) == 1
    assert BuildMemory(768 * MIB).process_count(10**6) == 1
