import re

from fastapi.testclient import TestClient

from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.settings import Settings
from tests.conftest import client_of


def test_every_operation_and_parameter_is_described(client: TestClient) -> None:
    page = client.get("/docs").text
    paths = client.get("/openapi.json").json()["paths"]
    for path, methods in paths.items():
        for method, operation in methods.items():
            assert f"<b>{method.upper()}</b> {path}" in page
            for parameter in operation.get("parameters", ()):
                assert f"<code>{parameter['name']}</code>" in page


def test_it_needs_nothing_from_elsewhere(client: TestClient) -> None:
    response = client.get("/docs")
    assert "<script" not in response.text
    assert not re.search(r"(src|href)=.?(https?:)?//", response.text)
    assert "unsafe" not in response.headers["content-security-policy"]


def test_the_description_is_closed_by_the_setting(settings: Settings) -> None:
    closed = settings.model_copy(update={"api_docs": "off"})
    with client_of(Backend.open(closed)) as client:
        assert client.get("/docs").status_code == 404
        assert client.get("/openapi.json").status_code == 404
        assert client.get("/books").status_code == 200
