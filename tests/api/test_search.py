from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.settings import Settings
from tests.conftest import client_of
from tests.libraries import IndexedShelf
from tests.soak import share_of


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
def test_the_published_numbers_of_results(books18: TestClient, query: str, books: int) -> None:
    answer = books18.get("/search", params={"q": query}).json()
    assert answer["total_results"] == books
    assert len(answer["results"]) == books


def test_an_answer_has_every_field(client: TestClient) -> None:
    response = client.get("/search", params={"q": "  white whale "})
    answer = response.json()
    trace_id = answer.pop("trace_id")
    assert response.headers["traceresponse"].split("-")[1] == trace_id
    best = answer["results"][0]
    assert {key: answer[key] for key in ("query", "method", "total_results")} == {
        "query": "white whale",
        "method": "tfidf",
        "total_results": 2,
    }
    assert answer["authors"] == [{"name": "Ann Sea", "books": 1}, {"name": "Bob Rose", "books": 1}]
    assert (answer["did_you_mean"], answer["notices"]) == (None, [])
    text = "The white whale swims. The whale sings of love."
    assert best.pop("score") == pytest.approx(0.7, abs=0.1)
    assert best == {
        "id": "whale",
        "title": "The Whale",
        "author": "Ann Sea",
        "year": 1850,
        "snippet": text,
        "passages_count": 1,
        "passages": [
            {
                "start": 0,
                "end": len(text),
                "text": text,
                "highlights": [
                    {"start": 4, "end": 9},
                    {"start": 10, "end": 15},
                    {"start": 27, "end": 32},
                ],
            }
        ],
    }


def test_a_search_can_be_narrowed_and_paged(client: TestClient) -> None:
    def ids(**params: Any) -> list[str]:
        answer = client.get("/search", params={"q": "white love sea", **params}).json()
        return [result["id"] for result in answer["results"]]

    everything = ids()
    assert sorted(everything) == ["garden", "storm", "whale"]
    assert ids(limit=1, offset=1) == everything[1:2]
    assert ids(author="ROSE") == ["garden"]
    assert ids(book="storm") == ["storm"]
    assert ids(title="GARDEN") == ["garden"]
    assert ids(title="garden", author="sea") == []
    assert ids(sort="title") == ["garden", "storm", "whale"]
    assert ids(sort="year", limit=2) == ["whale", "storm"]


def test_both_methods_narrow_and_sort_alike(client: TestClient) -> None:
    def ids(**params: Any) -> list[str]:
        answer = client.get("/search", params={"q": "white love sea", "method": "bm25", **params})
        return [result["id"] for result in answer.json()["results"]]

    everything = ids()
    assert sorted(everything) == ["garden", "storm", "whale"]
    assert ids(limit=1, offset=1) == everything[1:2]
    assert ids(author="ROSE") == ["garden"]
    assert ids(book="storm") == ["storm"]
    assert ids(title="garden", author="sea") == []
    assert ids(sort="author") == ["garden", "storm", "whale"]
    assert ids(sort="year", limit=2) == ["whale", "storm"]


def test_passages_come_with_their_number_and_their_marks(client: TestClient) -> None:
    answer = client.get("/search", params={"q": "whales", "method": "bm25"}).json()
    assert answer["method"] == "bm25"
    (best,) = answer["results"]
    assert best["passages_count"] == 1
    (passage,) = best["passages"]
    marked = [passage["text"][m["start"] : m["end"]] for m in passage["highlights"]]
    assert marked == ["whale", "whale"]


@pytest.mark.parametrize("method", ["tfidf", "bm25"])
def test_a_misspelt_word_is_answered_with_the_one_that_was_meant(
    client: TestClient, method: str
) -> None:
    answer = client.get("/search", params={"q": "the gardne", "method": method}).json()
    assert (answer["total_results"], answer["did_you_mean"]) == (0, "the garden")


def test_a_slip_of_the_query_language_is_searched_literally(client: TestClient) -> None:
    answer = client.get("/search", params={"q": '"white whale', "method": "bm25"}).json()
    assert answer["notices"] == ["searched_literally"]
    assert answer["results"][0]["id"] == "whale"


@pytest.mark.parametrize(
    ("params", "status", "detail"),
    [
        ({}, 400, "q: enter at least one word."),
        ({"q": ""}, 400, "q: enter at least one word."),
        ({"q": " \t\n"}, 400, "q: enter at least one word."),
        ({"q": "love " * 1_000}, 400, "q: String should have at most 1000 characters"),
        ({"q": "lo\x00ve"}, 400, "q: it contains control characters."),
        ({"q": "lo\x1bve"}, 400, "q: it contains control characters."),
        ({"q": "🐳❤️"}, 400, "q: it contains neither a letter nor a digit."),
        ({"q": "?!"}, 400, "q: it contains neither a letter nor a digit."),
        ({"q": "love", "method": "magic"}, 400, "method: Input should be 'bm25' or 'tfidf'"),
        ({"q": "love", "sort": "size"}, 400, "sort: Input should be 'relevance'"),
        ({"q": "love", "title": "x" * 201}, 400, "title: String should have at most 200"),
        ({"q": "love", "limit": 0}, 400, "limit: Input should be greater than or equal to 1"),
        ({"q": "love", "limit": 10**30}, 400, "limit: Input should be less than or equal to 100"),
        ({"q": "love", "limit": "ten"}, 400, "limit: Input should be a valid integer"),
        ({"q": "love", "offset": -1}, 400, "offset: Input should be greater than or equal to 0"),
        ({"q": "love", "offset": 10**9}, 400, "offset: Input should be less than or equal to 10"),
        ({"q": "love", "book": "nope"}, 404, "book: the library has no book with this id."),
    ],
)
def test_bad_input_is_a_problem_document(
    client: TestClient, params: dict[str, Any], status: int, detail: str
) -> None:
    response = client.get("/search", params=params)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["detail"].startswith(detail)
    assert len(problem["trace_id"]) == 32
    assert problem["trace_id"] in response.headers["traceresponse"]


def test_a_word_beside_an_emoji_is_found(client: TestClient) -> None:
    assert client.get("/search", params={"q": "whale 🐳"}).json()["total_results"] == 1


def test_a_query_that_is_not_utf8_is_no_crash(client: TestClient) -> None:
    assert client.get("/search?q=%ff%fe%80love").status_code < 500


BOOK_SEARCH = "/books/whale/search?"


@pytest.fixture(scope="module")
def any_client(indexed_small_books: IndexedShelf) -> Iterator[TestClient]:
    settings = Settings(
        data_dir=indexed_small_books.data_dir, shelf=indexed_small_books.spec, trace_store="off"
    )
    with client_of(Backend.open(settings)) as client:
        yield client


# The signs and words of the query language, among any characters at all.
SIGNS = st.sampled_from(['"', "-", "*", ":", "author:", "title:", "whale", "the", "lov", " ", "“"])
QUERIES = st.one_of(
    st.text(max_size=60), st.lists(st.one_of(SIGNS, st.text(max_size=3)), max_size=20).map("".join)
)


@hypothesis_settings(max_examples=share_of(4_000))
@given(QUERIES, st.sampled_from(["/search?method=tfidf&", "/search?method=bm25&", BOOK_SEARCH]))
def test_any_query_at_all_is_answered_or_refused(
    any_client: TestClient, query: str, path: str
) -> None:
    response = any_client.get(path + "q=" + quote(query, errors="surrogatepass"))
    assert response.status_code in (200, 400)
