"""What holds in a segment: how its arrays belong together, and what each of them may contain.

`check_books` and `check_lengths` look at a value for each book, so that even a large library opens
fast. The others look at every value. A checksum tells whether a file is the one that was written;
this tells whether what was written can be searched. Each raises IndexDamaged, which names the file.
"""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from gutenberg_explorer.index.damage import require
from gutenberg_explorer.index.invariants import (
    parts,
    require_ascending,
    require_below,
    require_ends,
    require_length,
    require_sorted,
    require_total,
    starts_of,
)
from gutenberg_explorer.index.layout import CONTENTS, MARK_EVERY, TERMS, ArrayName
from gutenberg_explorer.index.manifest import IndexDamaged
from gutenberg_explorer.index.pieces import Bytes
from gutenberg_explorer.index.strings import StringTable

Arrays = Mapping[ArrayName, NDArray[Any]]

_WIDEST = 4  # bytes of a character in UTF-8
_headings = TypeAdapter(list[tuple[str, int, int]])


def check_books(arrays: Arrays, text_size: int, contents_size: int) -> None:
    """Check what there is for each book: text, marks, passages and contents.

    The sizes are those of the files in bytes.
    """
    books = len(arrays["text_ends"])
    name: ArrayName
    for name in ("text_lengths", "mark_ends", "book_passages", "contents_ends"):
        require_length(name, arrays[name], books)
    require_ends("text_ends", arrays["text_ends"], text_size, may_be_empty=True)
    require_ends("contents_ends", arrays["contents_ends"], contents_size)
    require_ends(
        "book_passages", arrays["book_passages"], len(arrays["passage_starts"]), may_be_empty=True
    )
    lengths = arrays["text_lengths"].astype(np.int64)
    sizes = _sizes(arrays["text_ends"])
    fits = (lengths <= sizes) & (sizes <= _WIDEST * lengths)
    require(fits.all(), "text_lengths", "does not fit the texts")
    require_total("mark_ends", arrays["mark_ends"], len(arrays["text_marks"]))
    marks = _sizes(arrays["mark_ends"])
    require((marks == -(-lengths // MARK_EVERY)).all(), "mark_ends", "does not fit the texts")


def check_lengths(arrays: Arrays, terms_size: int) -> None:
    """Check how many values there are for each passage, term, posting and position."""
    require_length("passage_ends", arrays["passage_ends"], len(arrays["passage_starts"]))
    require_length("passage_bytes", arrays["passage_bytes"], 2 * len(arrays["passage_starts"]))
    terms = len(arrays["term_ends"])
    name: ArrayName
    for name in ("term_hashes", "posting_ends"):
        require_length(name, arrays[name], terms)
    require_total("term_ends", arrays["term_ends"], terms_size)
    postings = len(arrays["posting_book"])
    for name in ("posting_count", "posting_passage", "posting_positions"):
        require_length(name, arrays[name], postings)
    require_total("posting_ends", arrays["posting_ends"], postings)


def check_marks(arrays: Arrays) -> None:
    """Check that marks are as far apart as that many characters can be, in each text."""
    counts = _sizes(arrays["mark_ends"])
    firsts = np.cumsum(counts) - counts
    number_in_book = np.arange(len(arrays["text_marks"])) - np.repeat(firsts, counts)
    _require_bytes("text_marks", arrays, MARK_EVERY * number_in_book, counts)


def check_passages(arrays: Arrays) -> None:
    """Check that a book's passages are not empty, do not overlap, and lie in its text."""
    starts, ends = arrays["passage_starts"], arrays["passage_ends"]
    counts = _sizes(arrays["book_passages"])
    require((starts < ends).all(), "passage_ends", "is before its start")
    is_first = starts_of(arrays["book_passages"], len(starts))
    follows = (starts[1:] >= ends[:-1]) | is_first[1:-1]
    require(follows.all(), "passage_starts", "is before the end of the passage before it")
    within = ends <= np.repeat(arrays["text_lengths"], counts)
    require(within.all(), "passage_ends", "is after the end of the text")
    _require_bytes("passage_bytes", arrays, np.column_stack((starts, ends)).ravel(), 2 * counts)


def check_contents(contents: Bytes, arrays: Arrays) -> None:
    """Check that headings can be read and that they lie in their text."""
    start = 0
    lengths = arrays["text_lengths"].tolist()
    for end, length in zip(arrays["contents_ends"].tolist(), lengths, strict=True):
        found = read_headings(contents.read(start, end))
        told = all(title and level > 0 for title, level, _ in found)
        require(told, CONTENTS, "contains a heading without text or level")
        within = all(0 <= place <= length for _, _, place in found)
        require(within, CONTENTS, "contains a heading that is not in its text")
        start = end


def read_headings(encoded: bytes) -> list[tuple[str, int, int]]:
    """Return the headings of a book as they were written. Raises IndexDamaged."""
    try:
        return _headings.validate_json(encoded, strict=True)
    except ValidationError:
        raise IndexDamaged(f"{CONTENTS} contains something other than headings") from None


def check_terms(terms: StringTable, arrays: Arrays) -> None:
    """Check that terms are sorted, and that each has a posting and a hash of its own."""
    require_sorted(TERMS, "term_ends", terms)
    hashes = np.sort(arrays["term_hashes"])
    require((hashes[1:] != hashes[:-1]).all(), "term_hashes", "contains a value twice")
    require_ends("posting_ends", arrays["posting_ends"], len(arrays["posting_book"]))


def check_hashes(terms: StringTable, arrays: Arrays) -> None:
    """Check that each hash is that of its term, which takes as long as all the other checks."""
    start = 0
    for each in terms.batches():
        hashes = b"".join([blake2b(term, digest_size=8).digest() for term in each])
        found = arrays["term_hashes"][start : start + len(each)]
        require((np.frombuffer(hashes, "<u8") == found).all(), "term_hashes", "fits other terms")
        start += len(each)


def check_postings(arrays: Arrays) -> None:
    """Check the postings of all terms, and their positions, which are ascending in a text."""
    books, counts = arrays["posting_book"], arrays["posting_count"]
    total = len(arrays["positions"])
    require_below("posting_book", books, len(arrays["text_ends"]))
    starts = starts_of(arrays["posting_ends"], len(books))
    require_ascending("posting_book", books, starts=starts)
    require((counts > 0).all(), "posting_count", "contains a posting without a position")
    require(
        int(counts.sum(dtype=np.int64)) == total, "posting_count", f"does not sum up to {total}"
    )
    passages = _sizes(arrays["book_passages"])
    for part in parts(len(books)):
        fits = arrays["posting_passage"][part] < passages[books[part]]
        require(fits.all(), "posting_passage", "names a passage that its book has not")
    _check_positions(arrays, total)


def _check_positions(arrays: Arrays, total: int) -> None:
    books, counts = arrays["posting_book"], arrays["posting_count"]
    firsts, positions = arrays["posting_positions"], arrays["positions"]
    require_below("posting_positions", firsts, max(total, 1))
    starts = np.zeros(total + 1, np.bool_)
    starts[total] = True
    starts[firsts.view(np.int64)] = True
    # Where all begin at different places, all end where another begins, and all together are as
    # long as the file, they fill it without overlap.
    fill = int(np.count_nonzero(starts)) == len(firsts) + 1 and bool(starts[0])
    for part in parts(len(firsts)):
        ends = firsts[part].view(np.int64) + counts[part]
        fill = fill and bool((ends <= total).all() and starts[ends].all())
        require(fill, "posting_positions", "does not share out the positions")
        last = positions[ends - 1]
        within = last < arrays["text_lengths"][books[part]]
        require(within.all(), "positions", "contains one after the end of the text")
    require_ascending("positions", positions, starts=starts)


def _sizes(ends: NDArray[Any]) -> NDArray[np.int64]:
    """Return how long each of some things is that follow one another, by their ends."""
    return np.asarray(np.diff(ends.astype(np.int64), prepend=0), np.int64)


def _require_bytes(
    name: ArrayName, arrays: Arrays, characters: NDArray[Any], counts: NDArray[np.int64]
) -> None:
    """Check the bytes at which given characters of the books' texts stand, `counts` of each book.

    What lies before and after each of them has no fewer bytes than characters, and no more than
    four times as many. In a text of ASCII this leaves one place for each.
    """
    places, ends = arrays[name], np.cumsum(counts)
    firsts = ends - counts
    lengths = arrays["text_lengths"].astype(np.int64)
    wide_in_text = _sizes(arrays["text_ends"]) - lengths
    place_before = character_before = 0
    for part in parts(len(places)):
        index = np.arange(part.start, part.stop)
        book = ends.searchsorted(index, "right")
        is_first = index == firsts[book]
        place, character = places[part].astype(np.int64), characters[part].astype(np.int64)
        # How many bytes more than characters there are up to here, since the last, and after.
        wide = place - character
        between = np.where(is_first, character, np.diff(character, prepend=character_before))
        wide_between = np.where(
            is_first, wide, np.diff(wide, prepend=place_before - character_before)
        )
        wide_after = wide_in_text[book] - wide
        fits = (wide_between >= 0) & (wide_between <= (_WIDEST - 1) * between)
        fits &= (wide_after >= 0) & (wide_after <= (_WIDEST - 1) * (lengths[book] - character))
        require(fits.all(), name, "does not fit the texts")
        place_before, character_before = int(place[-1]), int(character[-1])
