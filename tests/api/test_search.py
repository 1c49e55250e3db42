from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gutenberg_explorer.api import Backend, create_app
from gutenberg_explorer.settings import Settings


@pytest.fixture(scope="module")
def books18(library_dir: Any, corpus_zip: Any) -> Iterator[TestClient]:
    """A client of the app over the 18 books."""
    settings = Settings(data_dir=library_dir, shelf=f"directory:{corpus_zip}", trace_store="off")
    with TestClient(create_app(Backend.open(settings)), raise_server_exceptions=False) as client:
        yield client


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
    text = "The white whale swims. The whale sings of love."
    assert best.pop("score") == pytest.approx(0.7, abs=0.1)
    assert best == {
        "id": "whale",
        "title": "The Whale",
        "author": "Ann Sea",
        "snippet": text,
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


@pytest.mark.parametrize(
    ("params", "status", "detail"),
    [
        ({}, 400, "q: type one word or more to search for."),
        ({"q": ""}, 400, "q: type one word or more to search for."),
        ({"q": " \t\n"}, 400, "q: type one word or more to search for."),
        ({"q": "love " * 1_000}, 400, "q: String should have at most 1000 characters"),
        ({"q": "lo\x00ve"}, 400, "q: it holds control characters."),
        ({"q": "lo\x1bve"}, 400, "q: it holds control characters."),
        ({"q": "🐳❤️"}, 400, "q: it holds no letter and no digit."),
        ({"q": "?!"}, 400, "q: it holds no letter and no digit."),
        ({"q": "love", "method": "magic"}, 400, "method: Input should be 'tfidf'"),
        ({"q": "love", "limit": 0}, 400, "limit: Input should be greater than or equal to 1"),
        ({"q": "love", "limit": 10**30}, 400, "limit: Input should be less than or equal to 100"),
        ({"q": "love", "limit": "ten"}, 400, "limit: Input should be a valid integer"),
        ({"q": "love", "offset": -1}, 400, "offset: Input should be greater than or equal to 0"),
        ({"q": "love", "offset": 10**9}, 400, "offset: Input should be less than or equal to 10"),
        ({"q": "love", "book": "nope"}, 404, "book: the library holds no book of this id."),
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


@pytest.fixture(scope="module")
def any_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    from tests.conftest import small_books

    folder = tmp_path_factory.mktemp("any")
    settings = Settings(
        data_dir=folder / "data",
        shelf=f"directory:{small_books(folder / 'shelf')}",
        trace_store="off",
    )
    with TestClient(create_app(Backend.open(settings)), raise_server_exceptions=False) as client:
        yield client


@hypothesis_settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_any_query_at_all_is_answered_or_refused(any_client: TestClient, query: str) -> None:
    response = any_client.get("/search?q=" + quote(query, errors="surrogatepass"))
    assert response.status_code in (200, 400)
