from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gutenberg_explorer.index import IndexDamaged
from gutenberg_explorer.index.analysis import query_words, stem
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.search import Hit, SearchResult
from gutenberg_explorer.search.query import is_stop
from tests.index.shelf import book_id, make_index, scratch
from tests.index.test_writer_and_reader import WORDS
from tests.searching import search
from tests.soak import share_of


def _search(index: Index, query: str, **narrowing: Any) -> SearchResult:
    return search(index, query, method="bm25", **narrowing)


def _marked(hit: Hit) -> set[str]:
    return {p.text[m.start : m.end].lower() for p in hit.passages for m in p.highlights}


def test_a_quotation_is_found_where_it_stands(library: Index) -> None:
    result = _search(library, '"to be or not to be"')
    assert result.hits[0].id == "shakespeare-hamlet"
    assert "To be, or not to be, that is the Question" in result.hits[0].snippet
    (passage,) = result.hits[0].passages
    words = [passage.text[m.start : m.end] for m in passage.highlights]
    assert words == ["To", "be", "or", "not", "to", "be"]


def test_it_is_found_without_quotation_marks_too(library: Index) -> None:
    for query in ("to be or not to be", "to be or not to be that is the question"):
        assert _search(library, query).hits[0].id == "shakespeare-hamlet"
    moby = _search(library, "call me ishmael").hits[0]
    assert moby.id == "melville-moby_dick"
    assert "Call me Ishmael." in moby.snippet
    number = library.book_number(moby.id)
    assert number is not None
    assert moby.passages[0].start < library.text(number, 0, 100_000).index("Some years ago")


def test_common_words_that_nowhere_stand_in_this_order_are_searched_for_all(
    library: Index,
) -> None:
    result = _search(library, "of to the and be")
    assert result.total > 5
    assert {"of", "to", "the", "and", "be"} <= _marked(result.hits[0])


def test_what_books_as_wholes_have_no_answer_for(library: Index) -> None:
    assert _search(library, "conscience").total >= 10
    assert _search(library, "sermon").total >= 3
    assert _search(library, "pearl").total >= 5
    assert [hit.id for hit in _search(library, '"white whale"').hits] == ["melville-moby_dick"]


def test_a_word_of_one_book_alone_is_found_by_both_methods_at_any_frequency(
    library: Index,
) -> None:
    seen = 0
    for segment in library.segments:
        for number in range(0, len(segment.terms), 97):
            term = segment.terms[number].decode()
            known = library.find(term)
            assert known is not None
            books, _ = library.postings(known)
            if len(books) == 1:
                book = library.books[books[0]].id
                assert [hit.id for hit in search(library, term).hits] == [book]
                assert book in [hit.id for hit in _search(library, term).hits]
                seen += 1
    assert seen > 100


def test_pairs_of_stop_words_tell_passages_apart(tmp_path: Path) -> None:
    others = [f"Please, sir, said number {number}, have no fear of it." for number in range(9)]
    twist = (
        "'Please, sir, I want some more.' The master was a fat, healthy man; but he turned pale."
    )
    ships = "\n\n".join(
        "The ship sailed on over the sea to the islands of the south." for _ in range(200)
    )
    index = make_index(tmp_path, [*others, twist, ships])
    best = _search(index, "please sir can I have some more").hits[0]
    assert best.id == book_id(len(others))
    # They find nothing by themselves.
    assert _search(index, "some more fear").total == len(others)


def test_words_are_found_in_all_their_forms(library: Index) -> None:
    assert _search(library, "harpooning").total == _search(library, "harpooned").total > 0
    assert {"whale", "whales"} <= _marked(_search(library, "whale").hits[0])


def test_a_prefix_finds_the_words_that_begin_so(library: Index) -> None:
    result = _search(library, "harpoon*")
    assert result.hits[0].id == "melville-moby_dick"
    assert all(word.startswith("harpoon") for word in _marked(result.hits[0]))
    assert _search(library, "zzyzx*").total == 0


def test_an_exclusion_leaves_out_passages(library: Index) -> None:
    every, without = _search(library, "love"), _search(library, "love -god")
    assert 0 < without.total <= every.total
    counts = {hit.id: hit.passages_count for hit in every.hits}
    assert all(hit.passages_count <= counts[hit.id] for hit in without.hits)
    bible = next(hit for hit in without.hits if hit.id == "bible-kjv")
    assert bible.passages_count < counts["bible-kjv"]
    assert all("god" not in query_words(p.text) for hit in without.hits for p in hit.passages)


def test_names_narrow_the_search(library: Index) -> None:
    austen = {"austen-emma", "austen-persuasion", "austen-sense"}
    assert {hit.id for hit in _search(library, "author:austen love").hits} == austen
    assert {hit.id for hit in _search(library, "love", author="Jane Aus").hits} == austen
    assert {hit.id for hit in _search(library, 'author:"jane austen"').hits} == austen
    assert [hit.id for hit in _search(library, "title:emma").hits] == ["austen-emma"]
    assert [hit.id for hit in _search(library, "love", title="emm").hits] == ["austen-emma"]
    assert [hit.id for hit in _search(library, "love", book="austen-emma").hits] == ["austen-emma"]
    assert _search(library, "love", title="emma", author="melville").total == 0
    assert "bible-kjv" not in {hit.id for hit in _search(library, "god -title:bible").hits}


def test_authors_are_counted_over_all_that_is_found(library: Index) -> None:
    result = _search(library, "love", limit=1)
    counts = {author.name: author.books for author in result.authors}
    assert counts["Jane Austen"] == 3
    named = sum(library.books[library.book_number(h.id) or 0].author is not None
                for h in _search(library, "love", limit=100).hits)  # fmt: skip
    assert sum(counts.values()) == named


@pytest.mark.parametrize("method", ["tfidf", "bm25"])
def test_another_author_can_be_chosen(library: Index, method: str) -> None:
    everyone = search(library, "love", method=method)
    austen = search(library, "love", method=method, author="austen")
    assert austen.total < everyone.total
    assert austen.authors == everyone.authors
    emma = search(library, "love", method=method, author="austen", title="emma")
    assert [author.name for author in emma.authors] == ["Jane Austen"]


@pytest.mark.parametrize("query", ["love", "white whale", "the king", "said", "whal*"])
def test_pages_are_cut_out_of_one_order(library: Index, query: str) -> None:
    everything = _search(library, query, limit=100)
    assert len(everything.hits) == everything.total
    assert [h.score for h in everything.hits] == sorted(
        (h.score for h in everything.hits), reverse=True
    )
    paged = [hit for offset in range(0, 18, 5)
             for hit in _search(library, query, limit=5, offset=offset).hits]  # fmt: skip
    assert paged == list(everything.hits)
    assert _search(library, query, offset=1_000).hits == ()


@pytest.mark.parametrize("query", ["love", "white whale", '"of the"', "god -man", "whal*", "the"])
def test_each_book_has_its_best_passages(library: Index, query: str) -> None:
    for hit in _search(library, query).hits:
        alone = _search(library, query, book=hit.id).hits[0]
        assert len(alone.passages) == min(3, alone.passages_count)
        assert len({passage.start for passage in alone.passages}) == len(alone.passages)
        # Among other books those are shown that are among the best of all.
        assert len(hit.passages) >= 1
        assert alone.passages[: len(hit.passages)] == hit.passages
        assert alone.passages_count == hit.passages_count
    assert len(_search(library, query).hits[0].passages) == 3


def test_books_can_come_in_another_order(library: Index) -> None:
    found = {sort: _search(library, "love", sort=sort).hits for sort in ("title", "author", "year")}
    years = [hit.year for hit in found["year"] if hit.year]
    assert years == sorted(years)
    assert found["title"][0].id == "burgess-busterbrown"  # The Adventures … is filed under A
    assert [hit.author for hit in found["author"]][:3] == ["Jane Austen"] * 3
    by_id = {hit.id: hit for hit in _search(library, "love").hits}
    for hit in (hit for hits in found.values() for hit in hits):
        assert (hit.score, hit.snippet) == (by_id[hit.id].score, by_id[hit.id].snippet)


TEXTS = st.lists(
    st.lists(st.one_of(WORDS, st.just("\n\n"), st.text(max_size=4)), max_size=60).map(" ".join),
    min_size=1,
    max_size=4,
).map(lambda texts: [text.encode("utf-8", "ignore").decode() for text in texts])


@settings(max_examples=share_of(800))
@given(TEXTS, st.lists(WORDS, min_size=1, max_size=3), st.integers(1, 2))
def test_what_is_found_is_what_a_plain_reading_finds(
    texts: list[str], words: list[str], segments: int
) -> None:
    with scratch() as folder:
        index = make_index(Path(folder), texts, segments=segments)
        # A stop word alone finds nothing beside other words.
        typed = [word for each in words for word in query_words(each)]
        sought = {stem(word) for word in typed if not is_stop(word)}
        if not sought:
            return
        hits = _search(index, " ".join(typed), limit=100).hits
        expected = {}
        for book, text in enumerate(texts):
            starts, ends = index.passages(book)
            passages = [text[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
            holding = [p for p in passages if sought & {stem(w) for w in query_words(p)}]
            if holding:
                expected[index.books[book].id] = len(holding)
        assert {hit.id: hit.passages_count for hit in hits} == expected
        for hit in hits:
            text = texts[int(hit.id.removeprefix("book-"))]
            for passage in hit.passages:
                assert text[passage.start : passage.end] == passage.text
                assert passage.highlights
                for mark in passage.highlights:
                    marked = passage.text[mark.start : mark.end]
                    assert stem(*query_words(marked)) in {stem(word) for word in typed}


@pytest.mark.parametrize("sort", ["relevance", "title"])
def test_books_that_are_counted_and_not_found_end_the_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    index = make_index(tmp_path, ["love " * 90_000, *["love and the sea"] * 5])
    assert _search(index, "love", sort=sort).total == 6
    best = index.passage_index.best

    def repeated(query: object, limit: int) -> object:
        scores, keys, passages = best(query, limit)  # type: ignore[arg-type]
        return scores, keys * 0 + index.key(0), passages

    monkeypatch.setattr(index.passage_index, "best", repeated)
    with pytest.raises(IndexDamaged, match="counts a book that it does not find"):
        _search(index, "love", sort=sort)
