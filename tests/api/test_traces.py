import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span, Status

from gutenberg_explorer.api import jaeger_schemas, otlp_receiver, problems
from gutenberg_explorer.api import traces as routes
from gutenberg_explorer.signals import Added, Limits, StoreError, TraceStore
from gutenberg_explorer.signals.otlp.body import JSON
from tests.api.part_of_backend import install, part_of_backend, running_of
from tests.signals.spans import SECOND, in_pieces, resource_spans, span, text
from tests.soak import share_of

NOW = time.time_ns() // SECOND * SECOND


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TraceStore]:
    store = TraceStore(tmp_path / "traces.db", Limits(max_spans_per_trace=5))
    yield store
    store.close()


@pytest.fixture
def app(store: TraceStore) -> FastAPI:
    app = FastAPI()
    problems.install(app)
    app.include_router(routes.router)
    install(app, part_of_backend(trace_store=store))
    return app


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client


def trace_id(number: int) -> bytes:
    return number.to_bytes(16, "big")


@pytest.fixture
def three(store: TraceStore) -> None:
    """Traces 1 to 3, started 1 to 3 hours ago, of 1 to 3 ms."""
    for number in (1, 2, 3):
        root = span(
            "GET /search",
            trace_id=trace_id(number),
            start_ns=NOW - number * 3_600 * SECOND,
            duration_ns=number * 1_000_000,
            kind=Span.SPAN_KIND_SERVER,
            attributes=[text("search.query", f"whale:{number}")],
            status=Status(code=Status.STATUS_CODE_ERROR) if number == 2 else None,
        )
        child = span("search_api", trace_id=trace_id(number), parent=root.span_id, start_ns=NOW)
        store.add(
            [
                resource_spans([root, child]),
                resource_spans(
                    [span("http_request", trace_id=trace_id(number), start_ns=NOW)],
                    "search-frontend",
                ),
            ]
        )


def ids(client: TestClient, **params: Any) -> list[int]:
    response = client.get("/api/traces", params=params)
    assert response.status_code == 200, response.text
    jaeger_schemas.Traces.model_validate(response.json())
    return [int(trace["traceID"], 16) for trace in response.json()["data"]]


US = NOW // 1_000


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, [1, 2, 3]),
        ({"limit": "1"}, [1]),
        ({"limit": "0"}, [1]),
        ({"limit": "-5"}, [1]),
        ({"limit": "100000000000000000000"}, [1, 2, 3]),
        ({"service": "search-backend"}, [1, 2, 3]),
        ({"service": "nobody"}, []),
        ({"service": "search-backend", "operation": "GET /search"}, [1, 2, 3]),
        ({"operation": "http_request", "service": "search-backend"}, []),
        ({"tags": '{"search.query":"whale:2"}'}, [2]),
        ({"tag": "search.query:whale:3"}, [3]),
        ({"tag": ["error:true", "span.kind:server"]}, [2]),
        ({"operation": "GET /search", "minDuration": "2ms"}, [2, 3]),
        ({"operation": "GET /search", "maxDuration": "2000us"}, [1, 2]),
        ({"operation": "GET /search", "lookback": "150m"}, [1, 2]),
        ({"operation": "GET /search", "lookback": "2h30m"}, [1, 2]),
        ({"operation": "GET /search", "lookback": "0"}, []),
        ({"operation": "GET /search", "minDuration": ".002s"}, [2, 3]),
        ({"operation": "GET /search", "minDuration": "0"}, [1, 2, 3]),
        ({"operation": "GET /search", "lookback": "custom"}, [1, 2, 3]),
        ({"operation": "GET /search", "start": US - 2 * 3_600 * 10**6, "lookback": "1h"}, [1, 2]),
        ({"operation": "GET /search", "end": US - 2 * 3_600 * 10**6}, [2, 3]),
        ({"traceID": ["2", "1".zfill(32), "9"]}, [2, 1]),
        (
            dict.fromkeys(
                [
                    "service",
                    "operation",
                    "tags",
                    "start",
                    "end",
                    "lookback",
                    "limit",
                    "minDuration",
                    "maxDuration",
                ],
                "",
            ),
            [1, 2, 3],
        ),
    ],
)
@pytest.mark.usefixtures("three")
def test_finding_traces(client: TestClient, params: dict[str, Any], expected: list[int]) -> None:
    assert ids(client, **params) == expected


@pytest.mark.parametrize(
    "params",
    [
        {"limit": "x"},
        {"limit": "1.5"},
        {"start": "-1"},
        {"start": "x"},
        {"end": "9" * 30},
        {"minDuration": "1"},
        {"minDuration": "-1s"},
        {"minDuration": "-1h30m"},
        {"maxDuration": "x" * 50},
        {"lookback": "yesterday"},
        {"tags": "x"},
        {"tags": "[]"},
        {"tags": '{"a":' + '"' + "x" * 9_000 + '"}'},
        {"tag": "x"},
        {"tag": [f"{n}:x" for n in range(17)]},
        {"traceID": "x"},
        {"traceID": ["1"] * 101},
        {"service": "x" * 1_025},
        {"operation": "x" * 1_025},
    ],
)
def test_parameters_that_are_refused(client: TestClient, params: dict[str, Any]) -> None:
    response = client.get("/api/traces", params=params)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"


@settings(max_examples=share_of(600), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "service",
                "operation",
                "tags",
                "tag",
                "start",
                "end",
                "lookback",
                "limit",
                "minDuration",
                "maxDuration",
                "traceID",
            ]
        ),
        st.text(max_size=10) | st.integers().map(str) | st.sampled_from(["1s", '{"a":"b"}', "1:2"]),
        max_size=4,
    )
)
def test_any_question_is_answered(client: TestClient, params: dict[str, str]) -> None:
    response = client.get("/api/traces", params=params)
    assert response.status_code in (200, 400)


@pytest.mark.usefixtures("three")
def test_one_trace(client: TestClient) -> None:
    answer: dict[str, Any] = {}
    for text_of_id in ("2", "0002", trace_id(2).hex()):
        response = client.get(f"/api/traces/{text_of_id}")
        assert response.status_code == 200
        answer = response.json()
        jaeger_schemas.Traces.model_validate(answer)
        [trace] = answer["data"]
        assert trace["traceID"] == trace_id(2).hex()
        assert len(trace["spans"]) == 3
        assert {p["serviceName"] for p in trace["processes"].values()} == {
            "search-backend",
            "search-frontend",
        }
    assert {k: v for k, v in answer.items() if k != "data"} == {
        "total": 1,
        "limit": 0,
        "offset": 0,
        "errors": None,
    }


def test_a_trace_that_was_too_long_warns(client: TestClient, store: TraceStore) -> None:
    store.add([resource_spans([span(trace_id=trace_id(5)) for _ in range(9)])])
    [trace] = client.get("/api/traces/5").json()["data"]
    assert trace["warnings"] == ["4 more spans were dropped: the trace is full"]


@pytest.mark.parametrize(
    ("path", "status"),
    [("abc", 404), ("0", 404), ("xyz", 400), ("0" * 33, 400), ("1" * 65, 400), ("%00", 400)],
)
def test_traces_that_are_not_there(client: TestClient, path: str, status: int) -> None:
    response = client.get(f"/api/traces/{path}")
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.usefixtures("three")
def test_services_and_operations(client: TestClient) -> None:
    services = client.get("/api/services").json()
    assert services == {
        "data": ["search-backend", "search-frontend"],
        "total": 2,
        "limit": 0,
        "offset": 0,
        "errors": None,
    }
    names = client.get("/api/services/search-backend/operations").json()["data"]
    assert names == ["GET /search", "search_api"]
    both = client.get("/api/operations", params={"service": "search-backend"}).json()["data"]
    assert both == [
        {"name": "GET /search", "spanKind": "server"},
        {"name": "search_api", "spanKind": "internal"},
    ]
    one = client.get("/api/operations?service=search-backend&spanKind=server").json()["data"]
    assert one == both[:1]
    assert client.get("/api/operations?service=search-backend&spanKind=").json()["data"] == both
    assert client.get("/api/services/nobody/operations").json()["data"] == []


def test_a_service_with_a_slash(client: TestClient, store: TraceStore) -> None:
    store.add([resource_spans([span("x")], "team/shop")])
    assert client.get("/api/services/team%2Fshop/operations").json()["data"] == ["x"]


@pytest.mark.parametrize(
    "query", ["", "?service=", "?service=x&spanKind=nothing", f"?service={'x' * 1_025}"]
)
def test_operations_that_are_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/api/operations{query}").status_code == 400


def test_ones_own_spans_are_there(app: FastAPI, client: TestClient, store: TraceStore) -> None:
    running_of(app).backend.tracing.flush = lambda: store.add(  # type: ignore[assignment, method-assign]
        [resource_spans([span(trace_id=trace_id(1))])]
    )
    assert client.get("/api/traces/1").status_code == 200


PATHS = ["traces", "traces/1", "traces?traceID=1", "services", "services/x/operations"]


@pytest.mark.parametrize("path", [*PATHS, "operations?service=x"])
def test_a_store_that_is_off(app: FastAPI, client: TestClient, path: str) -> None:
    running_of(app).backend.trace_store = None
    response = client.get(f"/api/{path}")
    assert response.status_code == 404
    assert response.json()["title"] == "The trace store is off"
    assert "OpenTelemetry endpoint" in response.json()["detail"]


@pytest.mark.parametrize("path", [*PATHS, "operations?service=x"])
def test_a_store_that_fails(
    client: TestClient, store: TraceStore, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("/secret/path")

    monkeypatch.setattr(store, "_read", fail)
    response = client.get(f"/api/{path}")
    assert response.status_code == 503
    assert "secret" not in response.text
    assert response.headers["retry-after"] == "5"


def test_the_description(app: FastAPI) -> None:
    described = app.openapi()
    assert {
        "/api/traces",
        "/api/traces/{trace_id}",
        "/api/services",
        "/api/operations",
    } <= described["paths"].keys()
    assert {"Trace", "Span", "Process", "Tag"} <= described["components"]["schemas"].keys()


def _keep(store: TraceStore, spans: list[ResourceSpans], *, from_page: bool) -> Added:
    assert not from_page
    return store.add(spans)


def test_a_trace_as_otlp_is_what_the_door_takes(
    app: FastAPI, client: TestClient, store: TraceStore, three: None, tmp_path: Path
) -> None:
    answer = client.get("/api/traces/2/otlp")
    assert answer.headers["content-type"] == "application/json"
    other = TraceStore(tmp_path / "other.db")
    app.include_router(otlp_receiver.router)
    install(app, part_of_backend(admit_spans=partial(_keep, other)))
    taken = client.post("/v1/traces", content=answer.content, headers={"content-type": JSON})
    assert taken.json() == {}
    sent, kept = store.trace(trace_id(2)), other.trace(trace_id(2))
    other.close()
    assert sent
    assert kept
    assert sent.span_count == 3
    assert in_pieces(kept.resource_spans) == in_pieces(sent.resource_spans)


def test_a_trace_as_otlp_that_is_not_there(client: TestClient) -> None:
    assert client.get("/api/traces/7/otlp").status_code == 404
    assert client.get("/api/traces/x/otlp").status_code == 400
