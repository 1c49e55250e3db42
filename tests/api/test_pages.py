import gzip
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from gutenberg_explorer.api import create_app, pages
from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.settings import Settings
from tests.conftest import LOCAL


@pytest.fixture(autouse=True)
def _web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    web = tmp_path / "web"
    (web / "assets").mkdir(parents=True)
    (web / "index.html").write_text("<head><title>the page</title></head>")
    (web / "favicon.svg").write_text("<svg/>")
    (web / "assets" / "index-abc.js").write_text("plain")
    (web / "assets" / "index-abc.js.gz").write_bytes(gzip.compress(b"zipped"))
    (tmp_path / "secret.txt").write_text("secret")
    monkeypatch.setattr(pages, "WEB", web)


@pytest.mark.parametrize(
    "path", ["/", "/library", "/read/garden", "/traces", f"/traces/{'a' * 32}"]
)
def test_the_page_is_at_its_own_addresses(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert "the page" in response.text
    assert response.headers["cache-control"] == "no-cache"
    head = client.head(path)
    assert (head.status_code, head.text) == (200, "")
    assert "script-src 'self'" in response.headers["content-security-policy"]
    assert "unsafe" not in response.headers["content-security-policy"]


def test_assets_are_compressed_beforehand_and_kept_for_ever(client: TestClient) -> None:
    plain = client.get("/assets/index-abc.js", headers={"accept-encoding": "br;q=0, identity"})
    assert plain.text == "plain"
    zipped = client.get("/assets/index-abc.js", headers={"accept-encoding": "gzip"})
    assert (zipped.text, zipped.headers["content-encoding"]) == ("zipped", "gzip")
    assert zipped.headers["content-type"].startswith("text/javascript")
    assert "immutable" in zipped.headers["cache-control"]
    assert zipped.headers["vary"] == "Accept-Encoding"


def test_files_beside_the_page_are_served(client: TestClient) -> None:
    response = client.get("/favicon.svg")
    assert response.text == "<svg/>"
    assert response.headers["content-type"] == "image/svg+xml"


def test_an_unknown_address_is_the_page_to_a_person_and_a_problem_to_a_program(
    client: TestClient,
) -> None:
    person = client.get("/nope", headers={"accept": "text/html,*/*"})
    assert person.status_code == 404
    assert "the page" in person.text
    program = client.get("/nope", headers={"accept": "*/*"})
    assert program.status_code == 404
    assert program.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/missing.js",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/assets/%00",
        "/assets/",
        "/assets//etc/passwd",
    ],
)
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "secret" not in response.text


def test_a_page_that_is_not_built_says_what_to_do(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "WEB", tmp_path / "none")
    response = client.get("/")
    assert response.status_code == 503
    assert "make run" in response.json()["detail"]


@pytest.mark.parametrize(
    ("sampler", "argument", "told"),
    [
        ("always_off", "", "0.0"),
        ("traceidratio", "0.25", "0.25"),
        ("parentbased_traceidratio", "1e-05", "1e-05"),
        ("parentbased_always_on", "", None),
    ],
)
def test_the_page_is_told_which_share_of_its_traces_is_recorded(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    sampler: str,
    argument: str,
    told: str | None,
) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", sampler)
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", argument)
    with TestClient(create_app(Backend.open(settings)), LOCAL) as client:
        response = client.get("/")
        head = client.head("/")
    found = re.search(r'<meta name="trace-sampling" content="(.*)">\n  </head>', response.text)
    assert (found and found[1]) == told
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'self'" in response.headers["content-security-policy"]
    assert (head.status_code, head.text) == (200, "")
    assert head.headers["content-length"] == response.headers["content-length"]
