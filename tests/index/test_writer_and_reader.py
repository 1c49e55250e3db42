"""What is written is what is read: an index of any books, compared with a plain reading of them."""

import math
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gutenberg_explorer.index import analysis, contents, passages
from gutenberg_explorer.index.reader import Index
from tests.index.shelf import make_index, scratch
from tests.soak import share_of

WORDS = st.sampled_from(["love", "Whale", "don't", "the", "ox", "naïve", "ßtraße", "𐐷𐐷𐐷", "2001"])
TEXTS = st.lists(
    st.lists(st.one_of(WORDS, st.text(max_size=5)), max_size=60).map(" ".join),
    min_size=1,
    max_size=5,
).map(lambda texts: [text.encode("utf-8", "ignore").decode() for text in texts])


def _check_postings(index: Index, texts: list[str]) -> None:
    """Compare the postings and positions of an index with the words of the texts."""
    tokens = [analysis.tokenize(text)[0] for text in texts]
    counts = [Counter(filter(analysis.is_term, words)) for words in tokens]
    assert [entry.word_count for entry in index.books] == [len(words) for words in tokens]
    assert index.find("never-there") is None
    for word in set().union(*counts):
        term = index.find(word)
        assert term is not None
        frequency = sum(word in count for count in counts)
        assert math.isclose(term.idf, math.log((1 + len(texts)) / (1 + frequency)) + 1)
        books, found = index.postings(term)
        expected = {book: count[word] for book, count in enumerate(counts) if word in count}
        assert dict(zip(books.tolist(), found.tolist(), strict=True)) == expected
        for book, count in expected.items():
            place, segment, local = index.place(book)
            postings = term.postings[place]
            assert postings is not None
            posting = segment.posting(postings, local)
            assert posting is not None
            places = segment.positions(posting).tolist()
            assert len(places) == count
            assert places == sorted(places)
            folded = analysis.fold(texts[book])
            assert all(folded[place : place + len(word)] == word for place in places)


@settings(max_examples=share_of(800))
@given(TEXTS, st.integers(1, 3), st.data())
def test_an_index_holds_what_the_books_hold(
    texts: list[str], segments: int, data: st.DataObject
) -> None:
    with scratch() as folder:
        index = make_index(Path(folder), texts, segments=segments)
        _check_postings(index, texts)
        for book, text in enumerate(texts):
            starts, ends = index.passages(book)
            assert list(zip(starts, ends, strict=True)) == list(passages.split(text))
            assert index.contents(book) == contents.find(text)
            start = data.draw(st.integers(-5, len(text) + 5))
            end = data.draw(st.integers(-5, len(text) + 5))
            assert index.text(book, start, end) == text[max(start, 0) : max(end, 0)]


@settings(max_examples=share_of(500))
@given(TEXTS, TEXTS, st.data())
def test_after_additions_and_removals_it_is_as_if_built_anew(
    first: list[str], second: list[str], data: st.DataObject
) -> None:
    removed = data.draw(st.sets(st.integers(0, len(first) - 1)))
    with scratch() as one, scratch() as other:
        base = make_index(Path(one), first)
        changed = make_index(Path(one), second, base=base, first=len(first), without=removed)
        left = [text for number, text in enumerate(first) if number not in removed] + second
        anew = make_index(Path(other), left)
        _check_postings(changed, left)
        assert changed.norms.tolist() == pytest.approx(anew.norms.tolist())
        for book, text in enumerate(left):
            assert changed.text(book, 0, len(text)) == text
        assert len(changed.passage_index) == len(anew.passage_index)
        assert len(anew.passage_index) == sum(len(list(passages.split(text))) for text in left)


def test_a_long_text_of_wide_characters_is_sliced_exactly(tmp_path: Path) -> None:
    text = "".join(chr(0x1F400 + number % 80) + "é ascii " for number in range(2_000))
    index = make_index(tmp_path, ["before", text, "after"])
    for start in range(0, len(text), 511):
        for length in (1, 1_023, 1_024, 1_025, 5_000):
            assert index.text(1, start, start + length) == text[start : start + length]
    assert index.text(2, 0, 100) == "after"


def test_norms_are_the_lengths_of_the_vectors(tmp_path: Path) -> None:
    index = make_index(tmp_path, ["love love whale", "whale", "the ox"], segments=2)
    love, whale = index.find("love"), index.find("whale")
    assert love is not None
    assert whale is not None
    assert math.isclose(index.norms[0], math.hypot(2 * love.idf, whale.idf))
    assert math.isclose(index.norms[1], whale.idf)
    assert index.norms[2] == 1
