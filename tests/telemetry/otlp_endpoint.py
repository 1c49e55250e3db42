"""An OTLP endpoint on this machine that keeps what it is sent: traces, metrics and logs."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceRequest,
    ExportLogsServiceResponse,
)
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
    ExportMetricsServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, ResourceLogs
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric, ResourceMetrics
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span


@dataclass
class Receiver:
    """What the endpoint got, in the order in which it came."""

    url: str = ""
    headers: list[dict[str, str]] = field(default_factory=list)
    resource_spans: list[ResourceSpans] = field(default_factory=list)
    resource_metrics: list[ResourceMetrics] = field(default_factory=list)
    resource_logs: list[ResourceLogs] = field(default_factory=list)

    @property
    def spans(self) -> list[Span]:
        """All spans."""
        return [s for r in self.resource_spans for scope in r.scope_spans for s in scope.spans]

    @property
    def metrics(self) -> dict[str, Metric]:
        """Each metric by its name, as it was sent last."""
        groups = [scope for r in self.resource_metrics for scope in r.scope_metrics]
        return {metric.name: metric for group in groups for metric in group.metrics}

    @property
    def log_records(self) -> list[LogRecord]:
        """All log records."""
        groups = [scope for r in self.resource_logs for scope in r.scope_logs]
        return [record for group in groups for record in group.log_records]

    @property
    def services(self) -> set[str]:
        """The names of all services that sent spans."""
        return {resource_of(r.resource)["service.name"] for r in self.resource_spans}

    def take(self, path: str, body: bytes) -> bytes | None:
        """Keep a request's body; return the answer's, or None where there is no such path."""
        match path:
            case "/v1/traces":
                self.resource_spans += ExportTraceServiceRequest.FromString(body).resource_spans
                return ExportTraceServiceResponse().SerializeToString()
            case "/v1/metrics":
                metrics = ExportMetricsServiceRequest.FromString(body)
                self.resource_metrics += metrics.resource_metrics
                return ExportMetricsServiceResponse().SerializeToString()
            case "/v1/logs":
                self.resource_logs += ExportLogsServiceRequest.FromString(body).resource_logs
                return ExportLogsServiceResponse().SerializeToString()
            case _:
                return None


def resource_of(resource: Resource) -> dict[str, str]:
    """Return a resource's attributes that are text."""
    return {pair.key: pair.value.string_value for pair in resource.attributes}


@contextmanager
def otlp_endpoint() -> Iterator[Receiver]:
    """Receive OTLP over HTTP for the length of a `with` block."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            receiver.headers.append({k.lower(): v for k, v in self.headers.items()})
            answer = receiver.take(self.path, body)
            self.send_response(404 if answer is None else 200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(answer or b"")))
            self.end_headers()
            self.wfile.write(answer or b"")

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
