import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span, Status

from gutenberg_explorer.api import jaeger_schemas, jaeger_v3, problems
from gutenberg_explorer.api import traces as routes
from gutenberg_explorer.api.jaeger_v3_schemas import V3TracesResult, V3TraceSummaries
from gutenberg_explorer.signals import StoreError, TraceStore
from tests.api import jaeger_readers as readers
from tests.api.part_of_backend import install, part_of_backend, running_of
from tests.signals import strategies as made
from tests.signals.spans import SECOND, resource_spans, span, text
from tests.soak import share_of

NOW = time.time_ns() // SECOND * SECOND
MS = 1_000_000
FAILED = Status(code=Status.STATUS_CODE_ERROR, message="deadline")


def app_over(store: TraceStore) -> FastAPI:
    app = FastAPI()
    problems.install(app)
    app.include_router(routes.router)
    app.include_router(jaeger_v3.router)
    install(app, part_of_backend(trace_store=store))
    return app


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TraceStore]:
    store = TraceStore(tmp_path / "traces.db")
    yield store
    store.close()


@pytest.fixture
def client(store: TraceStore) -> Iterator[TestClient]:
    with TestClient(app_over(store)) as client:
        yield client


def trace_id(number: int) -> bytes:
    return number.to_bytes(16, "big")


def get(client: TestClient, path: str, **params: Any) -> Any:
    response = client.get(path, params=params)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.fixture
def shop(store: TraceStore) -> None:
    """Trace 1: a shop asks the bank twice, once in vain; trace 2 an hour before: the shop alone."""
    order = span("POST /order", trace_id=trace_id(1), span_id=b"o" * 8, start_ns=NOW, kind=2)
    asks = [
        span(
            "charge",
            trace_id=trace_id(1),
            span_id=bytes([n]) * 8,
            parent=b"o" * 8,
            start_ns=NOW,
            kind=3,
        )
        for n in (1, 2)
    ]
    charges = [
        span(
            "POST /charge",
            trace_id=trace_id(1),
            parent=bytes([n]) * 8,
            start_ns=NOW + MS,
            kind=2,
            status=FAILED if n == 2 else None,
            attributes=[text("error", "timeout"), text("span.kind", "banana")],
        )
        for n in (1, 2)
    ]
    charges[0].trace_state = "a=b"
    lost = span("lost", trace_id=trace_id(1), parent=b"?" * 8, start_ns=NOW + 2 * MS)
    store.add([resource_spans([order, *asks], "shop"), resource_spans([*charges, lost], "bank")])
    early = span("GET /shelf", trace_id=trace_id(2), start_ns=NOW - 3_600 * SECOND)
    store.add([resource_spans([early], "shop")])


# --- Grafana


@pytest.mark.usefixtures("shop")
def test_grafana_reads_services_and_operations(client: TestClient) -> None:
    for path, names in (
        ("/api/services", ["bank", "shop"]),
        ("/api/services/bank/operations", ["POST /charge", "lost"]),
    ):
        answer = get(client, path)
        readers.decode_as_go(answer, readers.envelope([str]))
        assert answer["data"] == names


@pytest.mark.usefixtures("shop")
def test_grafana_reads_a_search_and_a_trace(client: TestClient) -> None:
    search = get(
        client,
        "/api/traces",
        service="shop",
        operation="",
        limit=20,
        start=(NOW - SECOND) // 1_000,
        end=(NOW + SECOND) // 1_000,
        minDuration="0",
        maxDuration="1h30m",
    )
    one = get(client, f"/api/traces/{trace_id(1).hex()}", start=1, end=2)
    for answer in (search, one):
        readers.decode_as_go(answer, readers.envelope([readers.GRAFANA_TRACE]))
        readers.decode_as_go(answer, readers.envelope([readers.JAEGER_TRACE]))
    assert search["data"] == one["data"]
    rows = readers.shown_by_grafana(one["data"][0])
    assert sum(row["failed"] for row in rows) == 1
    assert [row["parentSpanID"] for row in rows].count(None) == 1


@pytest.mark.usefixtures("shop")
def test_grafana_reads_the_graph_of_services(client: TestClient) -> None:
    answer = get(client, "/api/dependencies", endTs=NOW // MS + 1_000, lookback=3_600_000)
    link = readers.Fields(parent=str, child=str, callCount=int)
    readers.decode_as_go(answer, readers.envelope([link]))
    assert answer["data"] == [{"parent": "shop", "child": "bank", "callCount": 2}]


@pytest.mark.parametrize(
    ("params", "calls"),
    [
        ({}, 2),
        ({"endTs": "", "lookback": ""}, 2),
        ({"endTs": NOW // MS, "lookback": 1_000}, 2),
        ({"endTs": NOW // MS - 1, "lookback": 60_000}, 0),
        ({"endTs": NOW // MS + 60_000, "lookback": 1}, 0),
        ({"service": "bank"}, 2),
        ({"service": "nobody"}, 0),
    ],
)
@pytest.mark.usefixtures("shop")
def test_which_calls_are_counted(client: TestClient, params: dict[str, Any], calls: int) -> None:
    links = get(client, "/api/dependencies", **params)["data"]
    assert sum(link["callCount"] for link in links) == calls


def test_a_graph_without_calls_is_an_empty_array(client: TestClient) -> None:
    assert get(client, "/api/dependencies")["data"] == []


@pytest.mark.parametrize(
    "params", [{"endTs": "x"}, {"lookback": "1h"}, {"endTs": "-1"}, {"lookback": 2**50}]
)
def test_bounds_of_the_graph_that_are_refused(client: TestClient, params: dict[str, Any]) -> None:
    assert client.get("/api/dependencies", params=params).status_code == 400


# --- Jaeger's page


@pytest.mark.usefixtures("shop")
def test_jaegers_page_draws_a_trace(client: TestClient) -> None:
    [trace] = get(client, "/api/traces/1")["data"]
    rows = readers.shown_by_jaeger_ui(trace)
    assert len(rows) == 6
    assert sorted(depth for depth, _ in rows) == [0, 0, 1, 1, 2, 2]


@pytest.mark.usefixtures("shop")
def test_jaegers_page_reads_services_and_operations(client: TestClient) -> None:
    assert get(client, "/api/v3/services") == {"services": ["bank", "shop"]}
    expected = [
        {"name": "POST /charge", "spanKind": "server"},
        {"name": "lost", "spanKind": "internal"},
    ]
    assert get(client, "/api/v3/operations", service="bank") == {"operations": expected}
    for name in ("spanKind", "span_kind"):
        answer = get(client, "/api/v3/operations", **{"service": "bank", name: "server"})
        assert answer == {"operations": expected[:1]}
    assert get(client, "/api/v3/operations", service="") == {"operations": []}


def test_a_kind_that_was_not_given_is_internal(client: TestClient, store: TraceStore) -> None:
    store.add([resource_spans([span("x", kind=0)], "s")])
    answer = get(client, "/api/v3/operations", service="s", spanKind="internal")
    assert answer == {"operations": [{"name": "x", "spanKind": "internal"}]}


@pytest.mark.usefixtures("shop")
def test_jaegers_page_lists_traces(client: TestClient) -> None:
    answer = get(client, "/api/v3/trace-summaries")
    V3TraceSummaries.model_validate(answer)
    readers.check_v3_summaries(answer)
    first, second = answer["summaries"]
    assert first == {
        "traceId": trace_id(1).hex(),
        "rootServiceName": "shop",
        "rootOperationName": "POST /order",
        "minStartTimeUnixNano": str(NOW),
        "maxEndTimeUnixNano": str(NOW + 3 * MS),
        "spanCount": 6,
        "errorSpanCount": 1,
        "orphanSpanCount": 1,
        "services": [
            {"name": "shop", "spanCount": 3, "errorSpanCount": 0},
            {"name": "bank", "spanCount": 3, "errorSpanCount": 1},
        ],
    }
    assert second["traceId"] == trace_id(2).hex()


def rfc3339(ns: int) -> str:
    second, rest = divmod(ns, SECOND)
    return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%S}.{rest:09d}Z"


SEARCHES: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [1, 2]),
    ({"query.serviceName": "bank"}, [1]),
    ({"query.service_name": "shop"}, [1, 2]),
    ({"query.operationName": "GET /shelf"}, [2]),
    ({"query.operation_name": "GET /shelf"}, [2]),
    ({"query.span_name": "GET /shelf"}, [2]),
    ({"query.serviceName": "shop", "query.startTimeMin": rfc3339(NOW - SECOND)}, [1]),
    ({"query.serviceName": "shop", "query.start_time_max": rfc3339(NOW - 1)}, [2]),
    ({"query.startTimeMin": rfc3339(NOW + 2 * MS), "query.serviceName": "bank"}, [1]),
    ({"query.searchDepth": "1"}, [1]),
    ({"query.search_depth": "1"}, [1]),
    ({"query.num_traces": "1"}, [1]),
    ({"query.num_traces": "5000"}, [1, 2]),
    ({"query.attributes": '{"error":"true"}'}, [1]),
    ({"query.attributes": '{"attribute.error":"timeout"}'}, [1]),
    ({"query.durationMin": "1ms", "query.durationMax": "1ms", "query.serviceName": "shop"}, [1, 2]),
    ({"query.duration_min": "2h"}, []),
    ({"query.rawTraces": "true", "query.serviceName": "", "query.searchDepth": ""}, [1, 2]),
]


@pytest.mark.parametrize(("params", "expected"), SEARCHES)
@pytest.mark.usefixtures("shop")
def test_searching_by_v3(client: TestClient, params: dict[str, str], expected: list[int]) -> None:
    answer = get(client, "/api/v3/trace-summaries", **params)
    assert [int(one["traceId"], 16) for one in answer["summaries"]] == expected
    response = client.get("/api/v3/traces", params=params)
    if not expected:
        assert response.status_code == 404
        return
    V3TracesResult.model_validate(response.json())
    spans = list(readers.check_v3_trace(response.json()))
    assert list(dict.fromkeys(int(one["traceId"], 16) for one in spans)) == expected


@pytest.mark.parametrize(
    "params",
    [
        {"query.startTimeMin": "NaN"},
        {"query.start_time_max": "2026-01-24"},
        {"query.searchDepth": "x"},
        {"query.durationMin": "-1s"},
        {"query.duration_max": "x"},
        {"query.attributes": "x"},
        {"query.attributes": '{"a":[]}'},
        {"query.serviceName": "x" * 1_025},
    ],
)
@pytest.mark.parametrize("path", ["/api/v3/traces", "/api/v3/trace-summaries"])
def test_parameters_of_v3_that_are_refused(
    client: TestClient, path: str, params: dict[str, str]
) -> None:
    response = client.get(path, params=params)
    assert response.status_code == 400
    problem = response.json()
    assert problem["errors"] == [{"code": 400, "msg": problem["detail"]}]


@pytest.mark.usefixtures("shop")
def test_one_trace_by_v3(client: TestClient) -> None:
    answer = get(client, f"/api/v3/traces/{trace_id(1).hex()}")
    assert len(list(readers.check_v3_trace(answer))) == 6
    assert client.get("/api/v3/traces/9").status_code == 404
    assert client.get("/api/v3/traces/x").status_code == 400


def test_values_that_jaegers_page_refuses_are_written_in_another_way(
    client: TestClient, store: TraceStore
) -> None:
    odd = AnyValue()
    odd.array_value.values.add()
    odd.array_value.values.add(double_value=float("nan"))
    odd.kvlist_value.values.add()
    one = span(
        trace_id=trace_id(1),
        parent=b"\0" * 8,
        start_ns=0,
        duration_ns=0,
        attributes=[
            KeyValue(key="unset", value=AnyValue()),
            KeyValue(key="missing"),
            KeyValue(key="", value=AnyValue(double_value=float("-inf"))),
            KeyValue(key="odd", value=odd),
        ],
    )
    one.kind = Span.SpanKind.ValueType(-3)
    one.status.code = Status.StatusCode.ValueType(-1)
    one.links.add()
    one.events.add().attributes.add(key="unset")
    sent = resource_spans([one], "s", KeyValue(key="unset"))
    sent.scope_spans[0].scope.attributes.add(key="unset")
    store.add([sent])
    [shown] = readers.check_v3_trace(get(client, "/api/v3/traces/1"))
    assert shown["attributes"][:3] == [
        {"key": "unset", "value": {"stringValue": ""}},
        {"key": "missing", "value": {"stringValue": ""}},
        {"key": "", "value": {"stringValue": "-Infinity"}},
    ]
    assert "parentSpanId" not in shown
    assert shown["links"] == []


PATHS = [
    "dependencies",
    "v3/services",
    "v3/operations?service=x",
    "v3/traces",
    "v3/traces/1",
    "v3/trace-summaries",
]


@pytest.mark.parametrize("path", PATHS)
def test_a_store_that_is_off_or_fails(
    client: TestClient, store: TraceStore, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("/secret/path")

    monkeypatch.setattr(store, "_read", fail)
    response = client.get(f"/api/{path}")
    assert (response.status_code, response.headers["retry-after"]) == (503, "5")
    assert "secret" not in response.text
    running_of(client.app).backend.trace_store = None
    assert client.get(f"/api/{path}").status_code == 404


# --- whatever was sent


@settings(max_examples=share_of(500), suppress_health_check=list(HealthCheck))
@given(made.many_resource_spans)
def test_every_reader_takes_whatever_was_sent(
    tmp_path_factory: pytest.TempPathFactory, sent: list[ResourceSpans]
) -> None:
    store = TraceStore(tmp_path_factory.mktemp("store") / "traces.db")
    store.add(sent)
    with TestClient(app_over(store)) as client:
        answer = get(client, "/api/traces")
        jaeger_schemas.Traces.model_validate(answer, strict=True)
        readers.decode_as_go(answer, readers.envelope([readers.GRAFANA_TRACE]))
        readers.decode_as_go(answer, readers.envelope([readers.JAEGER_TRACE]))
        for trace in answer["data"]:
            readers.shown_by_grafana(trace)
            readers.shown_by_jaeger_ui(trace)
            failed = {
                span["spanID"] for span in trace["spans"] if span["status"]["code"] == "error"
            }
            red = {row["spanID"] for row in readers.shown_by_grafana(trace) if row["failed"]}
            assert red == failed
        listed = get(client, "/api/v3/trace-summaries")
        readers.check_v3_summaries(listed)
        assert len(listed["summaries"]) == len(answer["data"])
        for one in listed["summaries"]:
            spans = list(readers.check_v3_trace(get(client, f"/api/v3/traces/{one['traceId']}")))
            assert len(spans) == one["spanCount"]
        get(client, "/api/dependencies", endTs=2**43)
    store.close()


def keys_of(model: Any) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def test_an_answer_has_the_fields_that_are_described_and_no_others(
    client: TestClient, store: TraceStore
) -> None:
    one = span(trace_id=trace_id(1), attributes=[text("error", "x")])
    one.events.add(name="e")
    one.links.add(trace_id=trace_id(2), span_id=b"2" * 8)
    store.add([resource_spans([one])])
    [trace] = get(client, "/api/traces/1")["data"]
    [shown] = trace["spans"]
    for part, model in (
        (trace, jaeger_schemas.Trace),
        (shown, jaeger_schemas.Span),
        (shown["tags"][0], jaeger_schemas.Tag),
        (shown["logs"][0], jaeger_schemas.Log),
        (shown["links"][0], jaeger_schemas.Link),
        (shown["status"], jaeger_schemas.Status),
        (trace["processes"]["p1"], jaeger_schemas.Process),
        (trace["scopes"]["s1"], jaeger_schemas.Scope),
    ):
        assert set(part) == keys_of(model)
