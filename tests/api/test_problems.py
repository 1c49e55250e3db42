import errno
import io
import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient
from google.rpc.status_pb2 import Status
from httpx2 import Response

from gutenberg_explorer.api import search
from gutenberg_explorer.api.problem_types import KNOWN, ProblemType
from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.runtime.open_trace_store import trace_store_path
from gutenberg_explorer.signals import StoreError, TraceStore
from gutenberg_explorer.telemetry import configure_logging
from tests.api.part_of_backend import running_of


def test_an_unexpected_error_tells_nothing_but_its_trace(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(search, "perform_search", broken)
    log = io.StringIO()
    configure_logging({}, "json", "INFO", log)
    response = client.get("/search", params={"q": "love"})
    assert response.status_code == 500
    problem = response.json()
    trace_id = problem.pop("trace_id")
    assert problem == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "The log has the details.",
    }
    assert trace_id in response.headers["traceresponse"]
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    (line,) = [line for line in lines if line["severity"] == "ERROR"]
    assert line["trace_id"] == trace_id
    assert line["exception.message"] == "a secret"


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/books/whale/text", "text.utf8"),
        ("/books/whale", "contents.json"),
        ("/search?q=love&method=bm25", "passages"),
        ("/search?q=love&method=tfidf", "text.utf8"),
        ("/books/whale/search?q=love", "passages"),
    ],
)
def test_an_index_that_can_not_be_read_is_a_sentence(
    client: TestClient,
    backend: Backend,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    file: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    index = backend.index
    searcher = SimpleNamespace(search=fail, doc_freq=fail, aggregate=fail)
    monkeypatch.setattr(index.passage_index, "_searcher", searcher)
    # Small files are in memory; what is read of larger ones is read so.
    monkeypatch.setattr(os, "pread", fail)
    for segment in index.segments:
        for each in (segment._text, segment._contents):
            monkeypatch.setattr(each, "_whole", None)
            monkeypatch.setattr(each, "_descriptor", -1, raising=False)
    log = io.StringIO()
    configure_logging({}, "json", "INFO", log)
    response = client.get(path)
    assert response.status_code == 500
    problem = response.json()
    assert problem.pop("trace_id", None) or path.startswith("/books/")
    assert problem == {
        "type": "about:blank",
        "title": "The index can't be read",
        "status": 500,
        "detail": "The log names the file.",
    }
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    (line,) = [line for line in lines if line["severity"] == "ERROR"]
    assert line["message"] == (
        f"The index can't be read: {file} can't be read (Input/output error)."
    )
    assert "exception.stacktrace" not in line


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nope", 404), ("POST", "/search", 405)]
)
def test_the_routers_errors_are_problem_documents(
    client: TestClient, method: str, path: str, status: int
) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


def test_the_description_names_problem_documents(client: TestClient) -> None:
    description = client.get("/openapi.json").json()
    assert set(description["paths"]) >= {"/search", "/books", "/books/{id}", "/v1/traces"}
    assert "HTTPValidationError" not in json.dumps(description)
    bad = description["paths"]["/search"]["get"]["responses"]["400"]
    assert list(bad["content"]) == ["application/problem+json"]
    for path in ("/search", "/books/{id}", "/api/services", "/v1/traces"):
        for operation in description["paths"][path].values():
            assert set(operation["responses"]) >= {"200", "400", "414", "421", "431"}
            assert "422" not in operation["responses"]
    assert set(description["paths"]["/healthz"]["get"]["responses"]) == {"200"}


WORDS = Path(__file__).resolve().parents[2] / "frontend/src/i18n/texts/problems.ts"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/search", ProblemType.EMPTY_QUERY),
        ("/search?q=%20", ProblemType.EMPTY_QUERY),
        ("/search?q=%00love", ProblemType.CONTROL_CHARACTERS),
        ("/search?q=!?", ProblemType.NO_LETTER_OR_DIGIT),
        (f"/search?q={'x' * 1_001}", ProblemType.QUERY_TOO_LONG),
        (f"/search?q={'x' * 1_001}&limit=0", ProblemType.INVALID_REQUEST),
        ("/search?q=love&limit=x", ProblemType.INVALID_REQUEST),
        ("/search?q=love&book=none", ProblemType.NO_SUCH_BOOK),
        ("/books/none", ProblemType.NO_SUCH_BOOK),
        ("/books/whale/search", ProblemType.EMPTY_QUERY),
        (f"/books/whale/search?q={'x' * 1_001}", ProblemType.QUERY_TOO_LONG),
        ("/books?limit=0", ProblemType.INVALID_REQUEST),
        (f"/books?{'&' * 200}", ProblemType.INVALID_REQUEST),
        ("/api/traces/x", ProblemType.INVALID_REQUEST),
        (f"/api/traces/{'1' * 32}", ProblemType.NO_SUCH_TRACE),
    ],
)
def test_a_problem_has_the_type_that_it_is_described_by(
    shared_client: TestClient, path: str, kind: ProblemType
) -> None:
    response = shared_client.get(path)
    problem = response.json()
    assert (problem["type"], problem["status"]) == (kind, kind.status)
    assert response.status_code == kind.status
    page, anchor = kind.split("#")
    assert f'id="{anchor}"' in shared_client.get(page).text


def test_what_is_said_of_the_trace_store_has_a_type(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_: object) -> None:
        raise StoreError

    monkeypatch.setattr(TraceStore, "services", locked)
    assert client.get("/api/services").json()["type"] == ProblemType.TRACE_STORE_BUSY
    running_of(client.app).backend.trace_store = None
    assert client.get("/api/services").json()["type"] == ProblemType.TRACE_STORE_OFF


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/traces?limit=x", 400),
        ("GET", "/api/traces/x", 400),
        ("GET", f"/api/traces/{'1' * 32}", 404),
        ("GET", f"/api/v3/traces/{'1' * 32}", 404),
        ("GET", "/api/nothing", 404),
        ("POST", "/api/services", 405),
        ("GET", f"/api/services?{'&' * 200}", 400),
    ],
)
def test_a_problem_below_api_has_what_jaegers_clients_read(
    shared_client: TestClient, method: str, path: str, status: int
) -> None:
    problem = shared_client.request(method, path).json()
    assert problem["status"] == status
    assert problem["errors"] == [{"code": status, "msg": problem["detail"]}]


@pytest.mark.parametrize("path", ["/search", "/books/none", "/nope", "/apis"])
def test_other_problems_have_nothing_of_jaeger(shared_client: TestClient, path: str) -> None:
    assert "errors" not in shared_client.get(path).json()


def test_a_store_that_fails_says_so_to_jaegers_clients(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(TraceStore, "services", broken)
    assert client.get("/api/services").json()["errors"] == [
        {"code": 500, "msg": "The log has the details."}
    ]


def test_every_type_is_described_and_has_words_in_each_language_of_the_page(
    shared_client: TestClient,
) -> None:
    described = shared_client.get("/openapi.json").json()["components"]["schemas"]["ProblemType"]
    assert described["enum"] == list(ProblemType)
    words = WORDS.read_text()
    for kind in KNOWN:
        assert f"`{kind}`: {kind.meaning}" in described["description"]
        assert words.count(f'"{kind}":') == 2, f"{kind} has no words of the page in some language"


SECRET = "sesame"


def assert_tells_nothing(response: Response, status: int) -> None:
    """Assert an error in its path's format that tells nothing of what was sent or broke."""
    assert response.status_code == status
    media = response.headers["content-type"]
    if not response.request.url.path.startswith("/v1/"):
        assert media == "application/problem+json"
        assert set(response.json()) <= {"type", "title", "status", "detail", "trace_id", "errors"}
    elif media == "application/json":
        assert set(response.json()) == {"code", "message"}
    else:
        assert media == "application/x-protobuf"
        assert Status.FromString(response.content).message
    for told in (SECRET, "Traceback", "Error:", ".py", "sqlite", "/tmp", "/home", "data"):
        assert told not in response.text


@pytest.mark.parametrize(
    ("status", "method", "path", "headers"),
    [
        (400, "GET", f"/search?q=%00{SECRET}", {}),
        (400, "GET", f"/search?q=love&limit={SECRET}", {}),
        (400, "GET", f"/search?q={SECRET * 200}", {}),
        (400, "GET", f"/search?q=love&method={SECRET}&sort={SECRET}&offset={SECRET}", {}),
        (400, "GET", f"/books?sort={SECRET}&limit={SECRET}", {}),
        (400, "GET", f"/books/{SECRET * 50}", {}),
        (400, "GET", f"/books/whale/search?q=love&backwards={SECRET}", {}),
        (400, "GET", f"/api/traces?lookback={SECRET}", {}),
        (400, "GET", f"/api/traces?tags={SECRET}", {}),
        (400, "GET", f"/api/traces?tags=[%22{SECRET}%22]", {}),
        (400, "GET", f"/api/traces?traceID={SECRET}", {}),
        (400, "GET", f"/api/traces/{SECRET}", {}),
        (403, "POST", "/v1/traces", {"origin": f"https://{SECRET}.example"}),
        (404, "GET", f"/books/{SECRET}", {}),
        (404, "GET", f"/books/{SECRET}/search?q={SECRET}", {}),
        (404, "GET", f"/search?q=love&book={SECRET}", {}),
        (404, "GET", f"/{SECRET}", {}),
        (404, "GET", f"/assets/{SECRET}", {}),
        (405, "POST", f"/search?q={SECRET}", {}),
        (415, "POST", "/v1/traces", {"content-type": f"text/{SECRET}"}),
        (421, "GET", f"/search?q={SECRET}", {"host": f"{SECRET}.example"}),
        (431, "GET", "/books", {"x": SECRET * 10_000}),
    ],
)
def test_a_refusal_repeats_nothing(
    shared_client: TestClient, status: int, method: str, path: str, headers: dict[str, str]
) -> None:
    assert_tells_nothing(shared_client.request(method, path, headers=headers), status)


@pytest.mark.parametrize(
    ("status", "media", "body"),
    [
        (400, "application/json", f'{{"resourceSpans": "{SECRET}"}}'),
        (400, "application/json", f"{SECRET}"),
        (
            400,
            "application/json",
            json.dumps(
                {"resourceSpans": [{"schemaUrl": [SECRET], "scopeSpans": [{"spans": [{}]}]}]}
            ),
        ),
        (400, "application/json", f'{{"{SECRET}": \\x}}'),
        (400, "application/x-protobuf", SECRET),
        (413, "application/json", SECRET * 4_000_000),
    ],
)
def test_a_refused_body_is_not_repeated(
    shared_client: TestClient, status: int, media: str, body: str
) -> None:
    response = shared_client.post("/v1/traces", content=body, headers={"content-type": media})
    assert_tells_nothing(response, status)


def test_senders_in_a_hurry_learn_nothing(client: TestClient, backend: Backend) -> None:
    body = json.dumps({"resourceSpans": [], SECRET: SECRET})
    headers = {"content-type": "application/json"}
    answers = (client.post("/v1/traces", content=body, headers=headers) for _ in range(5_000))
    refused = next(response for response in answers if response.status_code == 429)
    assert_tells_nothing(refused, 429)


def test_a_failing_disk_tells_nothing_of_itself(client: TestClient, backend: Backend) -> None:
    path = trace_store_path(backend.settings)
    client.get("/books")
    backend.tracing.flush()
    for file in path.parent.glob(path.name + "*"):
        file.unlink()
    path.mkdir()
    for address in ("/api/traces", "/api/services", f"/api/traces/{'1' * 32}"):
        assert_tells_nothing(client.get(address), 503)


def test_a_damaged_index_tells_nothing_of_itself(
    client: TestClient, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError(5, "Input/output error", f"/home/{SECRET}/index")

    monkeypatch.setattr(type(backend.index), "contents", broken)
    monkeypatch.setattr(type(backend.index), "text", broken)
    for address in ("/books/whale", "/books/whale/text"):
        assert_tells_nothing(client.get(address), 500)
