"""Datadog's intake on this machine: what an Agent or a Collector sends there, decoded and kept."""

import gzip
import json
import threading
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgpack

from tests.peers.datadog.payload import AgentPayload

UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "deflate": zlib.decompress,
    "identity": bytes,
}
ANSWERS: dict[str, tuple[int, dict[str, Any]]] = {
    "/api/v1/validate": (200, {"valid": True}),
    "/api/v0.2/traces": (200, {"rate_by_service": {}}),
    "/api/v0.2/stats": (202, {}),
    "/api/v2/series": (202, {"errors": []}),
    "/api/beta/sketches": (202, {}),
    "/api/v2/logs": (202, {}),
    "/intake": (202, {"status": "ok"}),
}
"""What is answered on each path that a Collector or an Agent is known to use."""


@dataclass(frozen=True)
class DatadogSpan:
    """A span as Datadog keeps it: times in ns, ids as numbers, tags as text or as numbers."""

    service: str
    name: str
    resource: str
    type: str
    trace_id: int
    span_id: int
    parent_id: int
    start: int
    duration: int
    error: bool
    meta: dict[str, str]
    metrics: dict[str, float]
    payload_env: str


@dataclass(frozen=True)
class Hits:
    """One line of trace metrics: how often, how often failed, and how long (ns) within a bucket."""

    service: str
    operation: str
    resource: str
    type: str
    kind: str
    status: int
    env: str
    version: str
    hits: int
    errors: int
    duration: int
    top_level_hits: int


def _dict(pairs: Any) -> dict[str, Any]:
    return {pair.key: pair.value for pair in pairs}


def _spans(body: bytes) -> Iterator[DatadogSpan]:
    """Yield the spans of an `AgentPayload`."""
    for tracer in AgentPayload.FromString(body).tracerPayloads:
        for span in (span for chunk in tracer.chunks for span in chunk.spans):
            yield DatadogSpan(
                service=span.service,
                name=span.name,
                resource=span.resource,
                type=span.type,
                trace_id=span.traceID,
                span_id=span.spanID,
                parent_id=span.parentID,
                start=span.start,
                duration=span.duration,
                error=span.error != 0,
                meta=_dict(span.meta),
                metrics=_dict(span.metrics),
                payload_env=tracer.env,
            )


def _hits(body: bytes) -> Iterator[Hits]:
    """Yield the lines of a `StatsPayload`: msgpack, under the names of Go's fields."""
    for client in msgpack.unpackb(body)["Stats"]:
        for line in (line for bucket in client["Stats"] for line in bucket["Stats"]):
            yield Hits(
                service=line["Service"],
                operation=line["Name"],
                resource=line["Resource"],
                type=line["Type"],
                kind=line["SpanKind"],
                status=line["HTTPStatusCode"],
                env=client["Env"],
                version=client["Version"],
                hits=line["Hits"],
                errors=line["Errors"],
                duration=line["Duration"],
                top_level_hits=line["TopLevelHits"],
            )


@dataclass
class Intake:
    """What the intake got."""

    url: str = ""
    requests: list[tuple[str, str]] = field(default_factory=list)
    """The path and the encoding of each request."""
    keys: set[str] = field(default_factory=set)
    hits: list[Hits] = field(default_factory=list)
    logs: list[dict[str, Any]] = field(default_factory=list)
    other: dict[str, list[bytes]] = field(default_factory=dict)
    """Unpacked bodies of all other paths."""
    _payloads: deque[bytes] = field(default_factory=deque)
    _spans: list[DatadogSpan] = field(default_factory=list)

    @property
    def spans(self) -> list[DatadogSpan]:
        """All spans. They are decoded when they are asked for, so that senders need not wait."""
        while self._payloads:
            self._spans += _spans(self._payloads.popleft())
        return self._spans

    def take(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """Keep a request's unpacked body; return the answer's status and body."""
        match path:
            case "/api/v0.2/traces":
                self._payloads.append(body)
            case "/api/v0.2/stats":
                self.hits += _hits(body)
            case "/api/v2/logs":
                self.logs += json.loads(body)
            case _:
                self.other.setdefault(path, []).append(body)
        return ANSWERS.get(path, (404, {}))


def _body(request: BaseHTTPRequestHandler) -> bytes:
    """Return the body of a request, whether its length is told or it comes in chunks."""
    if request.headers.get("Transfer-Encoding") != "chunked":
        return request.rfile.read(int(request.headers.get("Content-Length") or 0))
    parts = []
    while size := int(request.rfile.readline(), 16):
        parts.append(request.rfile.read(size))
        request.rfile.readline()
    request.rfile.readline()
    return b"".join(parts)


@contextmanager
def datadog_intake() -> Iterator[Intake]:
    """Take what is sent to Datadog for the length of a `with` block."""
    intake = Intake()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = _body(self)
            path = self.path.partition("?")[0]
            encoding = self.headers.get("Content-Encoding") or "identity"
            intake.requests.append((path, encoding))
            intake.keys.add(self.headers.get("DD-Api-Key") or "")
            status, answer = intake.take(path, UNPACK[encoding](body))
            told = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        do_GET = do_POST  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    intake.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield intake
    finally:
        server.shutdown()
        server.server_close()
