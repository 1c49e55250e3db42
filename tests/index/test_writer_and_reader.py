"""What is written is what is read: an index of any books, compared with a plain reading of them."""

import math
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from gutenberg_explorer.corpus import Book
from gutenberg_explorer.index import Index, analysis, passages
from gutenberg_explorer.index.layout import FORMAT, Manifest
from gutenberg_explorer.index.store import IndexStore
from gutenberg_explorer.index.writer import IndexWriter


def make_index(folder: Path, texts: list[str]) -> Index:
    """Return an open index of books with these texts."""
    store = IndexStore(folder)
    with store.lock():
        unfinished = store.begin("g1")
        with IndexWriter(unfinished) as writer:
            for number, text in enumerate(texts):
                writer.add(Book(f"book-{number}", f"Book {number}", None, None, "en", text, "test"))
            writer.finish()
        manifest = Manifest(
            format=FORMAT,
            generation="g1",
            source="test",
            fingerprint="f",
            created=datetime.now(UTC).isoformat(),
            trace_id=None,
            span_id=None,
            books=writer.books,
            skipped={},
            files={},
        )
        store.publish(unfinished, manifest)
    return store.open()


WORDS = st.sampled_from(["love", "Whale", "don't", "the", "ox", "naïve", "ßtraße", "𐐷𐐷𐐷", "2001"])
TEXTS = st.lists(
    st.lists(st.one_of(WORDS, st.text(max_size=5)), max_size=60).map(" ".join), max_size=5
)


@settings(max_examples=40, deadline=None)
@given(TEXTS, st.data())
def test_an_index_holds_what_the_books_hold(texts: list[str], data: st.DataObject) -> None:
    texts = [text.encode("utf-8", "ignore").decode() for text in texts]
    with tempfile.TemporaryDirectory() as folder:
        index = make_index(Path(folder), texts)
        tokens = [analysis.tokenize(text)[0] for text in texts]
        counts = [Counter(filter(analysis.is_term, words)) for words in tokens]
        vocabulary = set().union(*counts)
        assert [entry.word_count for entry in index.books] == [len(words) for words in tokens]
        assert index.find("never-there") is None
        for word in vocabulary:
            term = index.find(word)
            assert term is not None
            frequency = sum(word in count for count in counts)
            assert math.isclose(term.idf, math.log((1 + len(texts)) / (1 + frequency)) + 1)
            for book, text in enumerate(texts):
                posting = index.posting(term, book)
                if word not in counts[book]:
                    assert posting is None
                    continue
                assert posting is not None
                places = index.positions(posting).tolist()
                assert len(places) == counts[book][word]
                assert places == sorted(places)
                folded = analysis.fold(text)
                assert all(folded[place : place + len(word)] == word for place in places)
        for book, text in enumerate(texts):
            starts, ends = index.passages(book)
            assert list(zip(starts, ends, strict=True)) == list(passages.split(text))
            start = data.draw(st.integers(-5, len(text) + 5))
            end = data.draw(st.integers(-5, len(text) + 5))
            assert index.text(book, start, end) == text[max(start, 0) : max(end, 0)]


def test_a_long_text_of_wide_characters_is_sliced_exactly(tmp_path: Path) -> None:
    text = "".join(chr(0x1F400 + number % 80) + "é ascii " for number in range(2_000))
    index = make_index(tmp_path, ["before", text, "after"])
    for start in range(0, len(text), 511):
        for length in (1, 1_023, 1_024, 1_025, 5_000):
            assert index.text(1, start, start + length) == text[start : start + length]
    assert index.text(2, 0, 100) == "after"


def test_norms_are_the_lengths_of_the_vectors(tmp_path: Path) -> None:
    index = make_index(tmp_path, ["love love whale", "whale", "the ox"])
    love, whale = index.find("love"), index.find("whale")
    assert love is not None
    assert whale is not None
    assert math.isclose(index.norms[0], math.hypot(2 * love.idf, whale.idf))
    assert math.isclose(index.norms[1], whale.idf)
    assert index.norms[2] == 1
