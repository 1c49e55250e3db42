import contextlib
import gzip
import json
import math
import zlib
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span

from gutenberg_explorer.signals import (
    DecodeLimits,
    MalformedError,
    OtlpError,
    Outcome,
    StoredTrace,
    TooLargeError,
    UnsupportedMediaError,
    media_type,
    to_otlp,
)
from gutenberg_explorer.signals.otlp.protobuf_reader import TOO_MANY_PIECES, UNREADABLE
from tests.signals import strategies as made
from tests.signals.otlp.decoding import parts_of, whole
from tests.signals.otlp.protobuf_json import to_json
from tests.signals.spans import TRACE_ID, request, resource_spans, span, text
from tests.soak import share_of

PROTOBUF = "application/x-protobuf"
JSON = "application/json"


def in_json(**fields: Any) -> bytes:
    """Return a request of one span with these fields."""
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [fields]}]}]}).encode()


def decoded(**fields: Any) -> Any:
    return whole(in_json(**fields), JSON, "").resource_spans[0].scope_spans[0].spans[0]


def valued(value: Any) -> Any:
    return decoded(attributes=[{"key": "k", "value": value}]).attributes[0].value


@settings(max_examples=share_of(300))
@given(made.many_resource_spans)
def test_both_forms_carry_the_same(sent: list[ResourceSpans]) -> None:
    message = ExportTraceServiceRequest(resource_spans=sent)
    body = message.SerializeToString()
    assert whole(body, PROTOBUF, "") == message
    assert whole(gzip.compress(body), PROTOBUF, "gzip") == message
    read = whole(to_json(message), JSON, "identity")
    assert spans_in_order(read.resource_spans) == spans_in_order(sent)


@settings(max_examples=share_of(2_000))
@given(
    st.binary(max_size=200),
    st.sampled_from([PROTOBUF, JSON]),
    st.sampled_from(["", "gzip"]),
)
def test_any_bytes_are_decoded_or_refused(body: bytes, media: str, encoding: str) -> None:
    with contextlib.suppress(OtlpError):
        whole(body, media, encoding)


KEYS = [
    "resourceSpans",
    "scopeSpans",
    "spans",
    "traceId",
    "kind",
    "status",
    "code",
    "attributes",
    "key",
    "value",
    "flags",
    "stringValue",
    "intValue",
    "doubleValue",
    "bytesValue",
    "arrayValue",
    "values",
    "events",
    "links",
]


@given(made.many_resource_spans)
def test_what_is_written_is_read_again(sent: list[ResourceSpans]) -> None:
    body = json.dumps(to_otlp(StoredTrace(TRACE_ID, sent))).encode()
    assert spans_in_order(whole(body, JSON, "").resource_spans) == spans_in_order(sent)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_numbers_that_json_has_not_are_read_again(value: float) -> None:
    sent = span(attributes=[KeyValue(key="ratio", value=AnyValue(double_value=value))])
    body = json.dumps(to_otlp(StoredTrace(TRACE_ID, [resource_spans([sent])])), allow_nan=False)
    read = whole(body.encode(), JSON, "").resource_spans[0].scope_spans[0].spans[0]
    assert repr(read.attributes[0].value.double_value) == repr(value)


def test_the_form_is_otlps() -> None:
    sent = span(
        "GET /",
        span_id=b"\xab" * 8,
        start_ns=1_800_000_000_000_000_001,
        kind=Span.SPAN_KIND_SERVER,
        attributes=[
            KeyValue(key="count", value=AnyValue(int_value=2**60)),
            KeyValue(key="raw", value=AnyValue(bytes_value=b"\0\xff")),
            KeyValue(key="empty", value=AnyValue(string_value="")),
        ],
    )
    [written] = to_otlp(StoredTrace(TRACE_ID, [resource_spans([sent])]))["resourceSpans"]
    assert written["scopeSpans"][0]["spans"] == [
        {
            "traceId": TRACE_ID.hex(),
            "spanId": "ab" * 8,
            "name": "GET /",
            "kind": 2,
            "startTimeUnixNano": "1800000000000000001",
            "endTimeUnixNano": "1800000000001000001",
            "attributes": [
                {"key": "count", "value": {"intValue": str(2**60)}},
                {"key": "raw", "value": {"bytesValue": "AP8="}},
                {"key": "empty", "value": {"stringValue": ""}},
            ],
        }
    ]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=share_of(1_000))
@given(json_values)
def test_any_json_is_decoded_or_refused(value: Any) -> None:
    for document in (value, {"resourceSpans": [{"scopeSpans": [{"spans": [value]}]}]}):
        with contextlib.suppress(MalformedError):
            whole(json.dumps(document).encode(), JSON, "")


# --- media


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("application/json", JSON),
        ("Application/JSON; charset=utf-8", JSON),
        ("application/x-protobuf", PROTOBUF),
    ],
)
def test_media_types(content_type: str, expected: str) -> None:
    assert media_type(content_type, "GZIP ") == expected


@pytest.mark.parametrize(
    ("content_type", "encoding"),
    [("", ""), ("text/plain", ""), (JSON, "br"), (JSON, "gzip, gzip"), (JSON, "deflate")],
)
def test_other_media_types(content_type: str, encoding: str) -> None:
    with pytest.raises(UnsupportedMediaError):
        whole(b"{}", content_type, encoding)


def test_empty_requests() -> None:
    assert whole(b"", PROTOBUF, "") == ExportTraceServiceRequest()
    assert whole(b"{}", JSON, "") == ExportTraceServiceRequest()


# --- sizes


def test_a_large_body() -> None:
    with pytest.raises(TooLargeError):
        whole(b"x" * 101, JSON, "", DecodeLimits(max_bytes=100))


def test_a_gzip_bomb() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    with pytest.raises(TooLargeError):
        whole(bomb, PROTOBUF, "gzip", DecodeLimits(max_bytes=1_000_000))


def test_gzip_to_the_last_byte() -> None:
    body = request([span()]).SerializeToString()
    whole(gzip.compress(body), PROTOBUF, "gzip", DecodeLimits(max_bytes=len(body)))
    with pytest.raises(TooLargeError):
        whole(gzip.compress(body), PROTOBUF, "gzip", DecodeLimits(max_bytes=len(body) - 1))


def test_gzip_in_members() -> None:
    message = request([span()])
    body = message.SerializeToString()
    members = gzip.compress(body[:10]) + gzip.compress(body[10:])
    assert whole(members, PROTOBUF, "gzip") == message
    with pytest.raises(MalformedError, match="members"):
        whole(gzip.compress(b"") * 100, PROTOBUF, "gzip")


@pytest.mark.parametrize(
    "body", [b"", b"plain", gzip.compress(b"{}", mtime=0)[:-4], zlib.compress(b"{}")]
)
def test_broken_gzip(body: bytes) -> None:
    with pytest.raises(MalformedError, match="gzip"):
        whole(body, JSON, "gzip")


def wire(number: int, value: bytes) -> bytes:
    """Return a protobuf field that has a length."""
    length, prefix = len(value), b""
    while length > 127:
        prefix += bytes([length & 127 | 128])
        length >>= 7
    return bytes([number << 3 | 2]) + prefix + bytes([length]) + value


def test_spans_beyond_the_limit_are_left_out() -> None:
    sent = request([span(str(n)) for n in range(20)])
    sent.resource_spans.extend(request([span(str(n)) for n in range(20, 30)], "b").resource_spans)
    for form, body in ((PROTOBUF, sent.SerializeToString()), (JSON, to_json(sent))):
        outcome = Outcome()
        kept = whole(body, form, "", DecodeLimits(max_spans=25), outcome)
        assert names(kept) == [str(n) for n in range(25)]
        assert outcome.left_out == {"the request has more than 25 spans": 5}


@pytest.mark.parametrize(
    "body",
    [
        wire(1, wire(2, b"\x12\x00" * 100)),
        wire(1, b"\x12\x00" * 100),
        b"\x0a\x00" * 100,
        b"\x08\x00" * 100,
        wire(1, b"\x38\x00" * 100),
        wire(1, wire(2, b"\x38\x00" * 100)),
    ],
    ids=["spans", "scopes", "resources", "others", "in a resource", "in a scope"],
)
def test_more_fields_than_any_request_has(body: bytes) -> None:
    whole(body, PROTOBUF, "", DecodeLimits(max_spans=100))
    with pytest.raises(TooLargeError, match="more than 90"):
        whole(body, PROTOBUF, "", DecodeLimits(max_spans=30))


def test_more_values_than_any_request_has_in_json() -> None:
    spans = json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [{}] * 600}]}]}).encode()
    others = b'{"unknown":[' + b",".join([b"[]"] * 600) + b"]}"
    large = DecodeLimits(max_bytes=100_000, max_spans=1_000)
    small = DecodeLimits(max_bytes=5_000)
    for body in (spans, others):
        whole(body, JSON, "", large)
        with pytest.raises(TooLargeError):
            whole(body, JSON, "", small)
    with pytest.raises(TooLargeError, match="more than 300"):
        whole(spans, JSON, "", DecodeLimits(max_spans=100, max_pieces=10))


def names(sent: ExportTraceServiceRequest) -> list[str]:
    return [one.name for rs in sent.resource_spans for ss in rs.scope_spans for one in ss.spans]


# --- one span never costs another


def test_a_span_that_is_no_protobuf_is_left_out() -> None:
    sent = request([span("first"), span("last")]).SerializeToString()
    group = request([]).resource_spans[0]
    text_that_is_none = wire(2, wire(1, b"t" * 16) + wire(5, b"\xff"))
    deep = b""
    for _ in range(200):
        deep = wire(5, wire(1, deep))
    nested = wire(2, wire(9, wire(2, deep)))
    scope = wire(2, text_that_is_none + wire(2, span("beside").SerializeToString()) + nested)
    del group.scope_spans[:]
    outcome = Outcome()
    body = sent + wire(1, group.SerializeToString() + scope)
    assert names(whole(body, PROTOBUF, "", outcome=outcome)) == ["first", "last", "beside"]
    assert outcome.left_out == {UNREADABLE: 2}


def test_a_resource_that_is_no_protobuf_costs_its_own_spans() -> None:
    broken = wire(1, wire(1, wire(1, wire(1, b"\xff"))) + wire(2, wire(2, b"") + wire(2, b"")))
    outcome = Outcome()
    body = broken + request([span("x")]).SerializeToString()
    assert names(whole(body, PROTOBUF, "", outcome=outcome)) == ["x"]
    assert outcome.left_out == {UNREADABLE: 2}
    with pytest.raises(MalformedError):
        whole(broken, PROTOBUF)


@pytest.mark.parametrize(
    "broken",
    [
        '{"kind": "SPAN_KIND_SERVER"}',
        '{"attributes": [{"value": {"doubleValue": NaN}}]}',
        '{"startTimeUnixNano": ' + "9" * 5_000 + "}",
        '{"attributes": ' + "[" * 5_000 + "]" * 5_000 + "}",
        '{"name": "\udcff"}',
        '{"name": "\\ud800"}',
        '{"name": x}',
        "null",
        "5",
    ],
)
def test_a_span_that_is_not_otlps_json_is_left_out(broken: str) -> None:
    body = (
        '{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"a"},' + broken + ' ,{"name":"b"}]}]}]}'
    ).encode("utf-8", "surrogateescape")
    for limits in (DecodeLimits(), DecodeLimits(max_pieces=20, part_bytes=20)):
        outcome = Outcome()
        assert names(whole(body, JSON, "", limits, outcome)) == ["a", "b"]
        assert outcome.rejected == 1
        assert len(outcome.message) < 120


def test_a_resource_that_is_not_otlps_json_costs_its_own_spans() -> None:
    body = (
        b'{"resourceSpans":[{"resource":{"attributes":5},"scopeSpans":[{"spans":[{},{}]}]},'
        b'{"scopeSpans":[{"scope":{"name":5},"spans":[{}]},{"spans":[{"name":"a"}]}]}]}'
    )
    for limits in (DecodeLimits(), DecodeLimits(max_pieces=1)):
        outcome = Outcome()
        assert names(whole(body, JSON, "", limits, outcome)) == ["a"]
        assert outcome.rejected == 3


def test_a_span_of_too_many_values_is_left_out() -> None:
    sent = request([span("a"), span("many"), span("b")])
    many = sent.resource_spans[0].scope_spans[0].spans[1].attributes.add(key="k").value
    many.array_value.values.extend([AnyValue(int_value=1)] * 1_000)
    for form, body in ((PROTOBUF, sent.SerializeToString()), (JSON, to_json(sent))):
        outcome = Outcome()
        limits = DecodeLimits(part_bytes=500, max_pieces=900)
        assert names(whole(body, form, "", limits, outcome)) == ["a", "b"]
        assert outcome.left_out == {TOO_MANY_PIECES: 1}


def test_a_resource_or_a_scope_of_too_many_values() -> None:
    sent = request([span("a")], "s", *[text("k", "v")] * 1_000)
    sent.resource_spans.extend(request([span("b"), span("c")]).resource_spans)
    scope = sent.resource_spans[1].scope_spans.add()
    scope.scope.attributes.extend([text("k", "v")] * 1_000)
    scope.spans.append(span("d"))
    for form, body in ((PROTOBUF, sent.SerializeToString()), (JSON, to_json(sent))):
        outcome = Outcome()
        limits = DecodeLimits(part_bytes=500, max_pieces=900)
        assert names(whole(body, form, "", limits, outcome)) == ["b", "c"]
        assert outcome.left_out == {TOO_MANY_PIECES: 2}


# --- in parts


@settings(max_examples=share_of(600))
@given(made.many_resource_spans, st.integers(1, 400), st.booleans())
def test_parts_hold_the_same_as_the_whole(
    sent: list[ResourceSpans], part_bytes: int, unknown: bool
) -> None:
    message = ExportTraceServiceRequest(resource_spans=sent)
    limits = DecodeLimits(part_bytes=part_bytes, max_pieces=10_000)
    text_of_json = to_json(message)
    if unknown:
        text_of_json = json.dumps(with_unknown(json.loads(text_of_json)), indent=1).encode()
    for form, body in ((PROTOBUF, message.SerializeToString()), (JSON, text_of_json)):
        parts = parts_of(body, form, "", limits)
        assert all(part for part in parts) or not message.resource_spans
        assert spans_in_order(one for part in parts for one in part) == spans_in_order(sent)


def with_unknown(value: Any) -> Any:
    """Return JSON with a member in each object that no field is for."""
    if isinstance(value, list):
        return [with_unknown(item) for item in value]
    if isinstance(value, dict):
        other = {"spans": [']}\\"{['], "n": [1.5, None, {}]}
        return {"other": other, **{key: with_unknown(item) for key, item in value.items()}}
    return value


def spans_in_order(groups: Iterable[ResourceSpans]) -> list[tuple[bytes, ...]]:
    return [
        (
            rs.resource.SerializeToString(),
            rs.schema_url.encode(),
            ss.scope.SerializeToString(),
            ss.schema_url.encode(),
            one.SerializeToString(),
        )
        for rs in groups
        for ss in rs.scope_spans
        for one in ss.spans
    ]


def test_a_large_resource_makes_no_part_for_each_span() -> None:
    sent = request([span() for _ in range(200)], "s", text("long", "v" * 5_000))
    for form, body in ((PROTOBUF, sent.SerializeToString()), (JSON, to_json(sent))):
        parts = parts_of(body, form, "", DecodeLimits(part_bytes=2_000, max_pieces=500))
        assert 2 < len(parts) < 40
        assert len(spans_in_order(one for part in parts for one in part)) == 200


# --- JSON


def test_json_ids_in_either_case() -> None:
    one = decoded(traceId=TRACE_ID.hex().upper(), spanId="00f067aa0ba902b7", parentSpanId="")
    assert one.trace_id == TRACE_ID
    assert one.span_id == bytes.fromhex("00f067aa0ba902b7")
    assert one.parent_span_id == b""


def test_json_links_have_hex_ids_too() -> None:
    one = decoded(links=[{"traceId": "0a" * 16, "spanId": "0b" * 8}])
    assert one.links[0].trace_id == b"\x0a" * 16
    assert one.links[0].span_id == b"\x0b" * 8


def test_json_numbers() -> None:
    large = 2**63 + 1
    assert decoded(startTimeUnixNano=str(large)).start_time_unix_nano == large
    assert decoded(startTimeUnixNano=large).start_time_unix_nano == large
    assert decoded(startTimeUnixNano=1e9).start_time_unix_nano == 10**9
    assert valued({"intValue": "-9223372036854775808"}).int_value == -(2**63)
    assert valued({"intValue": 5}).int_value == 5
    assert valued({"doubleValue": 5}).double_value == 5.0
    assert valued({"doubleValue": "1.5"}).double_value == 1.5
    assert valued({"doubleValue": "-Infinity"}).double_value == -float("inf")
    assert valued({"boolValue": False}).WhichOneof("value") == "bool_value"
    assert valued({"bytesValue": "AP8="}).bytes_value == b"\x00\xff"
    assert valued({"arrayValue": {}}).WhichOneof("value") == "array_value"


def test_json_passes_over_what_it_does_not_know() -> None:
    one = decoded(name="x", unknown={"traceId": 1}, trace_id="snake", attributes=None)
    assert one.name == "x"
    assert one.trace_id == b""


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "SPAN_KIND_SERVER"},
        {"kind": True},
        {"kind": 1.0},
        {"kind": 2**40},
        {"status": {"code": "STATUS_CODE_OK"}},
        {"status": []},
        {"traceId": "W47/95gDgQPSabYzgT/GDA=="},
        {"traceId": "0a 0b"},
        {"traceId": "abc"},
        {"traceId": 12},
        {"startTimeUnixNano": "1e9"},
        {"startTimeUnixNano": -1},
        {"startTimeUnixNano": str(2**64)},
        {"startTimeUnixNano": 1.5},
        {"startTimeUnixNano": True},
        {"startTimeUnixNano": "9" * 5_000},
        {"flags": 2**32},
        {"name": 5},
        {"name": "\ud800"},
        {"attributes": {}},
        {"attributes": [None]},
        {"attributes": [{"value": {"doubleValue": "x"}}]},
        {"attributes": [{"value": {"doubleValue": "1" * 400}}]},
        {"attributes": [{"value": {"doubleValue": 10**400}}]},
        {"attributes": [{"value": {"doubleValue": True}}]},
        {"attributes": [{"value": {"boolValue": 1}}]},
        {"attributes": [{"value": {"bytesValue": "*"}}]},
        {"attributes": [{"value": "text"}]},
    ],
)
def test_json_that_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(MalformedError) as refused:
        whole(in_json(**fields), JSON, "")
    assert len(str(refused.value)) < 100


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff\xfe{}",
        b'{"resourceSpans": NaN}',
        b'{"unknown": x}',
        b'{"unknown": [x], "resourceSpans": []}',
        b'{"resourceSpans": [], "unknown": "',
        b'{"resourceSpans": []} x',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"value":'
        + b'{"arrayValue":{"values":[' * 100
        + b"]}}" * 100
        + b"}]}]}]}]}",
    ],
)
def test_bodies_that_are_not_the_json_of_a_request(body: bytes) -> None:
    with pytest.raises(MalformedError):
        whole(body, JSON, "")


@pytest.mark.parametrize(
    "body", [b"\x0a", b"\x0a\x05\x00", b"\xff" * 20, b"\x0b\x0c", b"\x0d\x00", b"\x08", b"hello"]
)
def test_bodies_that_are_not_protobuf(body: bytes) -> None:
    with pytest.raises(MalformedError):
        whole(body, PROTOBUF, "")


def test_protobuf_that_is_nested_deeply() -> None:
    # A value in an array in a value …, in an attribute of a span.
    fields = [b"\x0a", b"\x2a"] * 200 + [b"\x12", b"\x4a", b"\x12", b"\x12", b"\x0a"]
    body = b""
    for field in fields:
        body = wire(field[0] >> 3, body)
    with pytest.raises(MalformedError):
        whole(body, PROTOBUF, "")


def test_a_long_text_of_brackets_costs_no_span() -> None:
    sent = [resource_spans([span(), span(span_id=b"b" * 8)])]
    sent[0].scope_spans[0].spans[1].attributes.append(text("brackets", "[" * 2_200_000))
    body = to_json(ExportTraceServiceRequest(resource_spans=sent))
    [found] = whole(body, JSON).resource_spans
    assert len(found.scope_spans[0].spans) == 2
