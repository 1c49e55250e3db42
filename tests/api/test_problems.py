import io
import json

import pytest
from fastapi.testclient import TestClient

from gutenberg_explorer.api import search
from gutenberg_explorer.telemetry import configure_logging


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
        "detail": "The error is in the log.",
    }
    assert trace_id in response.headers["traceresponse"]
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    (line,) = [line for line in lines if line["severity"] == "ERROR"]
    assert line["trace_id"] == trace_id
    assert line["exception.message"] == "a secret"


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
    assert "422" not in description["paths"]["/search"]["get"]["responses"]
