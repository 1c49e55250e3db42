"""The files of an index: where they lie, and what each holds.

| under `index/` | holds |
|---|---|
| `CURRENT` | the library and its generation that were served last |
| `libraries/SHELF.FORMAT/` | one library: its generations, and in `CURRENT` the name of one |
| `segments/HASH/` | a segment, named by what it contains; libraries and generations share it |
| `unfinished-…` | what is being written, or what a kill has left |

A segment is a folder of plain little-endian arrays that holds some books of the library. It is
written once, never changed, and made to be mapped into memory. Books are numbered in it from 0.

| file | holds |
|---|---|
| `text.utf8` | the books' texts, one after the other |
| `text_ends` | for each book, the byte at which its text ends |
| `text_lengths` | for each book, the length of its text in characters |
| `text_marks` | for each book, the byte at which every 1,024th character stands (in its text) |
| `mark_ends` | for each book, where its marks end |
| `passage_starts`, `passage_ends` | where passages start and end (characters, in their book) |
| `passage_bytes` | for each passage, the bytes of its book's text at which it starts and ends |
| `book_passages` | for each book, where its passages end among all |
| `contents.json`, `contents_ends` | for each book, its headings, and the byte at which they end |
| `terms.utf8`, `term_ends` | all terms in the order of their code points, and where each ends |
| `term_hashes` | for each term, a number of 64 bits that stands for it in any segment |
| `posting_ends` | for each term, where its postings end |
| `posting_book`, `posting_count` | book number and number of occurrences, a posting each |
| `posting_passage` | the passage of the book that is best for the term alone |
| `posting_positions` | where the posting's positions begin |
| `positions` | the offsets of the occurrences in characters, in ascending order |
"""

from pathlib import Path
from typing import Literal

# Raised whenever the files or the analysis of text change; an index of another format is rebuilt.
FORMAT = 5
MARK_EVERY = 1024

ArrayName = Literal[
    "text_ends",
    "text_lengths",
    "text_marks",
    "mark_ends",
    "passage_starts",
    "passage_ends",
    "passage_bytes",
    "book_passages",
    "contents_ends",
    "term_ends",
    "term_hashes",
    "posting_ends",
    "posting_book",
    "posting_count",
    "posting_passage",
    "posting_positions",
    "positions",
]
DTYPES: dict[ArrayName, str] = {
    "text_ends": "<u8",
    "text_lengths": "<u4",
    "text_marks": "<u4",
    "mark_ends": "<u4",
    "passage_starts": "<u4",
    "passage_ends": "<u4",
    "passage_bytes": "<u4",
    "book_passages": "<u4",
    "contents_ends": "<u8",
    "term_ends": "<u8",
    "term_hashes": "<u8",
    "posting_ends": "<u8",
    "posting_book": "<u4",
    "posting_count": "<u4",
    "posting_passage": "<u4",
    "posting_positions": "<u8",
    "positions": "<u4",
}
TEXT, TERMS, CONTENTS = "text.utf8", "terms.utf8", "contents.json"
FILES: tuple[str, ...] = (TEXT, TERMS, CONTENTS, *DTYPES)

# A generation's own files: the books in the order of their ids, and tantivy's folder.
BOOKS, BOOK_ENDS = "books.jsonl", "book_ends"
IDS, ID_ENDS = "book_ids.utf8", "book_id_ends"
NUMBERS, NORMS, PASSAGES = "book_numbers", "norms", "passages"

LIBRARIES, SEGMENTS = "libraries", "segments"


def segment_folder(generation: Path, name: str) -> Path:
    """Return the folder of a segment that a generation uses."""
    return generation.parent.parent.parent / SEGMENTS / name
