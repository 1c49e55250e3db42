from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gutenberg_explorer.index.analysis import fold
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.search.local.snippets import _best
from tests.index.shelf import make_index, scratch
from tests.index.test_writer_and_reader import WORDS
from tests.searching import search
from tests.soak import share_of


def _marked(index: Index, query: str) -> list[tuple[str, list[str]]]:
    return [
        (hit.id, [hit.passages[0].text[m.start : m.end] for m in hit.passages[0].highlights])
        for hit in search(index, query).hits
    ]


def test_the_passage_with_both_words_is_the_best(library: Index) -> None:
    moby = search(library, "white whale", book="melville-moby_dick").hits[0]
    words = {moby.passages[0].text[m.start : m.end].lower() for m in moby.passages[0].highlights}
    assert words == {"white", "whale"}
    assert "\n" not in moby.snippet


def test_every_snippet_has_a_marked_word(library: Index) -> None:
    for query in ("love", "god heaven earth", "don't", "queequeg"):
        for _, words in _marked(library, query):
            assert words


@pytest.mark.parametrize("query", ["love", "king", "white whale", "death of the king"])
def test_a_passage_is_the_text_at_its_place(library: Index, query: str) -> None:
    for hit in search(library, query).hits:
        passage = hit.passages[0]
        number = library.book_number(hit.id)
        assert number is not None
        assert library.text(number, passage.start, passage.end) == passage.text
        assert len(passage.text) < 700


def test_it_is_not_the_first_sentence_by_chance(tmp_path: Path) -> None:
    filler = "The ship sailed on and on through calm and empty water, day after day after day."
    best = "A whale! A whale so large that the captain of the whale ship wept for the whale."
    text = "\n\n".join([f"One whale. {filler}", *[filler] * 50, best, *[filler] * 50])
    index = make_index(tmp_path, [text])
    (hit,) = search(index, "whale").hits
    assert hit.passages[0].text == best
    assert len(hit.passages[0].highlights) == 4


def test_what_the_index_knows_of_one_word_is_what_is_found_for_many(library: Index) -> None:
    for word in ("love", "king", "whale", "said", "queequeg"):
        term = library.find(word)
        assert term is not None
        for book in library.postings(term)[0].tolist():
            place, segment, local = library.place(book)
            postings = term.postings[place]
            assert postings is not None
            posting = segment.posting(postings, local)
            assert posting is not None
            starts, ends = segment.passages(local)
            searched = _best(starts, ends, [(term, segment.positions(posting))])
            assert segment.best_passage(posting) == searched


@settings(max_examples=share_of(1_200))
@given(
    st.lists(
        st.lists(st.one_of(WORDS, st.text(max_size=4), st.just("\n\n")), max_size=80).map(" ".join),
        min_size=1,
        max_size=4,
    ),
    st.lists(WORDS, min_size=1, max_size=3),
)
def test_marks_always_slice_searched_words_out_of_the_text(
    texts: list[str], words: list[str]
) -> None:
    texts = [text.encode("utf-8", "ignore").decode() for text in texts]
    with scratch() as folder:
        index = make_index(Path(folder), texts)
        for hit in search(index, " ".join(words)).hits:
            passage = hit.passages[0]
            text = texts[int(hit.id.removeprefix("book-"))]
            assert text[passage.start : passage.end] == passage.text
            assert passage.highlights
            end = 0
            for mark in passage.highlights:
                assert mark.start >= end
                assert fold(passage.text[mark.start : mark.end]) in {fold(word) for word in words}
                end = mark.end
