import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from gutenberg_explorer.api import problems, trace_summaries
from gutenberg_explorer.signals import StoreError, TraceStore
from gutenberg_explorer.signals.traces import summaries
from tests.api.part_of_backend import install, part_of_backend, running_of
from tests.signals.spans import resource_spans, span, text

US = time.time_ns() // 1_000 // 1_000_000 * 1_000_000
SECOND_US = 10**6
HOUR_US = 3_600 * SECOND_US


class Clock:
    us = US

    def __call__(self) -> int:
        return self.us * 1_000


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[TraceStore]:
    """Traces 1 to 3, started 1 to 3 hours ago, of 1 to 3 ms; the second failed."""
    store = TraceStore(tmp_path / "traces.db", clock=clock, uptime=clock)
    for number in (1, 2, 3):
        root = span(
            "GET /search",
            trace_id=number.to_bytes(16, "big"),
            span_id=bytes([number]) * 8,
            start_ns=(US - number * HOUR_US) * 1_000,
            duration_ns=number * 1_000_000,
            attributes=[text("search.query", f"whale {number}")],
            status=Status(code=Status.STATUS_CODE_ERROR) if number == 2 else None,
        )
        store.add([resource_spans([root])])
    yield store
    store.close()


@pytest.fixture
def client(store: TraceStore) -> Iterator[TestClient]:
    app = FastAPI()
    problems.install(app)
    app.include_router(trace_summaries.router)
    install(app, part_of_backend(trace_store=store))
    with TestClient(app) as client:
        yield client


def ask(client: TestClient, **params: Any) -> dict[str, Any]:
    response = client.get("/api/trace-summaries", params=params)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def test_a_duration_is_exact(client: TestClient, store: TraceStore) -> None:
    store.add([resource_spans([span(start_ns=US * 1_000 + 7, duration_ns=450)])])
    assert ask(client, limit=1)["traces"][0]["duration"] == 0.45


def test_an_answer(client: TestClient) -> None:
    answer = ask(client, limit=1)
    assert answer["traces"] == [
        {
            "trace_id": "1".zfill(32),
            "name": "GET /search",
            "root_span_id": "01" * 8,
            "query": "whale 1",
            "services": [{"name": "search-backend", "spans": 1}],
            "spans": 1,
            "errors": 0,
            "start": US - HOUR_US,
            "duration": 1_000,
        }
    ]
    assert answer["matching"] == 3
    assert answer["durations"] == {
        "median": 2_000,
        "p95": 3_000,
        "histogram": [
            {"from": 1_000, "to": 1_250, "traces": 1, "errors": 0},
            {"from": 2_000, "to": 2_500, "traces": 1, "errors": 1},
            {"from": 2_500, "to": 3_150, "traces": 1, "errors": 0},
        ],
    }


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, [1, 2, 3]),
        ({"errors": "true"}, [2]),
        ({"service": "search-backend", "operation": "GET /search"}, [1, 2, 3]),
        ({"service": "nobody"}, []),
        ({"tags": '{"search.query":"whale 3"}'}, [3]),
        ({"tag": "error:true"}, [2]),
        ({"minDuration": "2ms"}, [2, 3]),
        ({"maxDuration": "2000us"}, [1, 2]),
        ({"maxDuration": "1999.999us"}, [1]),
        ({"lookback": "150m"}, [1, 2]),
        ({"limit": "0"}, [1]),
        ({"start": US - 2 * HOUR_US}, [1, 2]),
        ({"end": US - 2 * HOUR_US}, [2, 3]),
        ({"since": US + HOUR_US}, []),
        ({"since": "", "service": "", "limit": ""}, [1, 2, 3]),
    ],
)
def test_finding(client: TestClient, params: dict[str, Any], expected: list[int]) -> None:
    assert [int(one["trace_id"], 16) for one in ask(client, **params)["traces"]] == expected


@pytest.mark.parametrize("duration_ns", [0, 300, 450, 999, 2_400])
def test_durations_below_a_microsecond(
    client: TestClient, store: TraceStore, duration_ns: int
) -> None:
    short = span("short", trace_id=b"s" * 16, duration_ns=duration_ns)
    store.add([resource_spans([short])])
    [listed] = [one for one in ask(client)["traces"] if one["name"] == "short"]
    assert listed["duration"] == duration_ns / 1_000


def test_what_has_arrived_since(client: TestClient, store: TraceStore, clock: Clock) -> None:
    since = ask(client)["since"]
    assert since == US - summaries._OVERLAP_NS // 1_000
    assert [one["name"] for one in ask(client, since=since)["traces"]] == ["GET /search"] * 3
    clock.us += 60 * SECOND_US
    later = clock.us
    store.add([resource_spans([span("new", trace_id=b"n" * 16)])])
    answer = ask(client, since=later)
    assert [one["name"] for one in answer["traces"]] == ["new"]
    assert answer["matching"] == 4


@pytest.mark.parametrize(
    "params", [{"errors": "x"}, {"since": "-1"}, {"since": "x"}, {"limit": "x"}, {"tags": "x"}]
)
def test_parameters_that_are_refused(client: TestClient, params: dict[str, Any]) -> None:
    assert client.get("/api/trace-summaries", params=params).status_code == 400


def test_a_store_that_is_off(client: TestClient) -> None:
    running_of(client.app).backend.trace_store = None
    response = client.get("/api/trace-summaries")
    assert response.status_code == 404
    assert response.json()["title"] == "The trace store is off"


def test_a_store_that_fails(
    client: TestClient, store: TraceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("/secret/path")

    monkeypatch.setattr(store, "_read", fail)
    response = client.get("/api/trace-summaries")
    assert response.status_code == 503
    assert "secret" not in response.text


def test_looking_at_traces_makes_none(client: TestClient) -> None:
    """The page asks again and again: what it is told must not be of its own asking."""
    client.get("/search", params={"q": "whale"})
    before = ask(client)
    assert before["traces"][0]["name"] == "GET /search"
    for path in ("trace-summaries", "traces", "services", f"traces/{'1' * 32}"):
        client.get(f"/api/{path}")
    assert ask(client)["matching"] == before["matching"]
