import pytest
from fastapi.testclient import TestClient

from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.settings import Settings
from tests.conftest import client_of


@pytest.fixture(scope="module")
def client(shared_client: TestClient) -> TestClient:
    return shared_client


SITES = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://localhost:1"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
]


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1:8000", "[::1]:8000", "LocalHost"])
def test_this_machines_names_are_let_in(client: TestClient, host: str) -> None:
    assert client.get("/books", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "evil.localhost",
        "localhost@evil.example",
        "localhost evil.example",
        "localhost,evil.example",
        "localhost/evil.example",
        "127.0.0.1.evil.example",
        "[::1].evil.example",
        "0.0.0.0",
        "127.1",
        "2130706433",
        "*",
        "",
    ],
)
def test_other_names_are_refused(client: TestClient, host: str) -> None:
    for path in ("/search?q=love", "/", "/api/traces", "/openapi.json", "/nope"):
        response = client.get(path, headers={"host": host})
        assert response.status_code == 421
        assert response.headers["content-type"] == "application/problem+json"
        assert "traceresponse" not in response.headers
        assert "love" not in response.text


def test_a_refusal_is_no_part_of_a_trace(settings: Settings) -> None:
    backend = Backend.open(settings)
    assert backend.trace_store is not None
    with client_of(backend) as client:
        client.get("/search?q=love", headers={"host": "evil.example"})
        client.get("/books")
        backend.tracing.flush()
        names = {operation.name for operation in backend.trace_store.operations("search-backend")}
    assert "GET /books" in names
    assert "GET /search" not in names


def test_one_host_and_no_more(client: TestClient) -> None:
    two = [("host", "localhost"), ("host", "evil.example")]
    assert client.get("/books", headers=two).status_code == 421


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_ask_by_any_name(client: TestClient, path: str) -> None:
    assert client.get(path, headers={"host": "10.1.2.3:8000"}).status_code == 200


def test_names_are_allowed_by_the_setting(settings: Settings) -> None:
    named = settings.model_copy(update={"allowed_hosts": "books.example.org"})
    with client_of(Backend.open(named)) as client:
        assert client.get("/books", headers={"host": "books.example.org"}).status_code == 200
        assert client.get("/books", headers={"host": "localhost"}).status_code == 421
    anyone = settings.model_copy(update={"allowed_hosts": "*"})
    with client_of(Backend.open(anyone)) as client:
        assert client.get("/books", headers={"host": "anything.example"}).status_code == 200


@pytest.mark.parametrize("headers", SITES, ids=str)
def test_other_sites_write_nothing_anywhere(client: TestClient, headers: dict[str, str]) -> None:
    described = set(client.get("/openapi.json").json()["paths"])
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        for path in described - {"/healthz", "/readyz"} | {"/", "/assets/x", "/nope"}:
            response = client.request(method, path, headers=headers)
            assert response.status_code == 403, (method, path)
            assert "access-control-allow-origin" not in response.headers


def test_a_probe_is_no_way_to_write(client: TestClient) -> None:
    for path in ("/healthz", "/readyz"):
        assert client.post(path, headers=SITES[0]).status_code == 405


def test_the_page_itself_may_write(client: TestClient) -> None:
    own = {"origin": "http://localhost", "sec-fetch-site": "same-origin"}
    response = client.post("/v1/traces", json={}, headers=own)
    assert response.status_code == 200


def test_no_other_site_is_let_read(client: TestClient) -> None:
    response = client.get("/books", headers=SITES[0])
    assert "access-control-allow-origin" not in response.headers
    assert response.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/search?q=" + "a" * 33_000, {}, 414),
        ("/books/" + "a" * 33_000, {}, 414),
        ("/search?q=love" + "&a" * 200, {}, 400),
        ("/search?q=love", {"x": "a" * 33_000}, 431),
        ("/search?q=love", {f"x{n}": "a" * 300 for n in range(120)}, 431),
    ],
)
def test_a_large_head_is_refused(
    client: TestClient, path: str, headers: dict[str, str], status: int
) -> None:
    response = client.get(path, headers=headers)
    assert response.status_code == status
    assert response.json()["status"] == status
    assert "aaaa" not in response.text


def test_a_head_as_large_as_it_may_be_is_let_in(client: TestClient) -> None:
    assert client.get("/books", params={str(n): "a" * 100 for n in range(200)}).status_code == 200
    assert client.get("/books", headers={"x": "a" * 30_000}).status_code == 200
