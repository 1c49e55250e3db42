from typing import Any

import pytest
from fastapi.testclient import TestClient

TEXT = "Love grows in the garden; the garden is white."


def test_all_books_are_listed(client: TestClient) -> None:
    answer = client.get("/books").json()
    books = answer["books"]
    assert answer["total_books"] == 3
    assert books[0] == {
        "id": "garden",
        "title": "A Garden",
        "author": "Bob Rose",
        "year": 1901,
        "language": "en",
        "word_count": 9,
    }
    assert [book["id"] for book in books] == ["garden", "storm", "whale"]


@pytest.mark.parametrize(
    ("query", "ids", "total"),
    [
        ("sort=year", ["whale", "storm", "garden"], 3),
        ("sort=title", ["garden", "storm", "whale"], 3),
        ("sort=author&offset=1&limit=1", ["storm"], 3),
        ("author=SEA", ["storm", "whale"], 2),
        ("title=the", ["whale"], 1),
        ("title=zzz", [], 0),
        ("offset=100", [], 3),
    ],
)
def test_books_are_narrowed_sorted_and_paged(
    client: TestClient, query: str, ids: list[str], total: int
) -> None:
    answer = client.get(f"/books?{query}").json()
    assert ([book["id"] for book in answer["books"]], answer["total_books"]) == (ids, total)


def test_one_book_is_described(client: TestClient) -> None:
    assert client.get("/books/garden").json() == {
        "id": "garden",
        "title": "A Garden",
        "author": "Bob Rose",
        "year": 1901,
        "language": "en",
        "word_count": 9,
        "character_count": len(TEXT),
        "source": "directory",
        "rights": None,
        "url": None,
        "contents": [],
    }


@pytest.mark.parametrize(
    ("offset", "limit", "text"),
    [(0, 100, TEXT), (5, 5, "grows"), (len(TEXT) - 6, 100, "white."), (10_000, 10, "")],
)
def test_a_text_is_read_by_slices(client: TestClient, offset: int, limit: int, text: str) -> None:
    answer = client.get("/books/garden/text", params={"offset": offset, "limit": limit}).json()
    assert answer == {
        "id": "garden",
        "offset": offset,
        "limit": limit,
        "character_count": len(TEXT),
        "text": text,
    }


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/books/nope", 404),
        ("/books/nope/text", 404),
        ("/books/nope/search?q=love", 404),
        ("/books/garden/search", 400),
        ("/books/garden/search?q=%22", 400),
        ("/books/garden/search?q=love&limit=501", 400),
        ("/books/garden/search?q=love&from=-1", 400),
        ("/books?limit=10001", 400),
        ("/books?sort=size", 400),
        ("/books/../../etc/passwd", 404),
        ("/books/garden/text?limit=0", 400),
        ("/books/garden/text?limit=100001", 400),
        ("/books/garden/text?offset=-1", 400),
        (f"/books/garden/text?offset={10**30}", 400),
        (f"/books/{'x' * 300}", 400),
    ],
)
def test_bad_input_is_a_problem_document(client: TestClient, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == status


def test_a_text_comes_back_whole(client: TestClient) -> None:
    pieces = [
        client.get("/books/garden/text", params={"offset": offset, "limit": 7}).json()["text"]
        for offset in range(0, len(TEXT), 7)
    ]
    assert "".join(pieces) == TEXT


def test_a_book_is_searched_in_the_order_of_its_text(books18: TestClient) -> None:
    def hits(**params: str | float) -> dict[str, Any]:
        found: dict[str, Any] = books18.get(
            "/books/melville-moby_dick/search", params={"q": "ishmael", **params}
        ).json()
        return found

    everything = hits(limit=500)
    starts = [hit["start"] for hit in everything["hits"]]
    assert starts == sorted(starts)
    assert everything["total_passages"] == len(starts) > 10
    assert everything["first_ordinal"] == 1
    assert "Call me Ishmael." in everything["hits"][0]["text"]

    after = hits(**{"from": starts[4] + 1, "limit": 2})
    assert ([h["start"] for h in after["hits"]], after["first_ordinal"]) == (starts[5:7], 6)
    before = hits(to=starts[4], limit=2, backwards=True)
    assert ([h["start"] for h in before["hits"]], before["first_ordinal"]) == (starts[2:4], 3)
    within = hits(**{"from": starts[2], "to": starts[4]})
    assert [h["start"] for h in within["hits"]] == starts[2:4]
    nothing = hits(**{"from": starts[-1] + 1})
    assert (nothing["hits"], nothing["first_ordinal"]) == ([], 0)
    assert nothing["total_passages"] == len(starts)


def test_a_book_is_searched_by_relevance_unless_the_order_of_the_text_is_asked_for(
    books18: TestClient,
) -> None:
    def found(**params: str | int) -> dict[str, Any]:
        asked = {"q": "the lord is my shepherd", **params}
        answer: dict[str, Any] = books18.get("/books/bible-kjv/search", params=asked).json()
        return answer

    best = found()
    assert "The LORD is my shepherd" in best["hits"][0]["text"]
    assert found(order="relevance")["hits"] == best["hits"]
    following = found(offset=19, limit=2)
    assert following["hits"][0] == best["hits"][19]
    assert following["first_ordinal"] == 20
    by_place = found(order="place")
    assert by_place["total_passages"] == best["total_passages"] > 6_000
    assert by_place["hits"][0]["start"] < best["hits"][0]["start"]
    last = found(order="place", backwards="true", offset=1, limit=1)
    assert last["first_ordinal"] == last["total_passages"] - 1
    far = found(offset=2**31)
    assert (far["hits"], far["first_ordinal"]) == ([], 0)
    assert books18.get("/books/bible-kjv/search?q=lord&order=size").status_code == 400


def test_a_hit_is_the_text_at_its_place(books18: TestClient) -> None:
    found = books18.get("/books/bible-kjv/search?q=%22valley+of+the+shadow%22").json()
    assert found["total_passages"] == 1
    (hit,) = found["hits"]
    params = {"offset": hit["start"], "limit": hit["end"] - hit["start"]}
    assert books18.get("/books/bible-kjv/text", params=params).json()["text"] == hit["text"]
    marked = [hit["text"][m["start"] : m["end"]] for m in hit["highlights"]]
    assert marked == ["valley", "of", "the", "shadow"]
