"""An OTLP endpoint on this machine that keeps what it is sent."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span


@dataclass
class Receiver:
    """What the endpoint got."""

    url: str = ""
    headers: list[dict[str, str]] = field(default_factory=list)
    resource_spans: list[ResourceSpans] = field(default_factory=list)

    @property
    def spans(self) -> list[Span]:
        """All spans."""
        return [s for r in self.resource_spans for scope in r.scope_spans for s in scope.spans]

    @property
    def services(self) -> set[str]:
        """The names of all services that sent spans."""
        return {
            a.value.string_value
            for r in self.resource_spans
            for a in r.resource.attributes
            if a.key == "service.name"
        }


@contextmanager
def collector() -> Iterator[Receiver]:
    """Receive OTLP over HTTP for the length of a `with` block."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            receiver.headers.append({k.lower(): v for k, v in self.headers.items()})
            request = ExportTraceServiceRequest.FromString(body)
            receiver.resource_spans.extend(request.resource_spans)
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
