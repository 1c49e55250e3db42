import contextlib
import gzip
import json
import math
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span

from gutenberg_explorer.signals import (
    MalformedError,
    OtlpError,
    StoredTrace,
    TooLargeError,
    UnsupportedMediaError,
    decode,
    media_type,
    to_otlp,
)
from tests.signals import strategies as made
from tests.signals.otlp.protobuf_json import to_json
from tests.signals.spans import TRACE_ID, request, resource_spans, span

PROTOBUF = "application/x-protobuf"
JSON = "application/json"


def in_json(**fields: Any) -> bytes:
    """Return a request of one span with these fields."""
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [fields]}]}]}).encode()


def decoded(**fields: Any) -> Any:
    return decode(in_json(**fields), JSON, "").resource_spans[0].scope_spans[0].spans[0]


def valued(value: Any) -> Any:
    return decoded(attributes=[{"key": "k", "value": value}]).attributes[0].value


@settings(max_examples=15, deadline=None)
@given(made.many_resource_spans)
def test_both_forms_carry_the_same(sent: list[ResourceSpans]) -> None:
    message = ExportTraceServiceRequest(resource_spans=sent)
    body = message.SerializeToString()
    assert decode(body, PROTOBUF, "") == message
    assert decode(gzip.compress(body), PROTOBUF, "gzip") == message
    assert decode(to_json(message), JSON, "identity") == message


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from([PROTOBUF, JSON]),
    st.sampled_from(["", "gzip"]),
)
def test_any_bytes_are_decoded_or_refused(body: bytes, media: str, encoding: str) -> None:
    with contextlib.suppress(OtlpError):
        decode(body, media, encoding)


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
    assert decode(body, JSON, "") == ExportTraceServiceRequest(resource_spans=sent)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_numbers_that_json_has_not_are_read_again(value: float) -> None:
    sent = span(attributes=[KeyValue(key="ratio", value=AnyValue(double_value=value))])
    body = json.dumps(to_otlp(StoredTrace(TRACE_ID, [resource_spans([sent])])), allow_nan=False)
    read = decode(body.encode(), JSON, "").resource_spans[0].scope_spans[0].spans[0]
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


@settings(max_examples=50, deadline=None)
@given(json_values)
def test_any_json_is_decoded_or_refused(value: Any) -> None:
    for document in (value, {"resourceSpans": [{"scopeSpans": [{"spans": [value]}]}]}):
        with contextlib.suppress(MalformedError):
            decode(json.dumps(document).encode(), JSON, "")


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
        decode(b"{}", content_type, encoding)


def test_empty_requests() -> None:
    assert decode(b"", PROTOBUF, "") == ExportTraceServiceRequest()
    assert decode(b"{}", JSON, "") == ExportTraceServiceRequest()


# --- sizes


def test_a_large_body() -> None:
    with pytest.raises(TooLargeError):
        decode(b"x" * 101, JSON, "", max_bytes=100)


def test_a_gzip_bomb() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    with pytest.raises(TooLargeError):
        decode(bomb, PROTOBUF, "gzip", max_bytes=1_000_000)


def test_gzip_to_the_last_byte() -> None:
    body = request([span()]).SerializeToString()
    decode(gzip.compress(body), PROTOBUF, "gzip", max_bytes=len(body))
    with pytest.raises(TooLargeError):
        decode(gzip.compress(body), PROTOBUF, "gzip", max_bytes=len(body) - 1)


def test_gzip_in_members() -> None:
    message = request([span()])
    body = message.SerializeToString()
    members = gzip.compress(body[:10]) + gzip.compress(body[10:])
    assert decode(members, PROTOBUF, "gzip") == message
    with pytest.raises(MalformedError, match="members"):
        decode(gzip.compress(b"") * 100, PROTOBUF, "gzip")


@pytest.mark.parametrize(
    "body", [b"", b"plain", gzip.compress(b"{}", mtime=0)[:-4], zlib.compress(b"{}")]
)
def test_broken_gzip(body: bytes) -> None:
    with pytest.raises(MalformedError, match="gzip"):
        decode(body, JSON, "gzip")


def test_many_empty_spans() -> None:
    spans = b"\x12\x00" * 100
    scope_spans = b"\x12" + bytes([200, 1]) + spans
    body = b"\x0a" + bytes([len(scope_spans) & 127 | 128, 1]) + scope_spans
    assert len(decode(body, PROTOBUF, "").resource_spans[0].scope_spans[0].spans) == 100
    with pytest.raises(MalformedError, match="more than 10 spans"):
        decode(body, PROTOBUF, "", max_spans=10)
    with pytest.raises(MalformedError, match="more than 10 spans"):
        decode(b"\x0a\x00" * 100, PROTOBUF, "", max_spans=10)


def test_many_empty_spans_in_json() -> None:
    body = json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [{}] * 600}]}]}).encode()
    decode(body, JSON, "")
    with pytest.raises(MalformedError, match="too many"):
        decode(body, JSON, "", max_spans=10)


# --- JSON


@pytest.mark.parametrize("piece", [b"[]", b"{}"])
def test_many_empty_values_that_no_field_is_for(piece: bytes) -> None:
    body = b'{"unknown":[' + b",".join([piece] * 1_001) + b"]}"
    decode(body, JSON, "", max_spans=11)
    with pytest.raises(MalformedError):
        decode(body, JSON, "", max_spans=10)


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
        decode(in_json(**fields), JSON, "")
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
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"a": ' + b"9" * 5_000 + b"}",
        b'{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"value":'
        + b'{"arrayValue":{"values":[' * 100
        + b"]}}" * 100
        + b"}]}]}]}]}",
    ],
)
def test_bodies_that_are_not_the_json_of_a_request(body: bytes) -> None:
    with pytest.raises(MalformedError):
        decode(body, JSON, "")


@pytest.mark.parametrize(
    "body", [b"\x0a", b"\x0a\x05\x00", b"\xff" * 20, b"\x0b\x0c", b"\x0d\x00", b"\x08", b"hello"]
)
def test_bodies_that_are_not_protobuf(body: bytes) -> None:
    with pytest.raises(MalformedError):
        decode(body, PROTOBUF, "")


def test_protobuf_that_is_nested_deeply() -> None:
    # A value in an array in a value …, in an attribute of a resource.
    fields = [b"\x0a", b"\x2a"] * 200 + [b"\x12", b"\x0a", b"\x0a", b"\x0a"]
    body = b""
    for field in fields:
        length, prefix = len(body), b""
        while length > 127:
            prefix += bytes([length & 127 | 128])
            length >>= 7
        body = field + prefix + bytes([length]) + body
    with pytest.raises(MalformedError):
        decode(body, PROTOBUF, "")
