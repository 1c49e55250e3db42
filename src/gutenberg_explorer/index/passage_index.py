"""The index of passages: one tantivy document for each, with the stems of its words.

Common words stand in so many passages that phrases of them alone would take long to find; so pairs
of them are indexed as well (as by Lucene's CommonGramsFilter). The last word of a passage
and the word after it are indexed as a pair too, so that a phrase is found across the end of a
passage.

A document holds no text: it names its passage by the book's key and the passage's number in the
book. A key is a segment's number and a book's number in the segment, in one integer.
"""

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray

from gutenberg_explorer.index.damage import damage_in
from gutenberg_explorer.index.layout import PASSAGES

TEXT, PAIRS, ACROSS, TITLE, AUTHOR = "text", "pairs", "across", "title", "author"
BOOK, PASSAGE = "book", "passage"
_TOKENIZER = "stems"
_BOOK_BITS = 20
# As Rust shows an error of the operating system.
_OS_ERROR = re.compile(r"\(os error (\d+)\)")
MAX_BOOKS_IN_SEGMENT = 1 << _BOOK_BITS
# How many books a query is counted in at most.
MAX_COUNTED_BOOKS = 65_000


def key(segment: int, book: int) -> int:
    """Return the key of a book by its segment's number and its number there."""
    return segment << _BOOK_BITS | book


def split_keys(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the segments' numbers and the books' numbers there."""
    return keys >> _BOOK_BITS, keys & (MAX_BOOKS_IN_SEGMENT - 1)


@contextmanager
def _disk_errors() -> Iterator[None]:
    """Raise as OSError what tantivy raises when the disk fails: with its number, if it names one.

    That is a ValueError, and a PanicException, which is no Exception, where a thread of it ended.
    """
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit, OSError):
        raise
    except BaseException as error:  # noqa: BLE001 - see above
        if found := _OS_ERROR.search(str(error)):
            number = int(found[1])
            raise OSError(number, os.strerror(number)) from None
        raise OSError(f"the index of passages: {error}") from None


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in (TEXT, PAIRS, TITLE, AUTHOR):
        builder.add_text_field(name, tokenizer_name=_TOKENIZER, index_option="position")
    builder.add_text_field(ACROSS, tokenizer_name=_TOKENIZER, index_option="basic")
    builder.add_unsigned_field(BOOK, indexed=True, fast=True)
    builder.add_unsigned_field(PASSAGE, indexed=True, fast=True)
    return builder.build()


class PassageWriter:
    """Adds and removes the passages of books; all of it counts with `commit`, or nothing.

    Methods raise OSError when the disk fails. `heap` is how many bytes may be used before what was
    added goes to disk.
    """

    def __init__(self, folder: Path, heap: int) -> None:
        with _disk_errors():
            folder.mkdir(exist_ok=True)
            self._schema = _schema()
            index = tantivy.Index(self._schema, path=str(folder))
            # Otherwise a thread would look for commits, and touch the folder at any later time.
            index.config_reader("manual")
            stems = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
            index.register_tokenizer(_TOKENIZER, stems)
            self._writer = index.writer(heap, 1)

    def add(
        self,
        book: int,
        title: str,
        author: str,
        passages: Sequence[str],
        pairs: Sequence[str],
        across: Sequence[str],
    ) -> None:
        """Add a book's passages under its key, all texts given as stems."""
        with _disk_errors():
            texts = zip(passages, pairs, across, strict=True)
            for number, (text, common, over) in enumerate(texts):
                document = tantivy.Document()
                document.add_text(TEXT, text)
                document.add_text(PAIRS, common)
                document.add_text(ACROSS, over)
                document.add_text(TITLE, title)
                document.add_text(AUTHOR, author)
                document.add_unsigned(BOOK, book)
                document.add_unsigned(PASSAGE, number)
                self._writer.add_document(document)

    def remove(self, book: int) -> None:
        """Remove the passages of the book with this key."""
        # Not by term: a whole number is taken there for a signed one, and finds nothing.
        query = tantivy.Query.term_query(self._schema, BOOK, book)
        with _disk_errors():
            self._writer.delete_documents_by_query(query)

    def commit(self) -> None:
        """Make all of it last; the writer is of no use afterwards."""
        with _disk_errors():
            self._writer.commit()
            self._writer.wait_merging_threads()


@contextmanager
def _lockable(folder: Path) -> Iterator[Path]:
    """Give a folder with the files of this one in which tantivy may make a lock, as it must."""
    if os.access(folder, os.W_OK):
        yield folder
        return
    # The thread that tantivy starts on opening may be late, and make another lock.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        for path in folder.iterdir():
            if path.suffix != ".lock":
                (Path(name) / path.name).symlink_to(path.resolve())
        yield Path(name)


class PassageIndex:
    """The passages of all books, open for searching. Safe to be used from many threads.

    Methods raise IndexDamaged when a file can't be read.
    """

    def __init__(self, folder: Path) -> None:
        """Open the index. Raises IndexDamaged."""
        with damage_in(PASSAGES), _lockable(folder) as lockable:
            index = tantivy.Index.open(str(lockable))
            index.config_reader("manual")
            self.schema = index.schema
            self._searcher = index.searcher()

    def __len__(self) -> int:
        return self._searcher.num_docs

    @property
    def segments(self) -> int:
        """In how many parts the index is; a word is looked up in each."""
        return self._searcher.num_segments

    def best(
        self, query: tantivy.Query, limit: int
    ) -> tuple[list[float], NDArray[np.int64], list[int]]:
        """Return scores, book keys and passage numbers of the best passages, the best first."""
        with damage_in(PASSAGES):
            hits = self._searcher.search(query, limit, count=False).hits
            addresses = [address for _, address in hits]
            books = np.array(self._searcher.fast_field_values(BOOK, addresses), np.int64)
            passages: list[int] = self._searcher.fast_field_values(PASSAGE, addresses)  # type: ignore[assignment]
        return [score for score, _ in hits], books, passages

    def in_order(
        self, query: tantivy.Query, limit: int, *, backwards: bool = False
    ) -> NDArray[np.int64]:
        """Return the numbers of the first passages in the order of the text, or of the last."""
        order = tantivy.Order.Desc if backwards else tantivy.Order.Asc
        with damage_in(PASSAGES):
            found = self._searcher.search(
                query, limit, count=False, order_by_field=PASSAGE, order=order
            ).hits
            passages = self._searcher.fast_field_values(PASSAGE, [address for _, address in found])
        return np.array(passages, np.int64)

    def count(self, query: tantivy.Query) -> int:
        """Return how many passages a query finds."""
        with damage_in(PASSAGES):
            found = self._searcher.search(query, 1)
        return int(found.count)  # type: ignore[attr-defined]  # its stubs leave it out

    def count_by_book(self, query: tantivy.Query) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the keys of all books found, and how many of their passages are."""
        by_book = {
            "terms": {"field": BOOK, "size": MAX_COUNTED_BOOKS, "segment_size": MAX_COUNTED_BOOKS}
        }
        with damage_in(PASSAGES):
            buckets = self._searcher.aggregate(query, {"books": by_book})["books"]["buckets"]
        keys = np.fromiter((bucket["key"] for bucket in buckets), np.int64, len(buckets))
        counts = np.fromiter((bucket["doc_count"] for bucket in buckets), np.int64, len(buckets))
        return keys, counts

    def frequency(self, stem: str, field: str = TEXT) -> int:
        """Return how many passages have a stem in a field."""
        with damage_in(PASSAGES):
            return self._searcher.doc_freq(field, stem)
