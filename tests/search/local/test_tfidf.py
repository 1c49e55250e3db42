import math

import pytest

from gutenberg_explorer.index.reader import Index
from tests.searching import search


@pytest.mark.parametrize(
    ("query", "books"),
    [
        ("love", 10),
        ("death", 9),
        ("time", 18),
        ("hope", 6),
        ("fear", 7),
        ("joy", 5),
        ("peace", 6),
    ],
)
def test_the_published_numbers_of_results(library: Index, query: str, books: int) -> None:
    assert search(library, query).total == books


def test_results_are_ranked_by_cosine(library: Index) -> None:
    hits = search(library, "love").hits
    assert [hit.id for hit in hits[:2]] == ["whitman-leaves", "blake-poems"]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0.01 < hit.score <= 1 for hit in hits)
    term = library.find("love")
    assert term is not None
    number = library.book_number("whitman-leaves")
    assert number is not None
    books, counts = library.postings(term)
    expected = counts[books == number].item() * term.idf / library.norms[number]
    assert math.isclose(hits[0].score, expected)


def test_a_word_of_one_book_alone_is_found(library: Index) -> None:
    (hit,) = search(library, "queequeg").hits
    assert hit.id == "melville-moby_dick"


def test_case_order_and_punctuation_do_not_matter(library: Index) -> None:
    expected = search(library, "white whale")
    assert search(library, "¡Whale, WHITE!") == expected


@pytest.mark.parametrize("query", ["to be or not to be", "zzyzx", "a", "—", ""])
def test_what_no_book_holds_finds_nothing(library: Index, query: str) -> None:
    result = search(library, query)
    assert (result.total, result.hits) == (0, ())


def test_a_page_is_cut_out_of_all_results(library: Index) -> None:
    everything = search(library, "love")
    page = search(library, "love", limit=3, offset=2)
    assert page.total == everything.total
    assert page.hits == everything.hits[2:5]
    assert search(library, "love", offset=10).hits == ()


def test_a_book_or_an_author_narrows_the_search(library: Index) -> None:
    austen = search(library, "love", author="AUSTEN")
    assert {hit.id for hit in austen.hits} == {"austen-emma", "austen-persuasion", "austen-sense"}
    assert austen.total == 3
    assert [hit.id for hit in search(library, "love", book="bible-kjv").hits] == ["bible-kjv"]
    assert search(library, "love", book="bible-kjv", author="austen").total == 0
