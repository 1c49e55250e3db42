from fastapi import FastAPI
from fastapi.testclient import TestClient

from gutenberg_explorer.api import trace_links
from gutenberg_explorer.settings import Settings
from tests.api.part_of_backend import install, part_of_backend


def test_the_page_is_told_where_else_traces_are() -> None:
    app = FastAPI()
    app.include_router(trace_links.router)
    address = "https://traces.example.org/{trace_id}"
    settings = Settings.from_environment({"GUTENBERG_EXPLORER_TRACE_LINKS": f"Jaeger={address}"})
    install(app, part_of_backend(settings=settings))
    answer = TestClient(app).get("/api/trace-links")
    assert answer.json() == {"links": [{"name": "Jaeger", "url": address}]}


def test_it_is_told_also_where_no_traces_are_kept(books18: TestClient) -> None:
    assert books18.get("/api/services").status_code == 404
    answer = books18.get("/api/trace-links")
    assert (answer.status_code, answer.json()) == (200, {"links": []})
