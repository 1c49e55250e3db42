"""Every answer tells the browser to be careful with it."""

import pytest
from fastapi.testclient import TestClient

from gutenberg_explorer.api import search
from gutenberg_explorer.api.headers import DEFAULTS
from tests.page import built_page


def directives(policy: str) -> dict[str, str]:
    return dict(part.strip().partition(" ")[::2] for part in policy.split(";"))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/books", 200),
        ("GET", "/search?q=love", 200),
        ("GET", "/api/services", 200),
        ("GET", "/api/trace-summaries", 200),
        ("GET", "/openapi.json", 200),
        ("GET", "/healthz", 200),
        ("GET", "/search?q=", 400),
        ("GET", "/books/none", 404),
        ("GET", "/nope", 404),
        ("GET", "/assets/none.js", 404),
        ("POST", "/search", 405),
        ("POST", "/v1/traces", 415),
        ("GET", "/search?q=" + "a" * 40_000, 414),
    ],
)
def test_data_is_locked(shared_client: TestClient, method: str, path: str, status: int) -> None:
    response = shared_client.request(method, path)
    assert response.status_code == status
    for name, value in DEFAULTS.items():
        assert response.headers.get_list(name) == [value]


def test_refusals_and_failures_are_locked_too(
    shared_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(search, "perform_search", broken)
    failed = shared_client.get("/search?q=love")
    misdirected = shared_client.get("/", headers={"host": "evil.example"})
    assert (failed.status_code, misdirected.status_code) == (500, 421)
    for response in (failed, misdirected):
        assert {name: response.headers[name] for name in DEFAULTS} == DEFAULTS


@pytest.mark.parametrize("path", ["/", "/read/whale", "/docs"])
def test_a_page_may_load_only_what_is_its_own(shared_client: TestClient, path: str) -> None:
    if path != "/docs":
        built_page()
    response = shared_client.get(path, headers={"accept": "text/html"})
    policy = directives(response.headers["content-security-policy"])
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in response.headers["content-security-policy"]
    assert all(
        source in ("'none'", "'self'") or source.startswith("'sha256-")
        for name, source in policy.items()
        if name.endswith("-src")
    )
    for name in set(DEFAULTS) - {"Content-Security-Policy", "Cache-Control"}:
        assert response.headers[name] == DEFAULTS[name]
