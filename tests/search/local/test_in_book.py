from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gutenberg_explorer.index.analysis import query_words, stem
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.search import BookHits, BookSearchRequest, Budget, Order
from gutenberg_explorer.search.local.local_engine import LocalEngine
from tests.index.shelf import book_id, make_index, scratch
from tests.search.local.test_stretches import TEXTS, WORDS
from tests.soak import share_of


def _found(index: Index, query: str, book: str, **request: Any) -> BookHits:
    asked = BookSearchRequest(query=query, book=book, **request)
    return LocalEngine(index).search_in_book(asked, Budget(postings=10**10))


def test_the_words_in_their_order_come_first_then_all_of_them(library: Index) -> None:
    found = _found(library, "the lord is my shepherd", "bible-kjv", limit=500)
    assert "The LORD is my shepherd" in found.hits[0].text
    held = [{"lord", "shepherd"} & {*map(stem, query_words(hit.text))} for hit in found.hits]
    assert [len(each) for each in held] == sorted(map(len, held), reverse=True)
    # Then the rarer word, which says more.
    assert held[held.index({"shepherd"}) :][:5] == [{"shepherd"}] * 5
    for same in ({"lord", "shepherd"}, {"shepherd"}):
        starts = [h.start for h, each in zip(found.hits[1:], held[1:], strict=True) if each == same]
        assert starts == sorted(starts)


def test_the_order_of_the_text_is_the_other_choice(library: Index) -> None:
    query = "the lord is my shepherd"
    by_place = _found(library, query, "bible-kjv", order="place", limit=10_000)
    by_relevance = _found(library, query, "bible-kjv", limit=10_000)
    assert by_place.total == by_relevance.total == len(by_place.hits) > 6_000
    starts = [hit.start for hit in by_place.hits]
    assert starts == sorted(starts)
    assert sorted(by_relevance.hits, key=lambda hit: hit.start) == list(by_place.hits)


def test_one_word_alone_comes_in_the_order_of_the_text(library: Index) -> None:
    by_relevance = _found(library, "ishmael", "melville-moby_dick")
    assert by_relevance == _found(library, "ishmael", "melville-moby_dick", order="place")


QUERIES = st.tuples(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), st.booleans()).map(
    lambda each: f'"{each[0]}"' if each[1] else each[0]
)


@settings(max_examples=share_of(1_000))
@given(TEXTS, QUERIES, st.sampled_from(["place", "relevance"]), st.data())
def test_pages_are_cut_out_of_one_order(
    texts: list[str], query: str, order: Order, data: st.DataObject
) -> None:
    with scratch() as folder:
        index = make_index(Path(folder), texts)

        def hits(**request: Any) -> BookHits:
            return _found(index, query, book_id(0), order=order, **request)

        everything = hits(limit=10_000)
        places = sorted((hit.start, hit.end) for hit in everything.hits)
        assert len(places) == everything.total
        assert all(one[1] <= other[0] for one, other in pairwise(places))
        size = data.draw(st.integers(1, 5))
        for offset in range(0, everything.total + 1, size):
            forwards = hits(limit=size, offset=offset)
            assert forwards.hits == everything.hits[offset : offset + size]
            assert forwards.first_ordinal == (offset + 1 if forwards.hits else 0)
            after = everything.total - offset
            back = hits(limit=size, offset=offset, backwards=True)
            assert back.hits == everything.hits[max(after - size, 0) : after]
            assert back.first_ordinal == (max(after - size, 0) + 1 if back.hits else 0)
        start = data.draw(st.integers(0, len(texts[0])))
        end = data.draw(st.integers(start, len(texts[0])))
        within = hits(start=start, end=end, limit=10_000)
        assert list(within.hits) == [hit for hit in everything.hits if start <= hit.start < end]
        if within.hits:
            assert everything.hits[within.first_ordinal - 1] == within.hits[0]


def test_a_book_that_is_not_there_is_an_error(library: Index) -> None:
    with pytest.raises(KeyError):
        _found(library, "love", "nope")
