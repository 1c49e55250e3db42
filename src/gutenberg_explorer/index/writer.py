"""Building a segment: books go in one by one, a folder of files comes out."""

import json
from array import array as typed_array
from contextlib import ExitStack
from dataclasses import astuple, dataclass
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from sys import getsizeof
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from gutenberg_explorer.index import analysis, contents, passages
from gutenberg_explorer.index.analysis import CUT
from gutenberg_explorer.index.arrays import write_array
from gutenberg_explorer.index.best_passages import best_passages
from gutenberg_explorer.index.layout import CONTENTS, DTYPES, MARK_EVERY, TERMS, TEXT, ArrayName
from gutenberg_explorer.index.token_pieces import pieces
from gutenberg_explorer.index.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a book: its length in words, and what its passages are searched by.

    `passages` are the stems of each passage's words, `pairs` those of its common words that follow
    one another, joined, `across` those of its last word and the next word of the book, joined.
    """

    word_count: int
    passages: list[str]
    pairs: list[str]
    across: list[str]


_AT_ONCE = 1 << 20  # occurrences, or characters
# What `finish` needs at most.
_BYTES_PER_POSTING = 45
_BYTES_PER_PASSAGE = 24
# What a word of the piece that is being analysed takes.
_BYTES_PER_WORD_AT_ONCE = 90
# What is returned for a passage by `add`, besides its characters.
_BYTES_PER_ADDED_PASSAGE = 220


class SegmentFull(Exception):
    """A book does not fit into the memory that is left to a segment; nothing of it was taken."""


class BookTooLarge(Exception):
    """A book takes more memory than it may; nothing of it was taken."""


def _text_size(text: str) -> int:
    """Return about how many bytes of memory a text takes, its stems and the places of its terms."""
    return 2 * getsizeof(text) + 2 * len(text)


def _joined(parts: list[NDArray[np.uint32]]) -> NDArray[np.uint32]:
    """Return these arrays as one; the list is empty afterwards."""
    joined = np.concatenate([np.empty(0, np.uint32), *parts])
    parts.clear()
    return joined


def _across(stems: list[str], cuts: list[int]) -> list[str]:
    """Return for each passage its last word and the next word of the book, joined.

    It is empty for a passage without words, and where no word follows.
    """
    return [
        f"{stems[after - 1]}{CUT}{stems[after]}" if first < after < len(stems) else ""
        for first, after in pairwise(cuts)
    ]


class SegmentWriter:
    """Takes texts with `add`, then writes what spans all books with `finish`.

    Texts, passages and positions go to disk book by book; what is kept in memory is a number and a
    count for each pair of a word and a book, and each word. `memory` is how many bytes all of it
    may take, None for any number; where `takes_one`, the first book is taken whatever it takes.
    All methods raise OSError when the disk fails.
    """

    def __init__(self, folder: Path, memory: int | None = None, *, takes_one: bool = False) -> None:
        self._folder = folder
        self._files = ExitStack()
        self._text = self._files.enter_context((folder / TEXT).open("wb"))
        self._contents = self._files.enter_context((folder / CONTENTS).open("wb"))
        self._positions = self._files.enter_context((folder / "positions").open("wb"))
        self._memory = memory
        self._takes_one = takes_one
        self._vocabulary = Vocabulary()
        self._postings = 0
        self._terms: list[NDArray[np.uint32]] = []
        self._counts: list[NDArray[np.uint32]] = []
        self._best: list[NDArray[np.uint32]] = []
        self._per_book: dict[ArrayName, list[int]] = {
            "text_ends": [],
            "text_lengths": [],
            "mark_ends": [],
            "book_passages": [],
            "contents_ends": [],
        }
        self._marks = typed_array("I")
        self._passage_starts = typed_array("I")
        self._passage_ends = typed_array("I")
        self._passage_bytes = typed_array("I")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._files.close()

    @property
    def is_empty(self) -> bool:
        """Whether no book was taken yet."""
        return not self._terms

    def _size(self) -> int:
        """Return about how many bytes of memory `finish` will need for what was taken."""
        of_passages = _BYTES_PER_PASSAGE * len(self._passage_starts)
        return self._vocabulary.size + _BYTES_PER_POSTING * self._postings + of_passages

    def _check(self, text: str, *, more: int = 0) -> None:
        """Raise SegmentFull when there is no room for a text that has `more` bytes of postings."""
        if self._memory is not None and not (self._takes_one and self.is_empty):
            needed = self._size() + more + 2 * getsizeof(text) + 4 * len(text)
            if needed > self._memory:
                raise SegmentFull

    def add(self, text: str, most: int | None = None) -> Added:
        """Take a book's text into the segment.

        Raises SegmentFull when it does not fit, and BookTooLarge when it takes more than `most`
        bytes of memory. Nothing was taken then.
        """
        try:
            return self._add(text, most)
        except (SegmentFull, BookTooLarge):
            if self.is_empty:
                self._vocabulary = Vocabulary()
            raise

    def _bounds(self, text: str, most: int | None) -> NDArray[np.uint32]:
        room = None if most is None else most - _text_size(text)
        found = typed_array("I")
        for start, end in passages.split(text):
            found.append(start)
            found.append(end)
            if room is not None and _BYTES_PER_ADDED_PASSAGE * len(found) // 2 > room:
                raise BookTooLarge
        return np.array(found, np.uint32).reshape(-1, 2)

    def _add(self, text: str, most: int | None) -> Added:
        self._check(text)
        bounds = self._bounds(text, most)
        of_text = _text_size(text) + _BYTES_PER_ADDED_PASSAGE * len(bounds)
        size_before = self._vocabulary.size
        searched: list[str] = []
        pairs: list[str] = []
        across: list[str] = []
        open_at, last = -1, ""  # the passage whose last word is that of the piece, and this word
        count, words_before = 0, len(self._vocabulary.words)
        # Each is a term's number and its place. A term and what follows it have four characters.
        found = np.empty(len(text) // (analysis.MIN_LENGTH + 1) + 1, np.uint64)
        found_count = 0
        for piece in pieces(text, bounds[:, 0]):
            words, starts = analysis.tokenize(text[piece.start : piece.end])
            starts += piece.start
            numbers = self._vocabulary.numbers(words)
            is_term = self._vocabulary.are_terms(numbers)
            within = numbers[is_term].astype(np.uint64) << np.uint64(32)
            found[found_count : found_count + len(within)] = within | starts[is_term].astype(
                np.uint64
            )
            found_count += len(within)
            # Only white space lies between passages: where one begins, the one before has ended.
            own = bounds[piece.first_passage : piece.last_passage, 0]
            cuts = np.append(starts.searchsorted(own), len(words))
            stems = self._vocabulary.stems_of(numbers)
            searched += [" ".join(stems[a:b]) for a, b in pairwise(cuts.tolist())]
            found_pairs = self._pairs(numbers, ~is_term, cuts)
            of_text += 2 * sum(map(len, found_pairs))  # tantivy has them as well
            pairs += found_pairs
            if stems:
                if open_at >= 0:
                    across[open_at] = f"{last}{CUT}{stems[0]}"
                # Of the piece's passages that have words, the last.
                open_at = len(across) + int(np.flatnonzero(np.diff(cuts))[-1])
                last = stems[-1]
            across += _across(stems, cuts.tolist())
            count += len(words)
            new = len(self._vocabulary.words) - words_before
            more = _BYTES_PER_POSTING * new
            of_words = self._vocabulary.size - size_before + more
            of_piece = _BYTES_PER_WORD_AT_ONCE * len(words)
            if most is not None and of_text + of_words + of_piece > most:
                raise BookTooLarge
            self._check(text, more=more)
        found = found[:found_count]
        found.sort()  # as one number each, which is faster than by two
        self._take(text, bounds, found)
        return Added(count, searched, pairs, across)

    def _take(
        self,
        text: str,
        bounds: NDArray[np.uint32],
        found: NDArray[np.uint64],
    ) -> None:
        """Write a book, whose terms and their places are in `found`."""
        numbers, starts = found.view("<u4")[1::2], found.view("<u4")[::2]
        firsts = np.flatnonzero(np.diff(numbers, prepend=numbers[:1] + 1))
        self._write_text(text, bounds)
        headings = [astuple(heading) for heading in contents.find(text)]
        self._contents.write(json.dumps(headings, ensure_ascii=False).encode())
        self._passage_starts.extend(bounds[:, 0].tolist())
        self._passage_ends.extend(bounds[:, 1].tolist())
        for first in range(0, len(starts), _AT_ONCE):
            self._positions.write(starts[first : first + _AT_ONCE].astype("<u4").data)
        self._terms.append(numbers[firsts].copy())
        self._counts.append(np.diff(firsts, append=len(numbers)).astype(np.uint32))
        self._best.append(best_passages(numbers, starts, bounds))
        self._postings += len(firsts)
        for name, value in (
            ("text_ends", self._text.tell()),
            ("text_lengths", len(text)),
            ("mark_ends", len(self._marks)),
            ("book_passages", len(self._passage_starts)),
            ("contents_ends", self._contents.tell()),
        ):
            self._per_book[name].append(value)  # type: ignore[index]  # names are not inferred

    def _pairs(
        self, numbers: NDArray[np.uint32], common: NDArray[np.bool_], cuts: NDArray[np.int64]
    ) -> list[str]:
        """Return for each passage its pairs of common words in a row.

        `cuts` are the places of the words at which passages begin, and the number of all words.
        """
        starts_pair = common[:-1] & common[1:]
        # No pair lies in two passages. One that has no words may be the first, or the last.
        inner = cuts[(cuts > 0) & (cuts < len(common))]
        starts_pair[inner - 1] = False
        first = np.flatnonzero(starts_pair)
        goes_on = np.diff(first, prepend=-2) == 1
        pairs = self._vocabulary.pairs(numbers[first], numbers[first + 1], goes_on)
        return [" ".join(pairs[a:b]) for a, b in pairwise(first.searchsorted(cuts).tolist())]

    def _write_text(self, text: str, bounds: NDArray[np.uint32]) -> None:
        """Write a text; note at which bytes its passages and every so many characters begin."""
        edges = bounds.ravel()
        done = at = 0
        for start in range(0, max(len(text), 1), _AT_ONCE):
            encoded = text[start : start + _AT_ONCE].encode()
            self._text.write(encoded)
            # The first byte of a character is any but 10xxxxxx.
            is_first = np.frombuffer(encoded, np.uint8) & 0xC0 != 0x80
            starts = np.flatnonzero(is_first) + at
            self._marks.extend(starts[::MARK_EVERY].tolist())
            at += len(encoded)
            last = int(edges.searchsorted(start + len(starts)))
            self._passage_bytes.extend(starts[edges[done:last] - start].tolist())
            done = last
        self._passage_bytes.extend([at] * (len(edges) - done))

    def finish(self) -> tuple[int, int]:
        """Write the arrays that span all books; return the number of terms and of postings."""
        words = self._vocabulary.words
        terms = _joined(self._terms)
        in_order = sorted(np.unique(terms).tolist(), key=words.__getitem__)
        rank = np.zeros(len(words), np.uint32)
        rank[in_order] = np.arange(len(in_order), dtype=np.uint32)
        ranks = rank[terms]
        del terms, rank
        self._write_terms(in_order)
        term_count = len(in_order)
        self._vocabulary = Vocabulary()  # what follows takes as much memory again
        del words, in_order
        order = np.argsort(ranks, kind="stable")
        ends = np.cumsum(np.bincount(ranks, minlength=term_count))
        del ranks
        self._write("posting_ends", ends)
        books = np.arange(len(self._per_book["text_ends"]), dtype=np.uint32)
        self._write("posting_book", np.repeat(books, list(map(len, self._counts)))[order])
        counts = _joined(self._counts)
        self._write("posting_count", counts[order])
        positions = np.cumsum(counts, dtype=np.uint64)
        positions -= counts
        self._write("posting_positions", positions[order])
        del positions, counts
        self._write("posting_passage", _joined(self._best)[order])
        arrays: dict[ArrayName, Any] = {
            **self._per_book,
            "text_marks": np.frombuffer(self._marks, np.uint32),
            "passage_starts": np.frombuffer(self._passage_starts, np.uint32),
            "passage_ends": np.frombuffer(self._passage_ends, np.uint32),
            "passage_bytes": np.frombuffer(self._passage_bytes, np.uint32),
        }
        for name, values in arrays.items():
            self._write(name, np.asarray(values))
        self._files.close()
        return term_count, len(order)

    def _write(self, name: ArrayName, values: NDArray[Any]) -> None:
        write_array(self._folder / name, values, DTYPES[name])

    def _write_terms(self, in_order: list[int]) -> None:
        """Write the terms with these numbers, and the hash of each."""
        lengths, hashes = typed_array("Q"), bytearray()
        with (self._folder / TERMS).open("wb") as file:
            for number in in_order:
                term = self._vocabulary.words[number].encode()
                file.write(term)
                lengths.append(len(term))
                hashes += blake2b(term, digest_size=8).digest()
        self._write("term_ends", np.cumsum(np.frombuffer(lengths, np.uint64)))
        self._write("term_hashes", np.frombuffer(hashes, "<u8"))
