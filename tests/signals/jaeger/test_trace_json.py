import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span, Status

from gutenberg_explorer.signals import StoredTrace, envelope, to_jaeger
from gutenberg_explorer.signals.traces.tags import SPAN_TAGS
from tests.signals import strategies as made
from tests.signals.spans import TRACE_ID, resource_spans, span, text
from tests.soak import share_of


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
    root.events[0].dropped_attributes_count = 2
    link = root.links.add(trace_id=b"\x01" * 16, span_id=b"\x02" * 8, trace_state="a=b")
    link.attributes.append(text("k", "v"))
    link.dropped_attributes_count = 1
    link.flags = 0x301
    root.links.add()
    child = span("child", span_id=b"\xcd" * 8, parent=b"\xab" * 8, start_ns=start + 1, kind=0)
    backend = resource_spans([root], "search-backend", text("service.version", "1"))
    backend.scope_spans[0].scope.name = "gutenberg"
    backend.scope_spans[0].scope.version = "2"
    backend.scope_spans[0].scope.attributes.append(text("short", "yes"))
    backend.scope_spans[0].scope.dropped_attributes_count = 5
    backend.scope_spans[0].schema_url = "https://opentelemetry.io/schemas/1.27.0"
    backend.schema_url = "https://opentelemetry.io/schemas/1.28.0"
    backend.resource.dropped_attributes_count = 4
    trace_id = TRACE_ID.hex()
    assert to_jaeger(StoredTrace(TRACE_ID, [resource_spans([child], "other"), backend])) == {
        "traceID": trace_id,
        "warnings": None,
        "rootSpanID": "ab" * 8,
        "droppedSpansCount": 0,
        "conflictingSpansCount": 0,
        "unreadableSpansCount": 0,
        "processes": {
            "p1": {
                "serviceName": "other",
                "tags": [],
                "schemaUrl": "",
                "droppedAttributesCount": 0,
            },
            "p2": {
                "serviceName": "search-backend",
                "tags": [{"key": "service.version", "type": "string", "value": "1"}],
                "schemaUrl": "https://opentelemetry.io/schemas/1.28.0",
                "droppedAttributesCount": 4,
            },
        },
        "scopes": {
            "s1": {
                "name": "",
                "version": "",
                "attributes": [],
                "schemaUrl": "",
                "droppedAttributesCount": 0,
            },
            "s2": {
                "name": "gutenberg",
                "version": "2",
                "attributes": [{"key": "short", "type": "string", "value": "yes"}],
                "schemaUrl": "https://opentelemetry.io/schemas/1.27.0",
                "droppedAttributesCount": 5,
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
                        "name": "happened",
                        "timeUnixNano": "1800000000000000999",
                        "droppedAttributesCount": 2,
                    }
                ],
                "processID": "p2",
                "warnings": [
                    "3 events were dropped",
                    "2 attributes of events were dropped or clipped",
                    "1 attributes of links were dropped or clipped",
                ],
                "flags": 1,
                "kind": "server",
                "status": {"code": "error", "message": "no"},
                "startTimeUnixNano": "1800000000000000999",
                "durationNano": "1501",
                "scopeID": "s2",
                "traceState": "dd=s:1",
                "parentIsRemote": False,
                "links": [
                    {
                        "traceID": "01" * 16,
                        "spanID": "02" * 8,
                        "traceState": "a=b",
                        "attributes": [{"key": "k", "type": "string", "value": "v"}],
                        "droppedAttributesCount": 1,
                        "flags": 1,
                        "isRemote": True,
                    },
                    {
                        "traceID": "",
                        "spanID": "",
                        "traceState": "",
                        "attributes": [],
                        "droppedAttributesCount": 0,
                        "flags": 0,
                        "isRemote": None,
                    },
                ],
                "droppedAttributesCount": 0,
                "droppedEventsCount": 3,
                "droppedLinksCount": 0,
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
                "kind": "unspecified",
                "status": {"code": "unset", "message": ""},
                "startTimeUnixNano": "1800000000000001000",
                "durationNano": "1000000",
                "scopeID": "s1",
                "traceState": "",
                "parentIsRemote": None,
                "links": [],
                "droppedAttributesCount": 0,
                "droppedEventsCount": 0,
                "droppedLinksCount": 0,
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


def test_arrays_are_json_as_jaeger_writes_it() -> None:
    value = AnyValue()
    value.array_value.values.add(string_value="a")
    value.array_value.values.add(int_value=1)
    assert tag_of(value) == ("string", '["a",1]')


def test_a_trace_that_is_not_whole_warns() -> None:
    trace = to_jaeger(
        StoredTrace(
            TRACE_ID,
            [resource_spans([span()])],
            dropped_spans=7,
            conflicting_spans=2,
            unreadable_spans=1,
        )
    )
    assert trace["warnings"] == [
        "7 more spans were dropped: the trace is full",
        "2 spans were rejected: another span with the same id is already stored",
        "1 spans can't be read from the trace store",
    ]
    assert trace["droppedSpansCount"] == 7
    assert trace["conflictingSpansCount"] == 2
    assert trace["unreadableSpansCount"] == 1


def test_a_trace_without_spans_has_no_root() -> None:
    trace = to_jaeger(StoredTrace(TRACE_ID, [], unreadable_spans=1))
    assert (trace["spans"], trace["rootSpanID"]) == ([], None)


def test_a_parent_of_zeros_is_none() -> None:
    assert one_span(parent=b"\0" * 8)["references"] == []


def test_processes_are_shared_by_scopes() -> None:
    sent = [resource_spans([span()]), resource_spans([span()])]
    converted = to_jaeger(StoredTrace(TRACE_ID, sent))
    assert (list(converted["processes"]), list(converted["scopes"])) == (["p1"], ["s1"])


def test_schema_urls_tell_processes_and_scopes_apart() -> None:
    sent = [resource_spans([span()]), resource_spans([span()])]
    sent[1].schema_url = sent[1].scope_spans[0].schema_url = "https://example.org/1"
    converted = to_jaeger(StoredTrace(TRACE_ID, sent))
    assert [one["schemaUrl"] for one in converted["processes"].values()] == [
        "",
        "https://example.org/1",
    ]
    assert [one["schemaUrl"] for one in converted["scopes"].values()] == [
        "",
        "https://example.org/1",
    ]


@pytest.mark.parametrize("name", sorted(SPAN_TAGS))
def test_an_attribute_fakes_none_of_the_spans_fields(name: str) -> None:
    attribute = text(name, "of the sender")
    [tag] = one_span(attributes=[attribute], kind=0)["tags"]
    assert tag == {
        "key": f"attribute.{name}",
        "type": "string",
        "value": "of the sender",
        "name": name,
    }


def test_an_attribute_hides_none_of_the_spans_fields() -> None:
    converted = one_span(
        kind=Span.SPAN_KIND_CLIENT,
        status=Status(code=Status.STATUS_CODE_ERROR, message="deadline"),
        attributes=[
            text("error", "timeout"),
            text("span.kind", "banana"),
            text("otel.status_code", "OK"),
        ],
    )
    assert converted["kind"] == "client"
    assert converted["status"] == {"code": "error", "message": "deadline"}
    assert [(tag["key"], tag["value"]) for tag in converted["tags"]] == [
        ("attribute.error", "timeout"),
        ("attribute.span.kind", "banana"),
        ("attribute.otel.status_code", "OK"),
        ("span.kind", "client"),
        ("otel.status_code", "ERROR"),
        ("error", True),
        ("otel.status_description", "deadline"),
    ]


def test_a_status_of_ok_has_its_message() -> None:
    converted = one_span(status=Status(code=Status.STATUS_CODE_OK, message="fine"))
    assert converted["status"] == {"code": "ok", "message": "fine"}
    assert {"key": "otel.status_description", "type": "string", "value": "fine"} in converted[
        "tags"
    ]


def test_codes_and_kinds_that_otlp_does_not_define() -> None:
    # Enums are open: a newer sender may have more values.
    converted = one_span(kind=99, status=Status(code=77))  # type: ignore[arg-type]
    assert (converted["kind"], converted["status"]["code"]) == ("unspecified", "unset")
    assert converted["tags"] == []


def test_an_attribute_named_event_stands_beside_the_events_name() -> None:
    one = span()
    one.events.add(name="exception").attributes.append(text("event", "x"))
    one.events.add().attributes.append(text("k", "v"))
    [converted] = to_jaeger(StoredTrace(TRACE_ID, [resource_spans([one])]))["spans"]
    named, nameless = converted["logs"]
    assert named["name"] == "exception"
    assert named["fields"] == [
        {"key": "event", "type": "string", "value": "exception"},
        {"key": "attribute.event", "type": "string", "value": "x", "name": "event"},
    ]
    assert (nameless["name"], [field["key"] for field in nameless["fields"]]) == ("", ["k"])


def test_a_service_name_that_is_no_text_is_a_tag() -> None:
    sent = resource_spans([span()])
    sent.resource.attributes[0].value.int_value = 7
    process = to_jaeger(StoredTrace(TRACE_ID, [sent]))["processes"]["p1"]
    assert process["tags"] == [{"key": "service.name", "type": "int64", "value": 7}]


@pytest.mark.parametrize("duration_ns", [300, 450, 999, 0, -5])
def test_durations_below_a_microsecond(duration_ns: int) -> None:
    assert one_span(duration_ns=duration_ns)["durationNano"] == str(duration_ns)


def test_spans_are_in_the_order_of_their_nanoseconds() -> None:
    base = 1_800_000_000_000_000_000
    sent = [resource_spans([span(str(n), start_ns=base + n)]) for n in (300, 100, 200)]
    names = [one["operationName"] for one in to_jaeger(StoredTrace(TRACE_ID, sent))["spans"]]
    assert names == ["100", "200", "300"]


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


@settings(max_examples=share_of(240))
@given(made.many_resource_spans)
def test_any_trace_is_json(sent: list[ResourceSpans]) -> None:
    trace = to_jaeger(StoredTrace(TRACE_ID, sent))
    text_of_it = json.dumps(envelope([trace]), allow_nan=False)
    assert json.loads(text_of_it)["total"] == 1
