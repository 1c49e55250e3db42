"""Programs that send spans to a Collector, each by another protocol."""

from collections.abc import Callable
from typing import Final
from urllib.request import Request, urlopen

import grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from tests.peers.collector.running import Collector
from tests.signals.otlp.protobuf_json import to_json

Send = Callable[[Collector, ExportTraceServiceRequest], None]


def call(address: str, method: str, body: bytes) -> bytes:
    """Call a method of a gRPC server with an encoded message; return the encoded answer."""
    with grpc.insecure_channel(address) as channel:
        calling = channel.unary_unary(method, bytes, bytes)
        return calling(body, timeout=10, wait_for_ready=True)


def _post(url: str, body: bytes, content_type: str) -> bytes:
    request = Request(url, body, {"Content-Type": content_type})
    with urlopen(request, timeout=10) as answer:
        taken: bytes = answer.read()
    return taken


def by_grpc(collector: Collector, request: ExportTraceServiceRequest) -> None:
    """Send OTLP over gRPC."""
    method = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
    answer = call(collector.address("grpc"), method, request.SerializeToString())
    assert not ExportTraceServiceResponse.FromString(answer).partial_success.rejected_spans


def by_http_protobuf(collector: Collector, request: ExportTraceServiceRequest) -> None:
    """Send OTLP over HTTP as protobuf."""
    url = f"{collector.url}/v1/traces"
    _post(url, request.SerializeToString(), "application/x-protobuf")


def by_http_json(collector: Collector, request: ExportTraceServiceRequest) -> None:
    """Send OTLP over HTTP as JSON."""
    _post(f"{collector.url}/v1/traces", to_json(request), "application/json")


OTLP: Final[dict[str, Send]] = {
    "grpc": by_grpc,
    "http/protobuf": by_http_protobuf,
    "http/json": by_http_json,
}
