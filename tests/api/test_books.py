import pytest
from fastapi.testclient import TestClient

TEXT = "Love grows in the garden; the garden is white."


def test_all_books_are_listed(client: TestClient) -> None:
    books = client.get("/books").json()["books"]
    assert books[0] == {
        "id": "garden",
        "title": "A Garden",
        "author": "Bob Rose",
        "year": 1901,
        "language": "en",
        "word_count": 9,
    }
    assert [book["id"] for book in books] == ["garden", "storm", "whale"]


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
