"""One span in Jaeger's own protocols, as programs of before OpenTelemetry send it.

The formats: `model.proto` and `collector.proto` of Jaeger's `api_v2`, and `jaeger.thrift` in
Thrift's binary protocol.
"""

import struct
from dataclasses import dataclass
from urllib.request import Request, urlopen

from tests.peers.collector.running import Collector
from tests.peers.collector.senders import call

_I32, _I64, _TEXT, _STRUCT, _LIST = 8, 10, 11, 12, 15


@dataclass(frozen=True)
class JaegerSpan:
    """A span with one tag; times in microseconds since 1970."""

    service: str
    name: str
    trace_id: bytes
    span_id: bytes
    parent_id: bytes
    start_us: int
    duration_us: int
    tag: tuple[str, str]


def by_grpc(collector: Collector, span: JaegerSpan) -> None:
    """Send a span over gRPC."""
    seconds, rest = divmod(span.start_us, 10**6)
    reference = _bytes(1, span.trace_id) + _bytes(2, span.parent_id)
    encoded = (
        _bytes(1, span.trace_id)
        + _bytes(2, span.span_id)
        + _bytes(3, span.name.encode())
        + _bytes(4, reference)
        + _bytes(6, _number(1, seconds) + _number(2, rest * 1000))
        + _bytes(7, _number(2, span.duration_us * 1000))
        + _bytes(8, _bytes(1, span.tag[0].encode()) + _bytes(3, span.tag[1].encode()))
    )
    batch = _bytes(1, encoded) + _bytes(2, _bytes(1, span.service.encode()))
    method = "/jaeger.api_v2.CollectorService/PostSpans"
    call(collector.address("jaeger_grpc"), method, _bytes(1, batch))


def by_thrift(collector: Collector, span: JaegerSpan) -> None:
    """Send a span as Thrift over HTTP."""
    tag = _text(1, span.tag[0]) + _field(_I32, 2, struct.pack(">i", 0)) + _text(3, span.tag[1])
    encoded = (
        _field(_I64, 1, span.trace_id[8:])
        + _field(_I64, 2, span.trace_id[:8])
        + _field(_I64, 3, span.span_id)
        + _field(_I64, 4, span.parent_id)
        + _text(5, span.name)
        + _field(_I32, 7, struct.pack(">i", 1))
        + _field(_I64, 8, struct.pack(">q", span.start_us))
        + _field(_I64, 9, struct.pack(">q", span.duration_us))
        + _list(10, tag)
    )
    batch = _field(_STRUCT, 1, _text(1, span.service) + b"\0") + _list(2, encoded) + b"\0"
    url = f"http://{collector.address('jaeger_http')}/api/traces"
    headers = {"Content-Type": "application/vnd.apache.thrift.binary"}
    with urlopen(Request(url, batch, headers), timeout=10) as answer:
        assert answer.status == 202


def _varint(number: int) -> bytes:
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*encoded, number])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _field(kind: int, number: int, value: bytes) -> bytes:
    return struct.pack(">bh", kind, number) + value


def _text(number: int, value: str) -> bytes:
    encoded = value.encode()
    return _field(_TEXT, number, struct.pack(">i", len(encoded)) + encoded)


def _list(number: int, struct_fields: bytes) -> bytes:
    """Return a field that is a list of one struct."""
    return _field(_LIST, number, struct.pack(">bi", _STRUCT, 1) + struct_fields + b"\0")
