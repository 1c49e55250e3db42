"""Building a segment: books go in one by one, a folder of files comes out."""

import json
from array import array as typed_array
from contextlib import ExitStack
from dataclasses import astuple, dataclass
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from gutenberg_explorer.index import analysis, contents, passages
from gutenberg_explorer.index.analysis import CUT
from gutenberg_explorer.index.arrays import write_array
from gutenberg_explorer.index.layout import CONTENTS, DTYPES, MARK_EVERY, TERMS, TEXT, ArrayName
from gutenberg_explorer.index.vocabulary import Vocabulary
from gutenberg_explorer.index.weights import mean_length, saturation


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


def best_passages(
    numbers: NDArray[np.uint32], positions: NDArray[np.int64], bounds: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """Return for each term of a book the passage that is best for it alone, the earliest of equals.

    `numbers` and `positions` are the occurrences, ordered by term and then by place; `bounds` are
    the starts and ends of the passages.
    """
    if not len(numbers):
        return np.empty(0, np.uint32)
    within = bounds[:, 0].searchsorted(positions, "right") - 1
    # Occurrences of one term in one passage stand together: each such group is a candidate.
    is_new = np.ones(len(numbers), np.bool_)
    is_new[1:] = (numbers[1:] != numbers[:-1]) | (within[1:] != within[:-1])
    groups = np.flatnonzero(is_new)
    counts = np.diff(groups, append=len(numbers))
    terms, passage = numbers[groups], within[groups]
    lengths = (bounds[:, 1] - bounds[:, 0])[passage]
    score = saturation(counts, lengths, mean_length(bounds[:, 0], bounds[:, 1]))
    first_of_term = np.flatnonzero(np.diff(terms, prepend=terms[:1] + 1))
    highest = np.maximum.reduceat(score, first_of_term)
    is_best = score == np.repeat(highest, np.diff(first_of_term, append=len(terms)))
    best = np.flatnonzero(is_best)
    _, first_best = np.unique(terms[best], return_index=True)
    return passage[best[first_best]].astype(np.uint32)


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
    count for each pair of a word and a book. All methods raise OSError when the disk fails.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = ExitStack()
        self._text = self._files.enter_context((folder / TEXT).open("wb"))
        self._contents = self._files.enter_context((folder / CONTENTS).open("wb"))
        self._positions = self._files.enter_context((folder / "positions").open("wb"))
        self._vocabulary = Vocabulary()
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

    def add(self, text: str) -> Added:
        """Take a book's text into the segment."""
        bounds = np.array(list(passages.split(text)), np.uint32).reshape(-1, 2)
        self._write_text(text, bounds)
        headings = [astuple(heading) for heading in contents.find(text)]
        self._contents.write(json.dumps(headings, ensure_ascii=False).encode())
        self._passage_starts.extend(bounds[:, 0].tolist())
        self._passage_ends.extend(bounds[:, 1].tolist())
        words, starts = analysis.tokenize(text)
        numbers = self._vocabulary.numbers(words)
        is_term = self._vocabulary.are_terms(numbers)
        self._write_positions(numbers[is_term], starts[is_term], bounds)
        for name, value in (
            ("text_ends", self._text.tell()),
            ("text_lengths", len(text)),
            ("mark_ends", len(self._marks)),
            ("book_passages", len(self._passage_starts)),
            ("contents_ends", self._contents.tell()),
        ):
            self._per_book[name].append(value)  # type: ignore[index]  # names are not inferred
        # Only white space lies between passages: where one begins, the one before has ended.
        cuts = np.append(starts.searchsorted(bounds[:, 0]), len(words))
        stems = self._vocabulary.stems_of(numbers)
        joined = [" ".join(stems[a:b]) for a, b in pairwise(cuts.tolist())]
        pairs = self._pairs(numbers, ~is_term, cuts)
        return Added(len(words), joined, pairs, _across(stems, cuts.tolist()))

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
        encoded = text.encode()
        self._text.write(encoded)
        if text.isascii():
            starts = np.arange(len(text) + 1, dtype=np.uint32)
        else:
            # The first byte of a character is any but 10xxxxxx.
            is_first = np.frombuffer(encoded, np.uint8) & 0xC0 != 0x80
            starts = np.append(np.flatnonzero(is_first), len(encoded)).astype(np.uint32)
        self._marks.extend(starts[:-1:MARK_EVERY].tolist())
        self._passage_bytes.extend(starts[bounds].ravel().tolist())

    def _write_positions(
        self, numbers: NDArray[np.uint32], starts: NDArray[np.int64], bounds: NDArray[np.uint32]
    ) -> None:
        """Write where each term stands, grouped by term."""
        # Sorted as one number each, which is faster than by two.
        both = np.sort(numbers.astype(np.uint64) << np.uint64(32) | starts.astype(np.uint64))
        numbers, starts = (both >> np.uint64(32)).astype(np.uint32), both.astype(np.uint32)
        firsts = np.flatnonzero(np.diff(numbers, prepend=numbers[:1] + 1))
        starts.tofile(self._positions)
        self._terms.append(numbers[firsts])
        self._counts.append(np.diff(firsts, append=len(numbers)).astype(np.uint32))
        self._best.append(best_passages(numbers, starts, bounds))

    def finish(self) -> tuple[int, int]:
        """Write the arrays that span all books; return the number of terms and of postings."""
        empty = np.empty(0, np.uint32)
        terms = np.concatenate([empty, *self._terms])
        words = self._vocabulary.words
        in_order = sorted(np.unique(terms).tolist(), key=words.__getitem__)
        encoded = [words[number].encode() for number in in_order]
        rank = np.zeros(len(words), np.int64)
        rank[in_order] = np.arange(len(in_order))

        books = np.repeat(np.arange(len(self._terms)), [len(terms) for terms in self._terms])
        ranks = rank[terms]
        counts = np.concatenate([empty, *self._counts])
        best = np.concatenate([empty, *self._best])
        positions = np.cumsum(counts, dtype=np.uint64) - counts
        order = np.argsort(ranks, kind="stable")
        hashes = b"".join(blake2b(term, digest_size=8).digest() for term in encoded)

        (self._folder / TERMS).write_bytes(b"".join(encoded))
        arrays: dict[ArrayName, Any] = {
            **self._per_book,
            "text_marks": np.frombuffer(self._marks, np.uint32),
            "passage_starts": np.frombuffer(self._passage_starts, np.uint32),
            "passage_ends": np.frombuffer(self._passage_ends, np.uint32),
            "passage_bytes": np.frombuffer(self._passage_bytes, np.uint32),
            "term_ends": np.cumsum([len(term) for term in encoded]),
            "term_hashes": np.frombuffer(hashes, "<u8"),
            "posting_ends": np.cumsum(np.bincount(ranks, minlength=len(in_order))),
            "posting_book": books[order],
            "posting_count": counts[order],
            "posting_passage": best[order],
            "posting_positions": positions[order],
        }
        for name, values in arrays.items():
            write_array(self._folder / name, np.asarray(values), DTYPES[name])
        self._files.close()
        return len(in_order), len(order)
