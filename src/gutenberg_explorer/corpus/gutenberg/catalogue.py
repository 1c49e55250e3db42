"""Project Gutenberg's catalogue, `pg_catalog.csv.gz`: one row a book, read as a stream.

Its columns are Text#, Type, Issued, Title, Language, Authors, Subjects, LoCC and Bookshelves; see
https://www.gutenberg.org/ebooks/offline_catalogs.html.
"""

import gzip
import logging
import re
import zlib
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path

from gutenberg_explorer.corpus.book import CorpusError, Metadata
from gutenberg_explorer.corpus.csv_rows import Row, read_rows
from gutenberg_explorer.corpus.gutenberg import catalogue_fields
from gutenberg_explorer.corpus.gutenberg.spec import FIELDS, Filter
from gutenberg_explorer.corpus.printable import printable

logger = logging.getLogger(__name__)

_NEEDED = {"Text#", "Type", *FIELDS.values()}
# Unpacked; Project Gutenberg's has 20 MB.
_MAX_BYTES = 1024 * 1024 * 1024
_NUMBER = re.compile(r"[1-9][0-9]{0,6}")


class _Unpacked(gzip.GzipFile):
    """A catalogue unpacked as it is read, to no more than a bound."""

    def read1(self, size: int = -1) -> bytes:
        if self.tell() > _MAX_BYTES:
            raise EOFError
        return super().read1(size)


def texts(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the number and the row of each text in a catalogue. Raises CorpusError.

    A row that can't be read costs itself alone: how many there are is logged.
    """
    faults, first = 0, ""
    try:
        # A byte that is not UTF-8 costs a letter.
        with (
            _Unpacked(path) as unpacked,
            TextIOWrapper(unpacked, "utf-8-sig", "replace", newline="") as file,
        ):
            rows = read_rows(file, ",")
            header = next(rows, Row(1, []))
            if not set(header.fields) >= _NEEDED:
                raise CorpusError(
                    f"{printable(path)} is not a catalogue of Project Gutenberg: its columns "
                    "differ."
                )
            for row in rows:
                if row.problem:
                    faults += 1
                    first = first or f"line {row.line}: {row.problem}"
                    continue
                said = dict.fromkeys(_NEEDED, "") | dict(
                    zip(header.fields, row.fields, strict=False)
                )
                if said["Type"] == "Text" and _NUMBER.fullmatch(said["Text#"]):
                    yield int(said["Text#"]), said
    except (OSError, EOFError, zlib.error) as error:
        raise CorpusError(
            f"The catalogue {printable(path)} can't be read ({type(error).__name__}): check "
            "GUTENBERG_EXPLORER_GUTENBERG_MIRROR, or list the books by number."
        ) from None
    if faults:
        logger.warning(
            "%d lines of the catalogue %s can't be read and are skipped, the first of them %s.",
            faults,
            printable(path),
            first,
        )


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
