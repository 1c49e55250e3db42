"""What can't be in a segment is found out, whatever its checksums say."""

import random
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gutenberg_explorer.index import IndexDamaged
from gutenberg_explorer.index.layout import CONTENTS, DTYPES, TERMS, ArrayName
from gutenberg_explorer.index.segment import Segment
from gutenberg_explorer.index.writer import SegmentWriter
from tests.soak import SEED, share_of

Array = NDArray[Any]
Change = Callable[[Array], object]

_TEXTS = [
    "\n\n".join(f"CHAPTER {n}\n\nThe white whale swims, and sings of love. " * 3 for n in range(9)),
    "A storm came over the sea and took the white ship away.\n\n" * 30,
    "Le bœuf est gras; l'été, la mer était haute — et la baleine blanche.\n\n" * 40,
]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A segment of three books, the last of which has characters of several bytes."""
    folder = tmp_path_factory.mktemp("segment")
    with SegmentWriter(folder) as writer:
        for text in _TEXTS:
            writer.add(text)
        writer.finish()
    Segment(folder).check()
    Segment(folder).check_hashes()
    return folder


_PIECES = st.sampled_from(
    [
        *("love", "don't", "the", "naïve", "𐐷𐐷", "2001", "İ", "ŉ", "ﬁ", "e\u0301", "鯨" * 700, "'"),
        *("CHAPTER I", "ROMEO.", "\n1:1 ", "2:1 ", "# x", "PART II", "THE SONG", "CONTENTS", "II."),
        *("\n", "\n\n", "\n \n", "\t", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\0", "\u200b"),
        *("\u2028", "\u3000", "\xa0", "\ufeff", "’", "“", "a " * 700),
    ]
)


@given(
    st.lists(
        st.tuples(
            st.lists(_PIECES | st.text(max_size=3)), st.sampled_from(["", " ", "\n", "\n\n"])
        ),
        min_size=1,
        max_size=3,
    )
)
def test_whatever_is_written_is_sound(parts: list[tuple[list[str], str]]) -> None:
    texts = [between.join(pieces) for pieces, between in parts]
    with tempfile.TemporaryDirectory() as name:
        with SegmentWriter(Path(name)) as writer:
            for text in texts:
                writer.add(text.encode("utf-8", "ignore").decode())
            writer.finish()
        _check(Path(name))


def _array(folder: Path, name: ArrayName) -> Array:
    return np.fromfile(folder / name, DTYPES[name])


def _check(folder: Path) -> None:
    segment = Segment(folder)
    segment.check()
    segment.check_hashes()


def _changed(sound: Path, tmp_path: Path, name: str, data: bytes) -> Path:
    folder = shutil.copytree(sound, tmp_path / "changed", dirs_exist_ok=True)
    (folder / name).write_bytes(data)
    return folder


def _set(place: int, value: int) -> Change:
    return lambda values: values.__setitem__(place, value)


def _add(place: int, by: int) -> Change:
    return lambda values: values.__setitem__(place, int(values[place]) + by)


def _exchange(first: int, second: int) -> Change:
    def change(values: Array) -> None:
        values[[first, second]] = values[[second, first]]

    return change


def _repeat(place: int) -> Change:
    return lambda values: values.__setitem__(place + 1, values[place])


CHANGES: list[tuple[ArrayName, str, Change]] = [
    ("text_ends", "descends", _exchange(0, 1)),
    ("text_ends", "is not that of the text", _add(0, 1)),
    ("text_ends", "is not the last", _add(-1, -1)),
    ("text_lengths", "is longer than the text", _add(0, 1)),
    ("text_lengths", "is shorter than the text", _add(0, -1)),
    ("text_lengths", "is nothing", _set(2, 0)),
    ("text_marks", "descends", _exchange(0, 1)),
    ("text_marks", "is too early", _add(1, -1)),
    ("text_marks", "is too late", _add(1, 1)),
    ("text_marks", "does not begin with the text", _add(0, 1)),
    ("mark_ends", "belongs to another text", _add(0, -1)),
    ("mark_ends", "descends", _exchange(0, 1)),
    ("passage_starts", "overlaps", _add(1, -3)),
    ("passage_starts", "is the end", _add(0, 100_000)),
    ("passage_starts", "descends", _exchange(0, 1)),
    ("passage_ends", "overlaps", _add(0, 3)),
    ("passage_ends", "is after the text", _add(-1, 3)),
    ("passage_ends", "is before the start", _set(1, 0)),
    ("passage_bytes", "is another byte of ASCII", _add(2, 1)),
    ("passage_bytes", "is an earlier byte of ASCII", _add(3, -1)),
    ("passage_bytes", "is after the text", _add(-1, 1_000)),
    ("passage_bytes", "descends", _exchange(-1, -3)),
    ("book_passages", "descends", _exchange(0, 1)),
    ("book_passages", "belongs to another text", _add(0, 1)),
    ("contents_ends", "descends", _exchange(0, 1)),
    ("contents_ends", "cuts the headings", _add(0, -1)),
    ("contents_ends", "is empty", _repeat(0)),
    ("term_ends", "descends", _exchange(3, 4)),
    ("term_ends", "is empty", _repeat(3)),
    ("term_ends", "is empty at first", _set(0, 0)),
    ("term_hashes", "is that of another term", _exchange(0, 1)),
    ("term_hashes", "is there twice", _repeat(0)),
    ("term_hashes", "is of no term", _add(5, 1)),
    ("posting_ends", "descends", _exchange(3, 4)),
    ("posting_ends", "has none", _repeat(3)),
    ("posting_ends", "has none at first", _set(0, 0)),
    ("posting_book", "is none", _set(0, 3)),
    ("posting_count", "is nothing", _set(0, 0)),
    ("posting_count", "is more", _add(0, 1)),
    ("posting_count", "is less", _add(0, -1)),
    ("posting_passage", "is none", _set(0, 1_000)),
    ("posting_positions", "is that of another posting", _exchange(0, 1)),
    ("posting_positions", "is there twice", _repeat(0)),
    ("posting_positions", "is moved", _add(1, 1)),
    ("positions", "is after the text", _set(-1, 100_000)),
]


@pytest.mark.parametrize(
    ("name", "change"), [pytest.param(n, c, id=f"{n} {what}") for n, what, c in CHANGES]
)
def test_an_impossible_value_is_found_out(
    sound: Path, tmp_path: Path, name: ArrayName, change: Change
) -> None:
    values = _array(sound, name)
    change(values)
    assert not np.array_equal(values, _array(sound, name))
    folder = _changed(sound, tmp_path, name, values.tobytes())
    with pytest.raises(IndexDamaged):
        _check(folder)


def _within(ends: Array, length: int) -> list[int]:
    """Return a place in each group of at least two values, which is not the last of it."""
    starts = np.concatenate([[0], ends[:-1]]).astype(int)
    return [
        int(a) for a, b in zip(starts, ends.astype(int), strict=True) if b - a > 1 and b <= length
    ]


@pytest.mark.parametrize("change", [_exchange, lambda a, _: _repeat(a)], ids=["descends", "twice"])
def test_what_ascends_in_each_group_is_found_out(
    sound: Path, tmp_path: Path, change: Callable[[int, int], Change]
) -> None:
    firsts, counts = _array(sound, "posting_positions"), _array(sound, "posting_count")
    order = np.argsort(firsts)
    groups: dict[ArrayName, Array] = {
        "posting_book": _array(sound, "posting_ends"),
        "positions": (firsts + counts)[order],
    }
    for name, ends in groups.items():
        values = _array(sound, name)
        places = _within(ends, len(values))
        assert places
        for place in places:
            damaged = values.copy()
            change(place, place + 1)(damaged)
            folder = _changed(sound, tmp_path, name, damaged.tobytes())
            with pytest.raises(IndexDamaged, match=f"{name} does not ascend"):
                _check(folder)
        _changed(sound, tmp_path, name, values.tobytes())


@pytest.mark.parametrize("name", [name for name in DTYPES if name != "term_hashes"])
def test_no_value_may_be_huge(sound: Path, tmp_path: Path, name: ArrayName) -> None:
    values = _array(sound, name)
    places = random.Random(SEED).sample(range(len(values)), min(len(values), share_of(200)))
    for place in places:
        damaged = values.copy()
        damaged[place] = np.iinfo(damaged.dtype).max
        folder = _changed(sound, tmp_path, name, damaged.tobytes())
        with pytest.raises(IndexDamaged):
            _check(folder)


@pytest.mark.parametrize("name", DTYPES)
@pytest.mark.parametrize("length", ["half a value less", "a value less", "a value more", "nothing"])
def test_arrays_belong_together(sound: Path, tmp_path: Path, name: ArrayName, length: str) -> None:
    data = (sound / name).read_bytes()
    size = np.dtype(DTYPES[name]).itemsize
    damaged = {
        "half a value less": data[: -size // 2],
        "a value less": data[:-size],
        "a value more": data + data[-size:],
        "nothing": b"",
    }[length]
    folder = _changed(sound, tmp_path, name, damaged)
    with pytest.raises(IndexDamaged):
        _check(folder)


@pytest.mark.parametrize(
    "data",
    [
        b'["\xff", 1, 0]',
        b'[["Chapter", 1, -1]]',
        b'[["Chapter", 0, 0]]',
        b'[["", 1, 0]]',
        b'[["Chapter", 1, 1000000]]',
        b'[["Chapter", "1", 0]]',
        b'[["Chapter", 1]]',
        b"{}",
        b"[" * 100_000,
        b"",
    ],
)
def test_what_are_no_headings_is_found_out(sound: Path, tmp_path: Path, data: bytes) -> None:
    rest = b"[]" * (len(_TEXTS) - 1)
    folder = _changed(sound, tmp_path, CONTENTS, data + rest)
    ends = len(data) + np.arange(len(_TEXTS), dtype="<u8") * 2
    (folder / "contents_ends").write_bytes(ends.tobytes())
    with pytest.raises(IndexDamaged, match="contents"):
        _check(folder)


@pytest.mark.parametrize("kind", ["exchanged", "twice", "not UTF-8", "cut in a character"])
def test_terms_that_can_not_be_looked_up_are_found_out(
    sound: Path, tmp_path: Path, kind: str
) -> None:
    ends = _array(sound, "term_ends")
    data = (sound / TERMS).read_bytes()
    terms = [data[a:b] for a, b in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True)]
    if kind == "exchanged":
        terms[3:5] = terms[4], terms[3]
    elif kind == "twice":
        terms[4] = terms[3]
    elif kind == "not UTF-8":
        terms[3] = b"\xff" + terms[3][1:]
    else:
        cut = next(place for place, term in enumerate(terms) if not term.isascii())
        wide = next(at for at, byte in enumerate(terms[cut]) if byte > 0x7F)
        both = terms[cut] + terms[cut + 1]
        terms[cut : cut + 2] = both[: wide + 1], both[wide + 1 :]
    folder = _changed(sound, tmp_path, TERMS, b"".join(terms))
    (folder / "term_ends").write_bytes(np.cumsum([len(t) for t in terms]).astype("<u8").tobytes())
    with pytest.raises(IndexDamaged, match="term"):
        _check(folder)
