"""Quotations are found wherever they stand, whatever the passages are cut at."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gutenberg_explorer.index.analysis import query_words, stem, tokenize
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.search import BookSearchRequest, Budget, Passage
from gutenberg_explorer.search.local import stretches
from gutenberg_explorer.search.local.local_engine import LocalEngine
from tests.index.shelf import book_id, make_index, scratch
from tests.searching import search
from tests.soak import share_of

# Stop words, words that are none, and what has another form of the same stem.
STOP_WORDS = ["the", "of", "and", "to", "be", "or", "not", "i", "a", "it", "was", "he"]
OTHER_WORDS = ["whale", "whales", "white", "sea", "sir", "naïve", "don't", "can’t", "2:3", "x"]
WORDS = st.sampled_from(STOP_WORDS + OTHER_WORDS)
BETWEEN = st.sampled_from(
    [
        " ",
        " ",
        " ",
        " ",
        ", ",
        ". ",
        "\n",
        "--",
        "—",
        " _",
        "_ ",
        "\n\n",
        ".\n\n“",
        " * * *\n\n",
        "”\n\n2:4 ",
    ]
)
TEXTS = st.lists(
    st.lists(st.tuples(WORDS, BETWEEN), min_size=2, max_size=150).map(
        lambda parts: "".join(word + between for word, between in parts)
    ),
    min_size=1,
    max_size=3,
)


def _in_book(index: Index, book: int, query: str, **request: object) -> tuple[Passage, ...]:
    asked = BookSearchRequest(query=query, book=book_id(book), limit=500, **request)  # type: ignore[arg-type]
    return LocalEngine(index).search_in_book(asked, Budget()).hits


def _marks(passage: Passage) -> set[tuple[int, int]]:
    return {(m.start + passage.start, m.end + passage.start) for m in passage.highlights}


def _holds(passage: Passage, run: list[str]) -> bool:
    words = [stem(word) for word in query_words(passage.text)]
    return any(words[n : n + len(run)] == run for n in range(len(words)))


@settings(max_examples=share_of(1_500))
@given(TEXTS, st.data())
def test_any_run_of_words_is_found_at_its_place(texts: list[str], data: st.DataObject) -> None:
    book = data.draw(st.integers(0, len(texts) - 1))
    words, starts = tokenize(texts[book])
    first = data.draw(st.integers(0, len(words) - 2))
    run = words[first : first + data.draw(st.integers(2, 40))]
    places = [
        (start, start + len(word))
        for word, start in zip(run, starts[first : first + len(run)].tolist(), strict=True)
    ]
    typed = texts[book][places[0][0] : places[-1][1]]
    with scratch() as folder:
        index = make_index(Path(folder), texts)
        hits = search(index, f'"{typed}"', method="bm25", limit=len(texts)).hits
        assert book_id(book) in {hit.id for hit in hits}
        stems = [stem(word) for word in run]
        assert all(_holds(hit.passages[0], stems) for hit in hits)
        for order in ("place", "relevance"):
            found = _in_book(index, book, f'"{typed}"', order=order)
            (there,) = (p for p in found if p.start <= places[0][0] and places[-1][1] <= p.end)
            assert there.text == texts[book][there.start : there.end]
            assert set(places) <= _marks(there)
        # Without marks it is the first, in all books and in its own.
        for query in (typed, " ".join(run)):
            assert _holds(search(index, query, method="bm25").hits[0].passages[0], stems)
            assert _holds(_in_book(index, book, query)[0], stems)


PARAGRAPH = (
    "It was a long voyage over the sea, and nobody on board had seen a whale for a month or more."
)


def _index(folder: Path, *paragraphs: str) -> Index:
    return make_index(folder, ["\n\n".join(paragraphs)])


def test_the_passages_that_a_quotation_goes_over_are_shown_as_one(tmp_path: Path) -> None:
    index = _index(tmp_path, PARAGRAPH, f"“Then we shall see,” said he. {PARAGRAPH}", PARAGRAPH)
    (hit,) = search(index, '"month or more. “Then we shall"', method="bm25").hits
    (passage,) = hit.passages
    assert passage.text.startswith("It was a long")
    assert passage.text.count("\n\n") == 1
    marked = [passage.text[m.start : m.end] for m in passage.highlights]
    assert marked == ["month", "or", "more", "Then", "we", "shall"]
    assert hit.snippet == " ".join(passage.text.split())


def test_a_quotation_goes_over_any_number_of_passages(tmp_path: Path) -> None:
    text = "\n\n".join([PARAGRAPH] * 5)
    words = query_words(text)
    index = make_index(tmp_path, [text])
    run = words[10:-10]
    (hit,) = search(index, f'"{" ".join(run)}"', method="bm25").hits
    assert hit.passages[0].text == text
    assert len(hit.passages[0].highlights) == len(run)


def test_an_excluded_quotation_is_excluded_there_too(tmp_path: Path) -> None:
    index = make_index(tmp_path, [f"{PARAGRAPH}\n\n{PARAGRAPH}", PARAGRAPH])
    query = 'voyage -"or more it was"'
    assert {hit.id: hit.passages_count for hit in search(index, query, method="bm25").hits} == {
        book_id(0): 1,
        book_id(1): 1,
    }
    assert [passage.start for passage in _in_book(index, 0, query)] == [len(PARAGRAPH) + 2]


def test_what_stands_apart_is_no_quotation(tmp_path: Path) -> None:
    index = _index(tmp_path, PARAGRAPH, "* * * " * 20, PARAGRAPH)
    assert search(index, '"or more it was"', method="bm25").total == 1
    assert search(index, '"or more it is"', method="bm25").total == 0
    assert search(index, '"and more it was"', method="bm25").total == 0


def test_a_word_longer_than_a_passage_is_one_word(tmp_path: Path) -> None:
    long = "x" * 1_300
    index = make_index(tmp_path, [f"{PARAGRAPH} The {long} sea. {PARAGRAPH}"])
    (hit,) = search(index, f'"more the {long} sea it was"', method="bm25").hits
    assert f"The {long} sea. It was" in hit.passages[0].text


@pytest.mark.parametrize(("read", "is_partial"), [(3, True), (4, False)])
def test_an_answer_says_that_some_ends_of_passages_were_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: int, is_partial: bool
) -> None:
    monkeypatch.setattr(stretches, "MAX_READ", read)
    index = _index(tmp_path, *[PARAGRAPH] * 5)
    for query in ('"month or more it was"', "month or more it was"):
        found = search(index, query, method="bm25")
        assert found.total == 1
        assert found.partial == is_partial
    # Of two cuts, the second is reached when nothing is left to be read.
    assert search(index, f'"or more {PARAGRAPH} it was"', method="bm25").partial
