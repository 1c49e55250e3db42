"""Which of the lines that look like headings are a book's own.

A heading is one only in its place: numbers follow each other, titles have text after them, and a
printed table of contents is left out.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from statistics import median

from gutenberg_explorer.index.headings import Line

_NO_TEXT = 150  # between two headings, fewer characters are no text of their own
_SHORTEST = 400  # a section that only a numeral or capitals tell of is longer
_FEWEST_DISTINCT = 0.4  # of the titles; with fewer, they are the speakers of a play
_TO_FIRST = 600  # from a story's title, so far at most to its first chapter
_LISTED = 2_000  # so much text may be in a table of contents, from heading to heading
_AT_ONCE = 3  # at most so many headings stand together outside a table of contents
_WIDE = 3  # more line feeds than these before a heading set it apart
_FEWEST_STORIES = 2
_EMPTY = 40  # a title with no more before the next is that of a group


def _key(line: Line) -> tuple[str, int | str]:
    return line.kind, line.number or line.title.lower().removeprefix("the ")


def _clusters(lines: list[Line]) -> Iterator[list[Line]]:
    """Yield the lines in groups: those of a table of contents, or with no text between them."""
    cluster: list[Line] = []
    is_table = False
    left = Counter(map(_key, lines))  # how often each still comes
    for line in lines:
        left[_key(line)] -= 1
        gap = line.start - cluster[-1].end if cluster else 0
        if gap > (_LISTED if is_table and left[_key(line)] else _NO_TEXT):
            yield cluster
            cluster, is_table = [], False
        cluster.append(line)
        is_table = is_table or line.kind == "list"
    if cluster:
        yield cluster


def _without_tables(lines: list[Line]) -> list[Line]:
    """Return the lines that are in no printed table of contents, nor the name of one."""
    everywhere = Counter(map(_key, lines))
    kept: list[Line] = []
    for cluster in _clusters(lines):
        within = Counter(map(_key, cluster))
        size = len(cluster)
        # Right after the table, the book itself may begin.
        while size > max(0, len(cluster) - _AT_ONCE):
            last = cluster[size - 1]
            if last.number != 1 and (last.number or within[_key(last)] == 1):
                break
            size -= 1
        table = cluster[:size]
        again = sum(everywhere[_key(line)] > 1 for line in table)
        is_named = any(line.kind == "list" for line in table)
        is_table = size > 1 if is_named else size > _AT_ONCE and 2 * again >= size
        kept += cluster[size:] if is_table else cluster
    return [line for line in kept if line.kind != "list"]


def _without_mentions(lines: list[Line]) -> list[Line]:
    """Return the lines without those that only name a chapter.

    Such a line stands close to the text, as other lines of its kind don't, and does not count on.
    """
    gaps: dict[str, list[int]] = {}
    for line in lines:
        gaps.setdefault(line.kind, []).append(line.gap)
    usual = {kind: median(of_kind) for kind, of_kind in gaps.items()}
    latest: dict[str, int] = {}
    kept: list[Line] = []
    for line in lines:
        follows = bool(kept) and line.start - kept[-1].end < _EMPTY
        is_close = line.gap <= 2 and usual[line.kind] > _WIDE and not follows
        if line.number in {0, 1, latest.get(line.kind, 0) + 1} or not is_close:
            latest[line.kind] = line.number
            kept.append(line)
    return kept


def _in_sequence(lines: list[Line]) -> list[Line]:
    """Return the lines without numerals that count nothing, or only stanzas."""
    runs: list[list[Line]] = []
    for line in lines:
        if line.kind == "numeral":
            if line.number == 1 or not runs:
                runs.append([line])
            elif runs[-1][-1].number < line.number <= runs[-1][-1].number + 2:
                runs[-1].append(line)
    counted = {line for run in runs if len(run) > 1 for line in run}
    sections = [line for line in lines if line.kind != "title"]
    lengths = [after.start - line.end for line, after in pairwise(sections) if line in counted]
    if lengths and median(lengths) < _SHORTEST:
        counted.clear()
    return [line for line in lines if line.kind != "numeral" or line in counted]


def _stories(lines: list[Line], length: dict[Line, int]) -> set[Line]:
    """Return the titles of stories, if some of them have numbered chapters."""
    with_chapters = {
        line
        for line, after in pairwise(lines)
        if line.kind == "title" and after.number == 1 and length[line] < _TO_FIRST
    }
    if len(with_chapters) < _FEWEST_STORIES:
        return set()
    gap = min(line.gap for line in with_chapters)
    return with_chapters | {
        line
        for line in lines
        if line.kind == "title" and line.gap >= gap and length[line] >= _SHORTEST
    }


def _with_titles(lines: list[Line], end: int) -> list[Line]:
    """Return the lines without the capitals that are no title of a story or a poem.

    `end` is that of the text. Capitals are a title where stories have chapters or numerals, where
    hardly anything else is a heading, and with text of their own before or after all chapters.
    """
    seen = Counter(line.title for line in lines if line.kind == "title" and line.gap > 2)
    often = 0 if len(seen) < _FEWEST_DISTINCT * seen.total() else 2
    lines = [x for x in lines if x.kind != "title" or (x.gap > 2 and seen[x.title] <= often)]
    ends = [*(line.start for line in lines), end][1:]
    length = {line: after - line.end for line, after in zip(lines, ends, strict=True)}
    titles = [length[line] for line in lines if line.kind == "title"]
    numbered = [line for line in lines if line.number]
    stories = _stories(lines, length)
    has_chapters = not stories and any(line.kind == "chapter" for line in lines)
    mostly_titles = len(titles) > 2 * len(numbered) and median(titles) > _NO_TEXT

    def kind(line: Line) -> str | None:
        if mostly_titles and line.kind in {"title", "front"}:
            if has_chapters:
                return "poem" if line.kind == "title" else "front"  # it is within a chapter
            return "group" if length[line] < _EMPTY else "title"
        if line.kind != "title" or line in stories:
            return line.kind
        is_within = bool(numbered) and numbered[0].start < line.start < numbered[-1].start
        return None if is_within or length[line] < _SHORTEST else "front"

    return [replace(line, kind=found) for line in lines if (found := kind(line))]


def select(lines: list[Line], end: int) -> list[Line]:
    """Return those of `lines`, of a text that ends at `end`, that are its headings."""
    return _with_titles(_in_sequence(_without_mentions(_without_tables(lines))), end)
