"""What can't be in a generation's own files is found out, whatever their checksums say."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gutenberg_explorer.index import IndexDamaged, IndexStore, reader
from gutenberg_explorer.index.layout import BOOK_ENDS, BOOKS, ID_ENDS, IDS, NORMS, NUMBERS
from gutenberg_explorer.index.norms import NONE
from gutenberg_explorer.index.reader import Index
from tests.index.shelf import make_index

_TEXTS = ["the white whale", "a black cat and a storm", "nothing but the sea"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a generation whose sizes and checksums count as right, whatever it holds."""
    make_index(tmp_path, _TEXTS, segments=2)
    monkeypatch.setattr(reader, "check_sizes", lambda _: None)
    monkeypatch.setattr(reader, "check_sums", lambda _: None)
    return IndexStore(tmp_path).open().folder


def _array(folder: Path, name: str, dtype: str) -> NDArray[Any]:
    return np.fromfile(folder / name, dtype)


@pytest.mark.parametrize(
    "numbers",
    [
        [0, 0, 1],
        [0, 1, 3],
        [0, 1, NONE],
        [0, 1],
        [0, 1, 2, 3],
        [NONE, NONE, NONE],
        [],
    ],
)
def test_numbers_are_a_permutation(folder: Path, numbers: list[int]) -> None:
    np.array(numbers, "<u4").tofile(folder / NUMBERS)
    with pytest.raises(IndexDamaged, match=NUMBERS):
        Index(folder)


def test_numbers_that_are_exchanged_fit_other_texts(folder: Path) -> None:
    _array(folder, NUMBERS, "<u4")[::-1].tofile(folder / NUMBERS)
    with pytest.raises(IndexDamaged, match=BOOKS):
        Index(folder)


@pytest.mark.parametrize(
    "norms", [[1, 1, 0], [1, 1, -1], [1, float("nan"), 1], [float("inf"), 1, 1], [1, 1], []]
)
def test_norms_are_lengths(folder: Path, norms: list[float]) -> None:
    np.array(norms, "<f8").tofile(folder / NORMS)
    with pytest.raises(IndexDamaged, match=NORMS):
        Index(folder)


def _lines(change: Callable[[list[dict[str, Any]]], object]) -> Callable[[bytes], bytes]:
    def changed(data: bytes) -> bytes:
        rows = [json.loads(line) for line in data.splitlines()]
        change(rows)
        return b"".join(json.dumps(row).encode() + b"\n" for row in rows)

    return changed


@pytest.mark.parametrize(
    "change",
    [
        _lines(lambda rows: rows.reverse()),
        _lines(lambda rows: rows[1].update(id="book-000")),
        _lines(lambda rows: rows[1].update(id="book-x")),
        _lines(lambda rows: rows[1].update(title=None)),
        _lines(lambda rows: rows[1].update(word_count=-1)),
        _lines(lambda rows: rows[1].update(character_count=1)),
        _lines(lambda rows: rows[1].pop("title")),
        _lines(lambda rows: rows.pop()),
        _lines(lambda rows: rows.append(rows[-1] | {"id": "book-x"})),
        lambda data: data.replace(b"\n", b" "),
        lambda data: data.replace(b"Book", b"\xff\xff\xff\xff"),
        lambda _: b"",
        lambda _: b"[" * 100_000,
    ],
)
def test_books_are_rows_by_id(folder: Path, change: Callable[[bytes], bytes]) -> None:
    data = change((folder / BOOKS).read_bytes())
    (folder / BOOKS).write_bytes(data)
    ends = [place + 1 for place, byte in enumerate(data) if byte == ord("\n")] or [len(data)]
    np.array(ends, "<u8").tofile(folder / BOOK_ENDS)
    with pytest.raises(IndexDamaged, match="book"):
        Index(folder)


@pytest.mark.parametrize("name", [BOOK_ENDS, ID_ENDS])
@pytest.mark.parametrize("place", range(len(_TEXTS)))
@pytest.mark.parametrize("by", [-1, 1, 2**40])
def test_ends_cut_nothing(folder: Path, name: str, place: int, by: int) -> None:
    ends = _array(folder, name, "<u8")
    ends[place] = int(ends[place]) + by
    ends.tofile(folder / name)
    with pytest.raises(IndexDamaged, match="book"):
        Index(folder)


def test_ids_are_those_of_the_books(folder: Path) -> None:
    data = (folder / IDS).read_bytes()
    (folder / IDS).write_bytes(data.replace(b"book-001", b"book-00x"))
    with pytest.raises(IndexDamaged, match=IDS):
        Index(folder)


def test_passages_are_those_of_the_books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_index(tmp_path / "one", ["love\n\n" * 100, "the sea"]).folder
    other = make_index(tmp_path / "other", ["the sea", "love\n\n" * 100]).folder
    longer = make_index(tmp_path / "longer", ["love\n\n" * 100] * 2).folder
    monkeypatch.setattr(reader, "check_sizes", lambda _: None)
    monkeypatch.setattr(reader, "check_sums", lambda _: None)
    passages = folder / "passages"
    passages.rename(folder / "before")
    for instead in (other, longer):
        passages.unlink(missing_ok=True)
        passages.symlink_to(instead / "passages")
        with pytest.raises(IndexDamaged, match="passages"):
            Index(folder)


@pytest.mark.parametrize("error", [MemoryError, RecursionError, OverflowError, OSError, KeyError])
def test_whatever_is_raised_on_opening_is_damage(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(reader, "check_norms", fail)
    with pytest.raises(IndexDamaged, match=f"{folder.name} can't be read"):
        Index(folder)


def test_an_interrupt_is_no_damage(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(reader, "check_norms", interrupt)
    with pytest.raises(KeyboardInterrupt):
        Index(folder)


def test_a_library_without_books_is_sound(tmp_path: Path) -> None:
    index = make_index(tmp_path, [], segments=0)
    assert (len(index.books), len(index.segments), index.find("love")) == (0, 0, None)
    assert index.damage() == []


def test_a_large_index_is_checked_after_it_has_been_opened(tmp_path: Path) -> None:
    folder = make_index(tmp_path, _TEXTS).folder
    index = Index(folder, at_opening=0)
    read: list[int] = []
    index.check_rest(read.append)
    assert sum(read) == index.size
    index.check_rest(read.append)
    assert sum(read) == index.size
    (path,) = (tmp_path / "index").rglob("text.utf8")
    path.write_bytes(path.read_bytes().replace(b"whale", b"whole"))
    index = Index(folder, at_opening=0)
    with pytest.raises(IndexDamaged, match=r"text\.utf8 does not match its checksum"):
        index.check_rest()
    with pytest.raises(IndexDamaged, match=r"text\.utf8 does not match its checksum"):
        Index(folder)


def test_what_becomes_shorter_under_an_open_index_is_damage(tmp_path: Path) -> None:
    text = "the white whale\n\n" * 20_000
    index = make_index(tmp_path, [text])
    (path,) = (tmp_path / "index").rglob("text.utf8")
    with path.open("r+b") as file:
        file.truncate(2_000)
    assert index.text(0, 0, 15) == "the white whale"
    with pytest.raises(IndexDamaged, match=r"text\.utf8 has become shorter"):
        index.text(0, 100_000, 100_100)
