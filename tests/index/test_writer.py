import contextlib
import tempfile
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gutenberg_explorer.index import analysis, passages
from gutenberg_explorer.index.layout import MARK_EVERY
from gutenberg_explorer.index.token_pieces import pieces
from gutenberg_explorer.index.writer import Added, BookTooLarge, SegmentFull, SegmentWriter

# Long ones, so that each becomes a passage; some have no word at all.
PARAGRAPHS = st.one_of(
    st.lists(st.sampled_from(["of", "the", "whale", "to"]), min_size=1).map(" ".join),
    st.integers(1, 300).map(lambda count: "* " * count),
    st.lists(st.sampled_from(["it was", "the ship of", "* * *"]), min_size=60).map(" ".join),
)


def _pairs(passage: str) -> str:
    """Return the pairs of common words of a passage as a plain reading finds them."""
    words, _ = analysis.tokenize(passage)
    found: list[str] = []
    in_row = False
    for one, other in pairwise(words):
        is_pair = not analysis.is_term(one) and not analysis.is_term(other)
        if is_pair:
            found += [] if in_row else [analysis.ROW_END]
            found.append(f"{analysis.stem(one)}{analysis.PAIR}{analysis.stem(other)}")
        in_row = is_pair
    return " ".join(found)


def _across(passage: str, rest: str) -> str:
    """Return the last word of a passage and the first of the rest of the text, joined."""
    words, after = analysis.tokenize(passage)[0][-1:], analysis.tokenize(rest)[0][:1]
    return analysis.CUT.join(map(analysis.stem, words + after)) if words and after else ""


@given(st.lists(PARAGRAPHS, max_size=6))
def test_passages_are_searched_by_their_own_words(paragraphs: list[str]) -> None:
    text = "\n\n".join(paragraphs)
    within = [text[start:end] for start, end in passages.split(text)]
    with tempfile.TemporaryDirectory() as folder, SegmentWriter(Path(folder)) as writer:
        added = writer.add(text)
        writer.finish()
    assert added.passages == [
        " ".join(map(analysis.stem, analysis.tokenize(passage)[0])) for passage in within
    ]
    assert added.pairs == [_pairs(passage) for passage in within]
    assert added.across == [
        _across(text[start:end], text[end:]) for start, end in passages.split(text)
    ]


WORDS = st.sampled_from(
    ["of", "the", "whale", "ship", "sea", "é", "雪国", "x" * 600, "# Act I\n\n"]
)
BOOKS = st.lists(st.lists(WORDS, max_size=400).map(" ".join), max_size=3)


def _written(texts: list[str]) -> tuple[dict[str, bytes], list[Added]]:
    with tempfile.TemporaryDirectory() as folder:
        with SegmentWriter(Path(folder)) as writer:
            added = [writer.add(text) for text in texts]
            writer.finish()
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}, added


@settings(max_examples=30, deadline=None)
@given(BOOKS)
def test_a_text_is_written_the_same_in_pieces(texts: list[str]) -> None:
    whole = _written(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gutenberg_explorer.index.writer.pieces", partial(pieces, size=700))
        patch.setattr("gutenberg_explorer.index.writer._AT_ONCE", MARK_EVERY)
        patch.setattr("gutenberg_explorer.index.best_passages._AT_ONCE", 3)
        assert _written(texts) == whole


def _words(first: int, count: int) -> str:
    return " ".join(f"word{number}" for number in range(first, first + count))


def test_a_full_segment_takes_nothing_more_and_loses_nothing(tmp_path: Path) -> None:
    texts = [_words(first, 1_000) for first in range(0, 20_000, 1_000)]
    whole, _ = _written(texts[:3])
    with SegmentWriter(tmp_path, memory=1_200_000) as writer:
        for text in texts[:3]:
            writer.add(text)
        for text in texts[3:]:
            with contextlib.suppress(SegmentFull):
                writer.add(text)
        with pytest.raises(SegmentFull):
            writer.add(_words(0, 100_000))
        writer.finish()
    taken = len((tmp_path / "text_ends").read_bytes()) // 8
    assert 3 <= taken < 10
    whole, _ = _written(texts[:taken])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == whole


def test_a_book_that_takes_too_much_memory_is_refused(tmp_path: Path) -> None:
    with SegmentWriter(tmp_path) as writer:
        writer.add(_words(0, 1_000), most=500_000)
        for much in (_words(0, 3_000), "1:1 a\n" * 3_000, "a" * 200_000):
            with pytest.raises(BookTooLarge):
                writer.add(much, most=500_000)
        writer.add(_words(500, 1_000), most=500_000)
        writer.finish()
    whole, _ = _written([_words(0, 1_000), _words(500, 1_000)])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == whole
