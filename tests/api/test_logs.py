"""What a running backend logs: one record for an event, in its span, and never a query."""

import json
from typing import Any

import pytest

from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.search.local import bm25
from gutenberg_explorer.settings import Settings
from tests.conftest import client_of
from tests.telemetry.otlp_endpoint import otlp_endpoint

SECRET = "xylophone"


def _lines(captured: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in captured.readouterr().out.splitlines()]


def _broken(*_: Any, **__: Any) -> Any:
    raise KeyError(SECRET)


def test_no_query_is_logged(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with otlp_endpoint() as receiver:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", f"{receiver.url}/v1/logs")
        with client_of(Backend.open(settings)) as client:
            for method in ("bm25", "tfidf"):
                client.get(f"/search?q={SECRET}&method={method}").raise_for_status()
            assert client.get(f"/search?q={SECRET}&limit={SECRET}").status_code == 400
            assert client.get(f"/search?q={SECRET}%00").status_code == 400
            assert client.get(f"/search?q={SECRET}&book={SECRET}").status_code == 404
            client.get(f"/books/whale/search?q={SECRET}").raise_for_status()
            monkeypatch.setattr(bm25, "cut", _broken)
            monkeypatch.setattr("gutenberg_explorer.api.search.perform_search", _broken)
            assert client.get(f"/search?q={SECRET.upper()}").status_code == 500
    lines = _lines(capsys)
    assert len([line for line in lines if line["logger"] == "gutenberg_explorer.access"]) == 7
    assert [line["exception.message"] for line in lines if "exception.type" in line] == ["'[…]'"]
    assert SECRET not in json.dumps(lines).lower()
    assert len(receiver.log_records) >= 8
    assert SECRET not in str(receiver.log_records).lower()


def test_an_unexpected_error_is_one_record_in_its_span(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gutenberg_explorer.api.search.perform_search", _broken)
    with client_of(Backend.open(settings)) as client:
        answer = client.get("/search?q=love")
    [line] = [line for line in _lines(capsys) if "exception.type" in line]
    assert line["severity"] == "ERROR"
    assert (line["exception.type"], line["exception.message"]) == ("KeyError", f"'{SECRET}'")
    assert "perform_search" in line["exception.stacktrace"]
    assert line["trace_id"] == answer.json()["trace_id"]
    assert line["span_id"] in answer.headers["traceresponse"]
    assert line["service.name"] == "search-backend"
