"""Which books a setting asks for: `gutenberg:1342,1-100`, or `gutenberg:author=austen;limit=5`."""

import re
from dataclasses import dataclass, field

from gutenberg_explorer.corpus.book import CorpusError
from gutenberg_explorer.corpus.gutenberg import catalogue_fields

FIELDS = {
    "author": "Authors",
    "title": "Title",
    "subject": "Subjects",
    "bookshelf": "Bookshelves",
    "language": "Language",
}

_IDS = re.compile(r"[\d\s,-]+")
_RANGE = re.compile(r"(\d{1,6})(?:\s*-\s*(\d{1,6}))?")


@dataclass(frozen=True, slots=True)
class Filter:
    """What the catalogue's rows must hold: under each column all of these words.

    `limit` is how many books are taken, the lowest numbers first; None means all.
    """

    words: dict[str, list[str]] = field(default_factory=dict)
    limit: int | None = None


def _fault(part: str, why: str) -> CorpusError:
    return CorpusError(
        f"GUTENBERG_EXPLORER_SHELF=gutenberg:… can't use {part!r}: {why}. It accepts numbers "
        f"(1342,84,1-100) or a filter ({'=…;'.join(FIELDS)}=…;limit=…)."
    )


def _numbers(text: str) -> list[int]:
    found: set[int] = set()
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = _RANGE.fullmatch(part)
        if not match:
            raise _fault(part, "it is neither a number nor a range")
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last:
            raise _fault(
                part, "a range must go from a lower to a higher number, starting at 1 or higher"
            )
        found.update(range(first, last + 1))
    if not found:
        raise _fault(text, "it names no book")
    return sorted(found)


def _filter(text: str) -> Filter:
    words: dict[str, list[str]] = {}
    limit = None
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not value:
            raise _fault(part, "it is not of the form name=value")
        if name == "limit" and limit is None:
            if not re.fullmatch(r"[1-9]\d{0,6}", value):
                raise _fault(part, "a limit must be a whole number, 1 or higher")
            limit = int(value)
        elif name in FIELDS and FIELDS[name] not in words:
            if name == "language" and catalogue_fields.languages(value) != [value.lower()]:
                raise _fault(part, "a language must be a code of two or three letters, such as en")
            words[FIELDS[name]] = catalogue_fields.plain(value).split()
        else:
            raise _fault(part, "it is unknown or given twice")
    if not words and limit is None:
        raise _fault(text, "it names no book")
    return Filter(words, limit)


def parse(text: str) -> list[int] | Filter:
    """Return the numbers in `text`, in order, or the filter that it is. Raises CorpusError."""
    return _numbers(text) if _IDS.fullmatch(text) else _filter(text)
