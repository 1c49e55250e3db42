"""What a reader types stays out of everything that is kept or sent, where a setting says so."""

import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from opentelemetry import baggage
from opentelemetry.context import attach, detach

from gutenberg_explorer import corpus
from gutenberg_explorer.api import create_app
from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.settings import Settings
from gutenberg_explorer.telemetry.query_text import hash_of
from tests.conftest import LOCAL
from tests.corpus.web import serve
from tests.signals.otlp.decoding import whole
from tests.telemetry.otlp_endpoint import Receiver, otlp_endpoint
from tests.telemetry.recording import attributes

TRACE_ID, SPAN_ID = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
SECRET = "zyzzyva"
# Its hash is the one of `QUERY`: the case and the white space of a query do not count.
PAGE = {"origin": LOCAL}
TYPED = f"  {SECRET.upper()}   love "
QUERY = f"{SECRET} love"
SENDERS = ["protobuf", "json"]


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with otlp_endpoint() as opened:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", opened.url)
        yield opened


def _page_spans() -> dict[str, Any]:
    """Return what the page sends of a search, OTLP as JSON."""
    now = time.time_ns()

    def told(**values: str) -> list[dict[str, Any]]:
        return [
            {"key": key.replace("__", "."), "value": {"stringValue": value}}
            for key, value in values.items()
        ]

    def span(name: str, span_id: str, kind: int, *attributes: dict[str, Any]) -> dict[str, Any]:
        return {
            "traceId": TRACE_ID,
            "spanId": span_id,
            "name": name,
            "kind": kind,
            "startTimeUnixNano": str(now - 10**9),
            "endTimeUnixNano": str(now),
            "attributes": list(attributes),
        }

    address = f"http://testserver/search?q={SECRET}+love&method=bm25&limit=20"
    spans = [
        span("frontend_search", "a" * 16, 1, *told(search__query=TYPED, search__method="bm25")),
        span("http_request", SPAN_ID, 3, *told(url__full=address)),
    ]
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": told(service__name="search-frontend")},
                "scopeSpans": [{"spans": spans}],
            }
        ]
    }


def _search(settings: Settings, sender: str) -> None:
    """Search as the page does, by every way, and send the page's spans."""
    headers = {"traceparent": f"00-{TRACE_ID}-{SPAN_ID}-01"}
    with TestClient(create_app(Backend.open(settings)), LOCAL) as client:
        for method in ("bm25", "tfidf"):
            params = {"q": TYPED, "method": method, "author": "sea", "title": SECRET}
            client.get("/search", params=params, headers=headers).raise_for_status()
        client.get("/books/whale/search", params={"q": TYPED}, headers=headers).raise_for_status()
        client.get("/search", params={"q": f"{SECRET}\0"}, headers=headers)
        if sender == "json":
            client.post("/v1/traces", json=_page_spans(), headers=PAGE).raise_for_status()
        else:
            client.post(
                "/v1/traces",
                content=_as_protobuf(_page_spans()),
                headers={**PAGE, "content-type": "application/x-protobuf"},
            ).raise_for_status()


def _as_protobuf(document: dict[str, Any]) -> bytes:
    body = json.dumps(document).encode()
    return whole(body, "application/json").SerializeToString()


def _kept(settings: Settings) -> bytes:
    """Return all bytes of the store's files."""
    return b"".join(path.read_bytes() for path in settings.data_dir.glob("traces.sqlite3*"))


def _holds_secret(data: bytes) -> bool:
    return SECRET.encode() in data.lower()


@pytest.mark.parametrize("sender", SENDERS)
def test_text_that_is_omitted_is_nowhere(
    receiver: Receiver, settings: Settings, sender: str
) -> None:
    asked = settings.model_copy(update={"query_text": "omitted", "trace_store": "on"})
    _search(asked, sender)
    kept = _kept(asked)
    assert b"frontend_search" in kept
    assert b"search_book" in kept
    assert not _holds_secret(kept)
    assert len(receiver.spans) > 20
    assert not _holds_secret(b"".join(r.SerializeToString() for r in receiver.resource_spans))
    assert not any(_holds_secret(str(headers).encode()) for headers in receiver.headers)
    told = [attributes(span) for span in receiver.spans]
    assert not any("search.query" in one for one in told)
    assert [one["url.full"] for one in told if "url.full" in one] == [
        "http://testserver/search?q=REDACTED&method=bm25&limit=20"
    ]


@pytest.mark.parametrize("sender", SENDERS)
def test_text_that_is_hashed_is_the_same_hash_in_page_and_backend(
    receiver: Receiver, settings: Settings, sender: str
) -> None:
    asked = settings.model_copy(update={"query_text": "hashed", "trace_store": "on"})
    _search(asked, sender)
    kept = _kept(asked)
    assert not _holds_secret(kept)
    assert not _holds_secret(b"".join(r.SerializeToString() for r in receiver.resource_spans))
    found = {
        span.name: attributes(span)["search.query"]
        for span in receiver.spans
        if "search.query" in attributes(span)
    }
    assert found == dict.fromkeys(["frontend_search", "search_api", "search_book"], hash_of(QUERY))
    (address,) = [
        attributes(span)["url.full"] for span in receiver.spans if span.name == "http_request"
    ]
    assert address == f"http://testserver/search?q={hash_of(QUERY)}&method=bm25&limit=20"
    assert hash_of(QUERY).encode() in kept


def test_text_is_kept_unless_a_setting_says_otherwise(settings: Settings) -> None:
    _search(settings, "json")
    assert _holds_secret(_kept(settings))


@pytest.mark.parametrize("form", ["json", "text"])
def test_log_lines_hold_no_query(
    settings: Settings,
    form: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The tests' own client logs the addresses that it asks for.
    monkeypatch.setattr(logging.getLogger("httpx2"), "disabled", True)
    backend = Backend.open(settings.model_copy(update={"log_format": form}))
    with TestClient(create_app(backend), LOCAL, raise_server_exceptions=False) as client:
        client.get("/search", params={"q": TYPED, "title": SECRET})
        client.get("/search", params={"q": TYPED, "limit": "x"})
        client.get("/books/whale/search", params={"q": TYPED})
        client.get("/books/none/search", params={"q": TYPED})
    logged = capsys.readouterr()
    assert logged.out.count("/search") == 4
    assert not _holds_secret((logged.out + logged.err).encode())


def test_what_the_browser_does_not_sample_is_not_recorded(
    receiver: Receiver, settings: Settings
) -> None:
    both = settings.model_copy(update={"trace_store": "on"})
    ids = {flags: f"1{flags}" + "a" * 29 for flags in ("00", "01", "02", "03")}
    with TestClient(create_app(Backend.open(both)), LOCAL) as client:
        for flags, trace_id in ids.items():
            headers = {"traceparent": f"00-{trace_id}-{SPAN_ID}-{flags}"}
            told = client.get("/search?q=love", headers=headers).headers["traceresponse"]
            assert told.startswith(f"00-{trace_id}-")
            assert told.endswith(f"-{flags}")
        kept = [client.get(f"/api/traces/{trace_id}").status_code for trace_id in ids.values()]
    assert kept == [404, 200, 404, 200]
    sent = {span.trace_id.hex() for span in receiver.spans}
    assert {ids["01"], ids["03"]} < sent
    assert not {ids["00"], ids["02"]} & sent


@pytest.mark.parametrize(
    "environ", [{"OTEL_TRACES_SAMPLER": "always_off"}, {"OTEL_SDK_DISABLED": "true"}]
)
def test_a_backend_that_samples_nothing_says_so(
    environ: dict[str, str],
    receiver: Receiver,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    both = settings.model_copy(update={"trace_store": "on"})
    with TestClient(create_app(Backend.open(both)), LOCAL) as client:
        answer = client.get(
            "/search?q=love", headers={"traceparent": f"00-{TRACE_ID}-{SPAN_ID}-01"}
        )
        assert client.get("/api/services").json()["data"] == []
    assert answer.headers["traceresponse"].endswith("-00")
    assert receiver.spans == []


def test_baggage_goes_nowhere(receiver: Receiver, settings: Settings) -> None:
    both = settings.model_copy(update={"trace_store": "on"})
    headers = {
        "traceparent": f"00-{TRACE_ID}-{SPAN_ID}-01",
        "baggage": f"{SECRET}=1,user.id={SECRET}",
    }
    with TestClient(create_app(Backend.open(both)), LOCAL) as client:
        answers = [
            client.get(path, headers=headers)
            for path in ("/search?q=love", "/books/whale/search?q=love", "/books", "/search")
        ]
    for answer in answers:
        assert not _holds_secret(str(answer.headers).encode() + answer.content)
        assert "baggage" not in answer.headers
    assert TRACE_ID in {span.trace_id.hex() for span in receiver.spans}
    assert not _holds_secret(b"".join(r.SerializeToString() for r in receiver.resource_spans))
    assert not any("baggage" in sent for sent in receiver.headers)
    assert not any(_holds_secret(str(sent).encode()) for sent in receiver.headers)
    assert not _holds_secret(_kept(both))


def test_no_download_carries_baggage_or_a_trace(tmp_path: Path, corpus_zip: Path) -> None:
    token = attach(baggage.set_baggage("user.id", SECRET))
    try:
        with serve(corpus_zip.read_bytes()) as web:
            sources = corpus.Sources(tmp_path, web.url, "")
            corpus.choose(corpus.candidates("nltk", sources))
    finally:
        detach(token)
    assert web.requests
    for request in web.requests:
        sent = {name.lower(): value for name, value in request.headers.items()}
        assert not {"baggage", "traceparent", "tracestate"} & set(sent)
        assert not _holds_secret(str(sent).encode())
