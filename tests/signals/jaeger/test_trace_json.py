import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span, Status

from gutenberg_explorer.signals import StoredTrace, envelope, to_jaeger
from tests.signals import strategies as made
from tests.signals.spans import TRACE_ID, resource_spans, span, text


def one_span(**fields: object) -> dict[str, Any]:
    sent = resource_spans([span(**fields)])  # type: ignore[arg-type]
    [converted] = to_jaeger(StoredTrace(TRACE_ID, [sent]))["spans"]
    assert isinstance(converted, dict)
    return converted


def test_a_whole_trace() -> None:
    start = 1_800_000_000_000_000_999
    root = span(
        "GET /search",
        span_id=b"\xab" * 8,
        start_ns=start,
        duration_ns=1_501,
        kind=Span.SPAN_KIND_SERVER,
        attributes=[
            text("search.query", "whale"),
            KeyValue(key="flag", value=AnyValue(bool_value=True)),
            KeyValue(key="count", value=AnyValue(int_value=18)),
            KeyValue(key="score", value=AnyValue(double_value=0.5)),
            KeyValue(key="raw", value=AnyValue(bytes_value=b"\0\xff")),
        ],
        status=Status(code=Status.STATUS_CODE_ERROR, message="no"),
    )
    root.trace_state = "dd=s:1"
    root.flags = 0x101
    root.dropped_events_count = 3
    root.events.add(name="happened", time_unix_nano=start).attributes.append(text("k", "v"))
    root.links.add(trace_id=b"\x01" * 16, span_id=b"\x02" * 8)
    root.links.add()
    child = span("child", span_id=b"\xcd" * 8, parent=b"\xab" * 8, start_ns=start + 1, kind=0)
    backend = resource_spans([root], "search-backend", text("service.version", "1"))
    backend.scope_spans[0].scope.name = "gutenberg"
    backend.scope_spans[0].scope.version = "2"
    trace_id = TRACE_ID.hex()
    assert to_jaeger(StoredTrace(TRACE_ID, [resource_spans([child], "other"), backend])) == {
        "traceID": trace_id,
        "warnings": None,
        "processes": {
            "p1": {"serviceName": "other", "tags": []},
            "p2": {
                "serviceName": "search-backend",
                "tags": [{"key": "service.version", "type": "string", "value": "1"}],
            },
        },
        "spans": [
            {
                "traceID": trace_id,
                "spanID": "ab" * 8,
                "operationName": "GET /search",
                "references": [
                    {"refType": "FOLLOWS_FROM", "traceID": "01" * 16, "spanID": "02" * 8}
                ],
                "startTime": 1_800_000_000_000_000,
                "duration": 2,
                "tags": [
                    {"key": "search.query", "type": "string", "value": "whale"},
                    {"key": "flag", "type": "bool", "value": True},
                    {"key": "count", "type": "int64", "value": 18},
                    {"key": "score", "type": "float64", "value": 0.5},
                    {"key": "raw", "type": "binary", "value": "AP8="},
                    {"key": "span.kind", "type": "string", "value": "server"},
                    {"key": "otel.status_code", "type": "string", "value": "ERROR"},
                    {"key": "error", "type": "bool", "value": True},
                    {"key": "otel.status_description", "type": "string", "value": "no"},
                    {"key": "otel.scope.name", "type": "string", "value": "gutenberg"},
                    {"key": "otel.scope.version", "type": "string", "value": "2"},
                    {"key": "w3c.tracestate", "type": "string", "value": "dd=s:1"},
                ],
                "logs": [
                    {
                        "timestamp": 1_800_000_000_000_000,
                        "fields": [
                            {"key": "event", "type": "string", "value": "happened"},
                            {"key": "k", "type": "string", "value": "v"},
                        ],
                    }
                ],
                "processID": "p2",
                "warnings": ["3 events were dropped"],
                "flags": 1,
            },
            {
                "traceID": trace_id,
                "spanID": "cd" * 8,
                "operationName": "child",
                "references": [{"refType": "CHILD_OF", "traceID": trace_id, "spanID": "ab" * 8}],
                "startTime": 1_800_000_000_000_001,
                "duration": 1_000,
                "tags": [],
                "logs": [],
                "processID": "p1",
                "warnings": None,
                "flags": 0,
            },
        ],
    }


def tag_of(value: AnyValue) -> object:
    converted = one_span(attributes=[KeyValue(key="k", value=value)], kind=0)
    [tag] = converted["tags"]
    return tag["type"], tag["value"]


def test_values_that_json_cannot_hold() -> None:
    assert tag_of(AnyValue(int_value=2**53)) == ("int64", "9007199254740992")
    assert tag_of(AnyValue(int_value=-(2**53) + 1)) == ("int64", -(2**53) + 1)
    assert tag_of(AnyValue(double_value=float("nan"))) == ("string", "nan")
    assert tag_of(AnyValue()) == ("string", "")


def test_arrays_and_maps_are_json() -> None:
    value = AnyValue()
    items = value.array_value.values
    items.add(string_value="ä")
    items.add(double_value=float("inf"))
    items.add(bytes_value=b"\0")
    items.add()
    items.add().kvlist_value.values.add(key="n").value.int_value = 1
    assert tag_of(value) == ("string", '["ä", "inf", "AA==", null, {"n": 1}]')


def test_a_full_trace_warns() -> None:
    trace = to_jaeger(StoredTrace(TRACE_ID, [resource_spans([span()])], dropped_spans=7))
    assert trace["warnings"] == ["7 more spans were dropped: the trace is full"]


def test_a_parent_of_zeros_is_none() -> None:
    assert one_span(parent=b"\0" * 8)["references"] == []


def test_processes_are_shared_by_scopes() -> None:
    sent = [resource_spans([span()]), resource_spans([span()])]
    assert list(to_jaeger(StoredTrace(TRACE_ID, sent))["processes"]) == ["p1"]


@given(st.data())
def test_rounding_moves_no_child_out_of_its_parent(data: st.DataObject) -> None:
    base = 1_800_000_000_000_000_000
    parent = sorted(data.draw(st.lists(st.integers(0, 9_999), min_size=2, max_size=2)))
    child = sorted(data.draw(st.lists(st.integers(*parent), min_size=2, max_size=2)))
    spans = [
        span(start_ns=base + a, duration_ns=b - a, name=name)
        for name, (a, b) in (("parent", parent), ("child", child))
    ]
    converted = to_jaeger(StoredTrace(TRACE_ID, [resource_spans(spans)]))["spans"]
    by_name = {one["operationName"]: one for one in converted}
    outer, inner = by_name["parent"], by_name["child"]
    assert outer["startTime"] <= inner["startTime"]
    assert inner["startTime"] + inner["duration"] <= outer["startTime"] + outer["duration"]


@settings(max_examples=12, deadline=None)
@given(made.many_resource_spans)
def test_any_trace_is_json(sent: list[ResourceSpans]) -> None:
    trace = to_jaeger(StoredTrace(TRACE_ID, sent))
    text_of_it = json.dumps(envelope([trace]), allow_nan=False)
    assert json.loads(text_of_it)["total"] == 1
