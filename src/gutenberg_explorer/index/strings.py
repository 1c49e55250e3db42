"""Strings in a mapped file, to be read one by one, and where they are sorted, to be looked up."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import overload

from gutenberg_explorer.index.arrays import map_array
from gutenberg_explorer.index.damage import damage_in
from gutenberg_explorer.index.files import map_bytes

_AT_ONCE = 8_192


class StringTable(Sequence[bytes]):
    """Strings side by side; those that are looked up are in the order of their UTF-8 bytes.

    That is the order of their code points.
    """

    def __init__(self, strings: Path, ends: Path) -> None:
        """Map both files. Raises IndexDamaged."""
        with damage_in(strings.name):
            self._strings = map_bytes(strings)
        self.ends = map_array(ends, "<u8")
        self._ends: memoryview[int] = self.ends.data

    def __len__(self) -> int:
        return len(self._ends)

    @property
    def size(self) -> int:
        """The length of all strings in bytes."""
        return len(self._strings)

    @property
    def joined(self) -> bytes:
        """All strings, side by side."""
        return self._strings[:]

    def batches(self) -> Iterator[list[bytes]]:
        """Yield all strings, some at a time."""
        for first in range(0, len(self), _AT_ONCE):
            ends = self._ends[first : first + _AT_ONCE].tolist()
            start = self._ends[first - 1] if first else 0
            strings = self._strings[start : ends[-1]]
            cuts = [0, *(end - start for end in ends)]
            yield [strings[a:b] for a, b in pairwise(cuts)]

    @overload
    def __getitem__(self, number: int) -> bytes: ...
    @overload
    def __getitem__(self, number: slice) -> list[bytes]: ...
    def __getitem__(self, number: int | slice) -> bytes | list[bytes]:
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        start = self._ends[number - 1] if number else 0
        return self._strings[start : self._ends[number]]

    def find(self, string: str) -> int | None:
        """Return the number of a string, or None."""
        sought = string.encode("utf-8", "surrogatepass")
        number = bisect_left(self, sought)
        return number if number < len(self) and self[number] == sought else None

    def with_prefix(self, prefix: str) -> range:
        """Return the numbers of the strings that begin with `prefix`, which is not empty."""
        first = prefix.encode("utf-8", "surrogatepass")
        # 0xff stands in no UTF-8, and so behind all that begins with the prefix.
        return range(bisect_left(self, first), bisect_left(self, first + b"\xff"))
