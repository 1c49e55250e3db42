"""The rows of a catalogue, each read on its own: one that can't be read costs no other."""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TextIO

# What Python's csv module allows a field; a line is held to it as a whole.
_LONGEST_LINE = 131_072
# A quoted field may have line feeds: the longest of Project Gutenberg has a dozen.
_MOST_LINES = 40


@dataclass(frozen=True, slots=True)
class Row:
    """A row and the number of its first line. `problem` says why it can't be read, or is empty."""

    line: int
    fields: list[str]
    problem: str = ""


def _lines(file: TextIO) -> Iterator[str | None]:
    """Yield the lines; None for one that is too long, which is never in memory as a whole."""
    while line := file.readline(_LONGEST_LINE):
        if len(line) < _LONGEST_LINE or line.endswith("\n"):
            yield line
            continue
        while line and not line.endswith("\n"):
            line = file.readline(_LONGEST_LINE)
        yield None


class _Ahead(Iterator[str]):
    """Gives lines to a reader of rows and counts them."""

    def __init__(self, lines: deque[str | None]) -> None:
        self._lines = lines
        self.count = 0

    def __next__(self) -> str:
        if self.count == len(self._lines) or (line := self._lines[self.count]) is None:
            raise StopIteration
        self.count += 1
        return line


def _parse(lines: deque[str | None], delimiter: str) -> tuple[list[str], int, str]:
    """Return the first row, how many lines it has, and what is wrong with it."""
    ahead = _Ahead(lines)
    try:
        row = next(csv.reader(ahead, delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        is_open = "unexpected end" in str(error)
        problem = "a quotation mark is not closed" if is_open else str(error)
    else:
        return row, ahead.count, ""
    # A quotation mark that is closed in its line may stand before other characters.
    ahead = _Ahead(deque([lines[0], None]))
    try:
        row = next(csv.reader(ahead, delimiter=delimiter), [])
        ended = next(csv.reader(_Ahead(deque([lines[0], "\n", None])), delimiter=delimiter), [])
    except csv.Error as error:
        return [], 1, str(error)
    return (row, 1, "") if row == ended else ([], 1, problem)


def read_rows(file: TextIO, delimiter: str) -> Iterator[Row]:
    """Yield the rows of a file that was opened with `newline=""`; empty lines are none.

    Where a quotation mark is never closed, its line is refused, and what follows is read.
    """
    lines = _lines(file)
    held: deque[str | None] = deque(islice(lines, _MOST_LINES))
    number = 1
    while held:
        if held[0] is None:
            fields: list[str] = []
            count, problem = 1, f"it is longer than {_LONGEST_LINE} characters"
        else:
            fields, count, problem = _parse(held, delimiter)
        if fields or problem:
            yield Row(number, fields, problem)
        number += count
        for _ in range(count):
            held.popleft()
        held.extend(islice(lines, count))
