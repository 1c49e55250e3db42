"""What holds for any array of an index: checks over whole arrays, a part of one at a time.

Each raises IndexDamaged, which names the file.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gutenberg_explorer.index.damage import damage_in, require
from gutenberg_explorer.index.strings import StringTable

# How many values are compared at once, so that what is computed of them stays small.
_AT_ONCE = 1 << 17
_COMPARED = 16


def parts(size: int) -> Iterator[slice]:
    """Yield slices that cover an array of a size."""
    for first in range(0, size, _AT_ONCE):
        yield slice(first, min(first + _AT_ONCE, size))


def require_length(name: str, values: NDArray[Any], length: int) -> None:
    """Check how many values an array has."""
    require(len(values) == length, name, f"has {len(values)} values instead of {length}")


def require_total(name: str, ends: NDArray[Any], total: int) -> None:
    """Check where the last of some things ends that fill another file."""
    last = int(ends[-1]) if len(ends) else 0
    require(last == total, name, f"ends at {last} instead of {total}")


def require_below(name: str, values: NDArray[Any], limit: int) -> None:
    """Check that all values are less than a limit."""
    for part in parts(len(values)):
        require((values[part] < limit).all(), name, f"contains a value that is not below {limit}")


def starts_of(ends: NDArray[Any], total: int) -> NDArray[np.bool_]:
    """Return for each of `total` places, and for the one after them, whether a group begins there.

    `ends` are where the groups end, which follow one another.
    """
    starts = np.zeros(total + 1, np.bool_)
    starts[:1] = True
    starts[ends.astype(np.intp)] = True
    return starts


def require_ascending(
    name: str,
    values: NDArray[Any],
    *,
    strictly: bool = True,
    starts: NDArray[np.bool_] | None = None,
) -> None:
    """Check that values ascend, but for those with which a group begins, by `starts`."""
    for part in parts(len(values) - 1):
        before, after = values[part], values[part.start + 1 : part.stop + 1]
        ascends = after > before if strictly else after >= before
        if starts is not None:
            ascends |= starts[part.start + 1 : part.stop + 1]
        require(ascends.all(), name, "does not ascend")


def require_ends(name: str, ends: NDArray[Any], total: int, *, may_be_empty: bool = False) -> None:
    """Check ends: they ascend to the end of what they point into. None is empty unless said so."""
    require_ascending(name, ends, strictly=not may_be_empty)
    if len(ends) and not may_be_empty:
        require(ends[0] > 0, name, "does not ascend")
    require_total(name, ends, total)


def require_sorted(name: str, ends_name: str, strings: StringTable) -> None:
    """Check strings that are looked up: none empty, all of UTF-8, each greater than the one before.

    Whole strings are compared only where two begin with the same 16 bytes, which few do.
    """
    require_ends(ends_name, strings.ends, strings.size)
    with damage_in(name):
        str(strings.joined, "utf-8")
    data = np.frombuffer(strings.joined + bytes(_COMPARED), np.uint8)
    before = np.zeros(2, np.uint64)
    for part in parts(len(strings)):
        ends = strings.ends[part].astype(np.intp)
        starts = np.empty_like(ends)
        starts[0] = strings.ends[part.start - 1] if part.start else 0
        starts[1:] = ends[:-1]
        # Where all of it is UTF-8, no string is cut whose first byte begins a character.
        require((data[starts] & 0xC0 != 0x80).all(), ends_name, "cuts a character")
        keys = _beginnings(data, starts, ends - starts)
        earlier = np.vstack((before, keys[:-1]))
        greater = (keys[:, 0] > earlier[:, 0]) | (
            (keys[:, 0] == earlier[:, 0]) & (keys[:, 1] > earlier[:, 1])
        )
        for number in (np.flatnonzero(~greater) + part.start).tolist():
            require(number == 0 or strings[number - 1] < strings[number], name, "is not sorted")
        before = keys[-1]


def _beginnings(
    data: NDArray[np.uint8], starts: NDArray[np.intp], sizes: NDArray[np.intp]
) -> NDArray[np.uint64]:
    """Return the first bytes of strings as two numbers each, which are in the order of the bytes.

    What a string lacks counts as 0; as many bytes follow the last of `data`.
    """
    windows = np.lib.stride_tricks.sliding_window_view(data, _COMPARED)
    words = np.ascontiguousarray(windows[starts]).view(">u8").astype(np.uint64)
    missing = np.stack((8 - sizes, _COMPARED - sizes), axis=1).clip(0, 8).astype(np.uint64)
    shift = np.uint64(8) * missing
    # A shift by all 64 bits is not defined.
    kept: NDArray[np.uint64] = np.where(missing == 8, 0, words >> (shift & 63) << (shift & 63))
    return kept
