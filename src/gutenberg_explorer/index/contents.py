"""Finding a book's contents: its parts, chapters, acts and scenes, stories and poems.

A heading that is missed costs a reader less than a line of the text that is taken for one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from gutenberg_explorer.index import headings, outline
from gutenberg_explorer.index.headings import Line

MAX_HEADINGS = 5_000
MAX_TITLE = 120

_MAX_CANDIDATES = 4 * MAX_HEADINGS
_Ranked = tuple[tuple[int, int], Line]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its text on one line, its level from 1 (outermost), its offset in characters."""

    title: str
    level: int
    start: int


def _shortened(title: str) -> str:
    if len(title) <= MAX_TITLE:
        return title
    return title[: MAX_TITLE - 1].rsplit(" ", 1)[0].rstrip(".,:;-–— ") + "…"


# --- the Bible

_VERSE = re.compile(r"[0-9]{1,3}:[0-9]{1,3}\s")
_VERSE_LINE = re.compile(rf"\n{_VERSE.pattern}")
_CHARACTERS_PER_VERSE = 1_000
_FIRST_VERSE = re.compile(r"(?<!\S)([0-9]{1,3}):1\s")
_BEFORE_TITLE = re.compile(r"\n\s*\n\s*\n|Testament[^\n]*\n")
_LONGEST_TITLE = 300


def _is_scripture(text: str) -> bool:
    verses = sum(1 for _ in _VERSE_LINE.finditer(text))
    return verses * _CHARACTERS_PER_VERSE > len(text)


def _scripture(text: str) -> Iterator[Heading]:
    """Yield the books, whose titles stand before their first verses, and their chapters."""
    chapter, level = 0, 1
    for verse in _FIRST_VERSE.finditer(text):
        number, start = int(verse[1]), verse.start()
        if number not in {1, chapter + 1}:
            continue  # a verse that is mentioned
        chapter = number
        if number == 1:
            before = text[max(0, start - _LONGEST_TITLE) : start].rstrip()
            words = _BEFORE_TITLE.split(before)[-1].lstrip()
            title_start = max(0, start - _LONGEST_TITLE) + len(before) - len(words)
            title = headings.plain(words)
            is_line = title_start == 0 or text[title_start - 1].isspace()
            # No title goes over a verse, not even over one that has no text.
            if title and is_line and not _VERSE.search(f"{words} "):
                yield Heading(_shortened(title), 1, title_start)
                level = 2
        yield Heading(f"Chapter {number}", level, start)


# --- what contains what

_LARGE = ["volume", "part", "book"]
_SMALL = ["group", "title", "act", "chapter", "section", "scene", "numeral", "poem"]


def _ranks(lines: Iterable[Line]) -> dict[str, int]:
    """Return the rank of each kind in a text, the outermost first.

    A part is in a book, or in a chapter, where it begins anew in each.
    """
    firsts = Counter(line.kind for line in lines if line.number == 1)
    order = ["front", *sorted(_LARGE, key=firsts.__getitem__), *_SMALL]
    chapter = "chapter" if firsts["chapter"] else "section"
    if firsts["part"] > firsts[chapter] > 0:
        order.remove("part")
        order.insert(order.index(chapter) + 1, "part")
    return {kind: rank for rank, kind in enumerate(order)}


# --- texts with Markdown's headings

_MARKDOWN = re.compile(r"\n(#{1,6})[^\S\n]+([^\n]*[^\s#*_][^\n]*)")
_NO_HEADING = re.compile(
    r"(?:title|author|year|language): |translated by |the end\b|finis\b", re.IGNORECASE
)
_FEWEST_IN_MARKDOWN = 3


def _markdown(text: str) -> list[_Ranked]:
    """Return the headings, ranked by the number of their marks and then by their label."""
    found: list[tuple[int, Line]] = []
    for match in islice(_MARKDOWN.finditer(f"\n{text}"), _MAX_CANDIDATES):
        start, end = (place - 1 for place in match.span(2))
        title = headings.plain(match[2])
        if not title or _NO_HEADING.match(title):
            continue
        read = headings.read(text, start, end) or [Line("title", 0, title, start, end)]
        line = replace(read[0], title=title, start=match.start(), end=end)
        if found and not line.number:
            depth, before = found[-1]
            if before.is_bare and not text[before.end : line.start].strip():
                found[-1] = depth, headings.join(before, line)
                continue
        found.append((len(match[1]), line))
    # What is numbered alike stands at one level, even where its marks differ by mistake.
    depths = Counter((line.kind, depth) for depth, line in found if line.number)
    usual = {kind: depth for (kind, depth), _ in reversed(depths.most_common())}
    ranks = _ranks(line for _, line in found)
    ranks = {kind: ranks[kind] for kind in ("front", *_LARGE, "act")}
    return [
        ((usual.get(line.kind, depth), ranks.get(line.kind, len(_SMALL) + len(ranks))), line)
        for depth, line in found
    ]


# --- other texts


def _printed(text: str) -> list[_Ranked]:
    """Return the headings, ranked by their label alone."""
    candidates = list(islice(headings.find(text), _MAX_CANDIDATES))
    lines = [line for line in outline.select(candidates, len(text)) if line.title]
    ranks = _ranks(lines)
    if any(line.kind == "act" for line in lines):
        ranks["front"] = ranks["scene"]  # prologues and epilogues
    return [((0, ranks[line.kind]), line) for line in lines]


def _nested(ranked: Iterable[_Ranked]) -> Iterator[Heading]:
    """Yield the headings with their levels; front matter contains nothing."""
    around: list[tuple[int, int]] = []
    for rank, line in ranked:
        while around and around[-1] >= rank:
            around.pop()
        yield Heading(_shortened(line.title), len(around) + 1, line.start)
        if line.kind != "front":
            around.append(rank)


def find(text: str) -> list[Heading]:
    """Return the headings of a book in their order, at most MAX_HEADINGS.

    Titles are on one line, of at most MAX_TITLE characters. Chapters of the Bible are named by
    their numbers, and begin at their first verses.
    """
    if _is_scripture(text):
        return list(islice(_scripture(text), MAX_HEADINGS))
    ranked = _markdown(text) if "\n#" in text else []
    if len(ranked) < _FEWEST_IN_MARKDOWN:
        ranked = _printed(text)
    return list(islice(_nested(ranked), MAX_HEADINGS))
