"""A `catalog.tsv` beside the files of a shelf: what the files don't say of themselves."""

import io
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from gutenberg_explorer.corpus.book import Metadata
from gutenberg_explorer.corpus.csv_rows import Row, read_rows
from gutenberg_explorer.corpus.printable import printable

NAME = "catalog.tsv"
_YEAR = re.compile(r"\d{1,4}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,5}")
_MOST_PROBLEMS = 20


@dataclass
class Catalog:
    """What catalogues say of the files, by their names, and which lines can't be used, and why."""

    books: dict[str, Metadata] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    def _refuse(self, name: str, line: int, problem: str) -> None:
        ours = f"{printable(name)} line "
        count = sum(key.startswith(ours) for key in self.problems)
        if count < _MOST_PROBLEMS:
            self.problems[f"{ours}{line}"] = problem
        elif count == _MOST_PROBLEMS:
            self.problems[f"{ours}{line} and after"] = "more lines can't be used"

    def _metadata(self, name: str, row: Row, said: dict[str, str]) -> Metadata:
        year, language = said.get("year", "").strip(), said.get("language", "").strip()
        if year and not _YEAR.fullmatch(year):
            self._refuse(name, row.line, f"its year is left out, as it is none: {printable(year)}")
            year = ""
        if language and not _LANGUAGE.fullmatch(language):
            problem = f"its language is left out, as it is no code: {printable(language)}"
            self._refuse(name, row.line, problem)
            language = ""
        return Metadata(
            said.get("title") or None,
            said.get("author") or None,
            int(year) if year else None,
            language or "en",
        )

    def read(self, name: str, data: bytes) -> None:
        """Take in the catalogue of this name, whose files are in its own folder."""
        # A name of a file that is not UTF-8 is kept in the same way.
        text = data.decode("utf-8-sig", "surrogateescape")
        rows = read_rows(io.StringIO(text, newline=""), "\t")
        header = next(rows, None)
        if header is None or header.problem or "file" not in header.fields:
            self.problems[printable(name)] = "its first line has no column named file"
            return
        folder = PurePosixPath(name).parent
        for row in rows:
            said = dict(zip(header.fields, row.fields, strict=False))
            if row.problem:
                self._refuse(name, row.line, row.problem)
            elif said.get("file"):
                path = (folder / said["file"]).as_posix()
                self.books[path] = self._metadata(name, row, said)
