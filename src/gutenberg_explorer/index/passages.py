"""Cutting a book into passages: its own paragraphs, of a length that a result can show."""

import re
from collections.abc import Iterator

MIN_LENGTH = 60
MAX_LENGTH = 480

_PARAGRAPH = re.compile(r"\S[^\n]*(?:\n[^\n]*\S[^\n]*)*")
_SENTENCE_END = re.compile(r"[.!?;:][\"'”’)\]]*\s+")
_LINE_END = re.compile(r"\s*\n\s*")
_SPACE = re.compile(r"\s+")


def _cut(text: str, start: int, end: int) -> int:
    """Return where to end the first piece of an overlong paragraph: the last good place."""
    for boundary in (_SENTENCE_END, _LINE_END, _SPACE):
        last = None
        for match in boundary.finditer(text, start + MAX_LENGTH // 3, min(start + MAX_LENGTH, end)):
            last = match.end()
        if last is not None:
            return last
    return min(start + MAX_LENGTH, end)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > MAX_LENGTH + MIN_LENGTH:  # so that no piece is left that is hardly a line
        cut = _cut(text, start, end)
        yield start, start + len(text[start:cut].rstrip())
        start = cut
    if start < end:
        yield start, end


def split(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each passage, in characters.

    Passages are in order and do not overlap; only white space lies between them. A heading or
    another short paragraph goes with the paragraph after it.
    """
    held: int | None = None
    last = (0, 0)
    for paragraph in _PARAGRAPH.finditer(text):
        start, end = paragraph.span()
        end = start + len(text[start:end].rstrip())
        if held is not None:
            start = held
        if end - start < MIN_LENGTH:
            held, last = start, (start, end)
            continue
        held = None
        yield from _pieces(text, start, end)
    if held is not None:
        yield last
