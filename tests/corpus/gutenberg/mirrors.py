"""Mirrors of Project Gutenberg for tests: books with real headers and footers, RDF, catalogue."""

import csv
import gzip
import io
from collections.abc import Mapping
from pathlib import Path

from gutenberg_explorer.corpus.book import BookFile
from gutenberg_explorer.corpus.gutenberg import GutenbergShelf

CATALOGUE = "cache/epub/feeds/pg_catalog.csv.gz"
COLUMNS = "Text#|Type|Issued|Title|Language|Authors|Subjects|LoCC|Bookshelves"

HEADER = """\ufeffThe Project Gutenberg eBook of {title}

This ebook is for the use of anyone anywhere in the United States and
most other parts of the world at no cost and with almost no restrictions
whatsoever.

Title: {title}

Author: {author}

Release date: June 1, 1998 [eBook #{number}]

Language: {language}

Credits: Produced by an Anonymous Volunteer

*** START OF THE PROJECT GUTENBERG EBOOK {upper} ***


"""
FOOTER = """


*** END OF THE PROJECT GUTENBERG EBOOK {upper} ***

Updated editions will replace the previous one—the old editions will
be renamed.

START: FULL LICENSE

THE FULL PROJECT GUTENBERG™ LICENSE
"""


def text(
    number: int,
    title: str = "Pride and Prejudice",
    body: str = "It is a truth universally acknowledged.",
    author: str = "Jane Austen",
    language: str = "English",
    header: str = HEADER,
) -> bytes:
    """Return a book as it lies on a mirror: UTF-8 with a mark, and DOS line ends."""
    fields = {"number": number, "title": title, "author": author, "language": language}
    filled = (header + "{body}" + FOOTER).format(body=body, upper=title.upper(), **fields)
    return filled.replace("\n", "\r\n").encode()


def rdf(
    number: int,
    title: str = "Pride and Prejudice",
    author: str = "Austen, Jane",
    language: str = "en",
    rights: str = "Public domain in the USA.",
    kind: str = "Text",
) -> bytes:
    """Return a book's metadata in the form of Project Gutenberg's files."""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<rdf:RDF xml:base="http://www.gutenberg.org/"
  xmlns:dcterms="http://purl.org/dc/terms/"
  xmlns:pgterms="http://www.gutenberg.org/2009/pgterms/"
  xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns:cc="http://web.resource.org/cc/"
  xmlns:dcam="http://purl.org/dc/dcam/">
  <pgterms:ebook rdf:about="ebooks/{number}">
    <dcterms:publisher>Project Gutenberg</dcterms:publisher>
    <dcterms:license rdf:resource="license"/>
    <dcterms:issued>1998-06-01</dcterms:issued>
    <dcterms:rights>{rights}</dcterms:rights>
    <dcterms:title>{title}</dcterms:title>
    <dcterms:creator>
      <pgterms:agent rdf:about="2009/agents/68">
        <pgterms:name>{author}</pgterms:name>
        <pgterms:alias>Austin, Jane</pgterms:alias>
        <pgterms:birthdate>1775</pgterms:birthdate>
      </pgterms:agent>
    </dcterms:creator>
    <dcterms:language>
      <rdf:Description rdf:nodeID="N1">
        <rdf:value rdf:datatype="http://purl.org/dc/terms/RFC4646">{language}</rdf:value>
      </rdf:Description>
    </dcterms:language>
    <dcterms:type>
      <rdf:Description rdf:nodeID="N2">
        <rdf:value>{kind}</rdf:value>
        <dcam:memberOf rdf:resource="http://purl.org/dc/terms/DCMIType"/>
      </rdf:Description>
    </dcterms:type>
    <dcterms:subject>
      <rdf:Description rdf:nodeID="N3">
        <dcam:memberOf rdf:resource="http://purl.org/dc/terms/LCSH"/>
        <rdf:value>England -- Fiction</rdf:value>
      </rdf:Description>
    </dcterms:subject>
  </pgterms:ebook>
  <cc:Work rdf:about="">
    <cc:license rdf:resource="https://creativecommons.org/publicdomain/zero/1.0/"/>
  </cc:Work>
</rdf:RDF>
""".encode()


def generated(number: int, **said: str) -> dict[str, bytes]:
    """Return a book's two files under `cache/epub`."""
    folder = f"cache/epub/{number}/pg{number}"
    return {f"{folder}.txt": text(number), f"{folder}.rdf": rdf(number, **said)}


ROWS = (
    "1342|Text|1998|Pride and Prejudice|en|Austen, Jane, 1775-1817|England|PR|Best Books",
    "2701|Text|2001|Moby Dick; Or, The Whale|en|Melville, Herman, 1819-1891|Whaling; Fiction|PS|",
    "15859|Text|2005|The Whaling\nA history|en|Doe, Ann, 1850?-|Whaling|SH|Best Books",
    "14155|Text|2004|Madame Bovary|fr|Flaubert, Gustave, 1821-1880|Love|PQ|FR Littérature",
    "158|Text|1994|Emma|en; fr|Austen, Jane, 1775-1817; Pusey, E. B. [Translator]|Love|PR|",
    "9000|Sound|2006|Emma, read aloud|en|Austen, Jane, 1775-1817|Love|PR|",
    "garbage|Text|||||||",
)


def catalogue(rows: tuple[str, ...] = ROWS) -> bytes:
    """Return a catalogue of these rows."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows(row.split("|") for row in (COLUMNS, *rows))
    return gzip.compress(out.getvalue().encode(), mtime=0)


def write(root: Path, files: Mapping[str, bytes]) -> Path:
    """Write a mirror's files under `root`, which is returned."""
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return root


class Clock:
    """Time that passes only while one sleeps."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)


def shelf(
    wanted: str, folder: Path, mirror: str | Path, clock: Clock | None = None
) -> GutenbergShelf:
    """Return a shelf over a mirror that nothing has to wait for."""
    return GutenbergShelf(wanted, folder, str(mirror), 0.0, sleep=(clock or Clock()).sleep)


def by_id(shelf: GutenbergShelf) -> dict[str, BookFile]:
    """Return the files of a shelf by their ids."""
    return {file.id: file for file in shelf.files()}
