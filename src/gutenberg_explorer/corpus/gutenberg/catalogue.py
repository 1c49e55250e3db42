"""Project Gutenberg's catalogue, `pg_catalog.csv.gz`: one row a book, read as a stream.

Its columns are Text#, Type, Issued, Title, Language, Authors, Subjects, LoCC and Bookshelves; see
https://www.gutenberg.org/ebooks/offline_catalogs.html.
"""

import csv
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from gutenberg_explorer.corpus.book import CorpusError, Metadata
from gutenberg_explorer.corpus.gutenberg import catalogue_fields
from gutenberg_explorer.corpus.gutenberg.spec import FIELDS, Filter

_NEEDED = {"Text#", "Type", *FIELDS.values()}


def texts(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the number and the row of each text in a catalogue. Raises CorpusError."""
    try:
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, restval="")
            if not set(rows.fieldnames or ()) >= _NEEDED:
                raise CorpusError(
                    f"{path} is not a catalogue of Project Gutenberg: its columns differ."
                )
            for row in rows:
                if row["Type"] == "Text" and row["Text#"].isdecimal():
                    yield int(row["Text#"]), row
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
        raise CorpusError(
            f"The catalogue {path} can't be read ({type(error).__name__}): check "
            "GUTENBERG_EXPLORER_GUTENBERG_MIRROR, or list the books by number."
        ) from None


def _fits(row: dict[str, str], wanted: Filter) -> bool:
    for column, words in wanted.words.items():
        if column == "Language":
            if words[0] not in catalogue_fields.languages(row[column]):
                return False
        else:
            said = catalogue_fields.plain(row[column])
            if not all(word in said for word in words):
                return False
    return True


def _metadata(row: dict[str, str]) -> Metadata:
    codes = catalogue_fields.languages(row["Language"])
    return Metadata(
        title=catalogue_fields.title(row["Title"]),
        author=catalogue_fields.authors([a for a in row["Authors"].split(";") if a.strip()]),
        language=codes[0] if codes else "und",
    )


def select(path: Path, wanted: Filter) -> dict[int, Metadata]:
    """Return the texts that fit, by their numbers and in this order. Raises CorpusError."""
    found = {number: _metadata(row) for number, row in texts(path) if _fits(row, wanted)}
    return {number: found[number] for number in sorted(found)[: wanted.limit]}
