"""Random quotations are found where they stand, in all books and inside their own."""

import pytest

from benchmarks.quotations import WORDS, Quotation, draw, fts5, ours, score_of
from gutenberg_explorer.index.analysis import query_words
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.search import BookSearchRequest, Budget
from gutenberg_explorer.search.local.local_engine import LocalEngine
from tests.searching import search
from tests.soak import SEED, share_of

COUNT = 40 + share_of(400)


@pytest.fixture(scope="module")
def quotations(library: Index) -> list[Quotation]:
    return list(draw(library, COUNT, SEED))


def test_a_quotation_is_ten_words_that_stand_in_a_book(quotations: list[Quotation]) -> None:
    assert all(len(query_words(each.text)) == WORDS for each in quotations)
    assert len({each.text for each in quotations}) > COUNT // 2
    assert Quotation("“Go!” said he.").stands_in("_Go_, said\n\nhe, and went")
    assert not Quotation("go said he").stands_in("ago said he")


@pytest.mark.parametrize("form", ['"{}"', "“{}”", "{}"])
def test_all_of_them_are_found_first(
    library: Index, quotations: list[Quotation], form: str
) -> None:
    score = score_of(ours(library), quotations, form)
    assert (score.found, score.first) == (COUNT, COUNT)


def test_they_are_found_inside_their_book(library: Index, quotations: list[Quotation]) -> None:
    engine = LocalEngine(library)
    for quotation in quotations:
        book = search(library, f'"{quotation.text}"', method="bm25").hits[0].id
        for query in (quotation.text, f'"{quotation.text}"'):
            asked = BookSearchRequest(query=query, book=book)
            hits = engine.search_in_book(asked, Budget()).hits
            assert quotation.stands_in(hits[0].text)
            assert hits[0].text == library.text(
                library.book_number(book) or 0, hits[0].start, hits[0].end
            )


def test_the_peer_finds_those_that_stand_in_one_paragraph(
    library: Index, quotations: list[Quotation]
) -> None:
    score = score_of(fts5(library), quotations, '"{}"')
    assert COUNT // 2 < score.found <= COUNT
