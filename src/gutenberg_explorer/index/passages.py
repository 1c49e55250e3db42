"""Cutting a book into passages: its own units, of a length that a result can show.

The units are what the text itself sets apart: paragraphs of prose, stanzas of poems, verses of the
Bible, speeches of plays.
"""

import re
from collections.abc import Iterator

MIN_LENGTH = 60
MAX_LENGTH = 480

_BLANK_LINE = r"\n[^\S\n]*+\n\s*+"
_VERSE = r"[0-9]{1,3}:[0-9]{1,3}\s"
_SPEAKER = r"[A-Z][A-Z' ]{2,24}[.:]\s"

# Units that begin without a blank line: what marks them, and what lies between two of them. A text
# has them where the marks are frequent.
_FORMS = [
    (re.compile(mark), re.compile(rf"{_BLANK_LINE}|{gap}"))
    for mark, gap in [
        (rf"\n{_VERSE}", rf"\s(?={_VERSE})"),
        # The First Folio indents a speech, which begins with the speaker's name in short.
        (r"\n {2,4}[A-Z0-9][\w.]{0,15}\. ", r"\n {2,4}(?=[A-Z0-9])"),
        (rf"\n{_SPEAKER}", rf"\n(?={_SPEAKER})"),
    ]
]
_PARAGRAPHS = re.compile(_BLANK_LINE)
_CHARACTERS_PER_MARK = 1_000

_STARTS_VERSE = re.compile(_VERSE)
_LABEL = re.compile(
    r"#|[\[}_*\s]*(?:the\s+)?(?:\w+\s+)?"
    r"(?:act|actus|appendix|book|canto|chapter|conclusion|contents|epilogue|introduction|letter"
    r"|part|preface|prologue|scene|sc[ao]?ena|stave|volume)\b"
    r"|[ivxlc]+\.?\Z",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"[^a-z\n!\"“‘]*[A-Z]{2}[^a-z\n!\"”’]*\Z")

_MOST_TITLES = 20_000  # to remember; a dictionary has as many

# A full stop after an initial or a short title ends no sentence.
_SENTENCE_END = r"[.!?;:](?<!\b[A-Z].)(?<!\b[DMS][rt].)(?<!\bMrs.)[\"'”’)\]]{0,3}"
_AT_SPACE, _AT_LINE_END = r"(?=\s)", r"(?=[^\S\n]*\n)"
# Where there is no space for long, as in Chinese: after any sign, so that no word is cut in two.
_AFTER_SIGN = r"(?<=[^\w'’]|_)"
_PROSE_CUTS, _VERSE_CUTS = (
    [re.compile(rf".{{{MAX_LENGTH // 3},{MAX_LENGTH}}}{end}", re.DOTALL) for end in ends]
    for ends in (
        (_SENTENCE_END + _AT_SPACE, _AT_SPACE, _AFTER_SIGN),
        (_SENTENCE_END + _AT_LINE_END, _AT_LINE_END, _AT_SPACE, _AFTER_SIGN),
    )
)
_LINES_OF_VERSE = 9  # in so many characters prose has fewer


def _cut(text: str, start: int) -> int:
    """Return where to end the first piece of an overlong unit: the last good place."""
    is_verse = text.count("\n", start, start + MAX_LENGTH) >= _LINES_OF_VERSE
    for cut in _VERSE_CUTS if is_verse else _PROSE_CUTS:
        if piece := cut.match(text, start):
            return piece.end()
    return start + MAX_LENGTH


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > MAX_LENGTH + MIN_LENGTH:  # so that no piece is left that is hardly a line
        cut = _cut(text, start)
        yield start, start + len(text[start:cut].rstrip())
        start = cut
        while text[start].isspace():
            start += 1
    yield start, end


def _units(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each unit; white space is before its start and after its end."""
    between = _PARAGRAPHS
    for mark, gap in _FORMS:
        if sum(1 for _ in mark.finditer(text)) * _CHARACTERS_PER_MARK > len(text):
            between = gap
            break
    start = len(text) - len(text.lstrip())
    for found in between.finditer(text, start):
        end, after = found.span()
        if text[end - 1].isspace():
            end = start + len(text[start:end].rstrip())
        yield start, end
        start = after
    if start < len(text):
        yield start, start + len(text[start:].rstrip())


def _is_title(text: str, start: int, end: int, seen: set[str]) -> bool:
    """Return whether a unit is in capitals for the first time; after that it names a speaker."""
    if not _CAPITALS.match(text, start, end) or (words := text[start:end]) in seen:
        return False
    if len(seen) < _MOST_TITLES:
        seen.add(words)
    return True


def _candidates(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield what becomes a passage, and whether it may be joined with the one before."""
    held: tuple[int, int] | None = None  # short units that wait for the next
    is_headed = only_headings = False  # what is held begins with a heading, is nothing else
    titles: set[str] = set()
    for start, end in _units(text):
        is_label = is_heading = False
        if end - start < 2 * MIN_LENGTH:
            is_label = bool(_LABEL.match(text, start, end))
            is_heading = is_label or _is_title(text, start, end, titles)
        if held is not None and is_heading and not (only_headings if is_label else is_headed):
            yield *held, not is_headed
            held = None
        first = start if held is None else held[0]
        if end - first < MIN_LENGTH and not _STARTS_VERSE.match(text, start):
            only_headings = is_heading and (held is None or only_headings)
            is_headed = is_heading if held is None else is_headed
            held = first, end
            continue
        held = None
        for piece in _pieces(text, first, end):
            yield *piece, False
    if held is not None:
        yield *held, not is_headed


def split(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each passage, in characters.

    Passages are in order and do not overlap; only white space lies between them. None is longer
    than MAX_LENGTH + MIN_LENGTH. A heading or another short unit goes with the unit after it, the
    last of a chapter with the one before it, for no passage goes on into a heading. A verse of the
    Bible is a passage however short it is.
    """
    last: tuple[int, int] | None = None
    for start, end, is_joined in _candidates(text):
        if last and is_joined and end - last[0] <= MAX_LENGTH + MIN_LENGTH:
            last = last[0], end
            continue
        if last:
            yield last
        last = start, end
    if last:
        yield last
