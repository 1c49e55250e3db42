"""An OTLP/HTTP endpoint in a process of its own that keeps all it is sent, and fails on request.

What arrives is appended to a file at once, with the time, so that nothing is lost when the process
is killed: 8 bytes of nanoseconds since 1970, 4 bytes of length, the request's body.
"""

import gzip
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span

Fault = Literal[
    "none", "refused", "black hole", "slow", "429", "503", "400", "partial", "tls", "dns"
]

_HEAD = struct.Struct("<QI")
_SLOW = 10.0
_RETRY_AFTER = {"429": "2", "503": "2"}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        fault = self.server.fault.read_text()
        if fault == "black hole":
            time.sleep(3600)
        if fault == "slow":
            time.sleep(_SLOW)
        if fault in ("429", "503", "400"):
            self._answer(int(fault), b"", _RETRY_AFTER.get(fault))
            return
        answer = ExportTraceServiceResponse()
        if fault == "partial":
            answer.partial_success.rejected_spans = 1
            answer.partial_success.error_message = "one is one too many"
        with self.server.lock:
            self.server.file.write(_HEAD.pack(time.time_ns(), len(body)) + body)
            self.server.file.flush()
        self._answer(200, answer.SerializeToString(), None)

    def _answer(self, status: int, body: bytes, retry_after: str | None) -> None:
        self.send_response(status)
        if retry_after:
            self.send_header("Retry-After", retry_after)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, folder: Path) -> None:
        self.file = (folder / "received").open("ab")
        self.fault = folder / "fault"
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)


@dataclass(frozen=True)
class Received:
    """One request that arrived: when, in nanoseconds since 1970, and what it held."""

    at: int
    request: ExportTraceServiceRequest

    def spans(self) -> Iterator[Span]:
        """Yield the spans, of whatever resource and scope."""
        for group in self.request.resource_spans:
            for scope in group.scope_spans:
                yield from scope.spans


class Recorder:
    """The endpoint from outside: it is started, killed, told to fail, and asked what it has."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self.fail("none")

    @property
    def url(self) -> str:
        """The endpoint's base address."""
        return f"http://127.0.0.1:{self._port}"

    def fail(self, fault: Fault) -> None:
        """Answer so from now on."""
        (self._folder / "fault").write_text(fault)

    def start(self) -> None:
        """Start the endpoint, and return when it listens."""
        command = [sys.executable, "-m", "benchmarks.recorder", str(self._port), str(self._folder)]
        self._process = subprocess.Popen(command)
        while True:
            try:
                socket.create_connection(("127.0.0.1", self._port)).close()
                return
            except OSError:
                time.sleep(0.02)

    def kill(self) -> None:
        """Kill the endpoint."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def received(self) -> Iterator[Received]:
        """Yield all that has arrived, in its order."""
        data = (self._folder / "received").read_bytes()
        place = 0
        while place + _HEAD.size <= len(data):
            at, length = _HEAD.unpack_from(data, place)
            place += _HEAD.size
            if place + length > len(data):
                return
            yield Received(at, ExportTraceServiceRequest.FromString(data[place : place + length]))
            place += length


@contextmanager
def recording(folder: Path) -> Iterator[Recorder]:
    """Record for the length of a `with` block."""
    recorder = Recorder(folder)
    recorder.start()
    try:
        yield recorder
    finally:
        recorder.kill()


if __name__ == "__main__":
    server = _Server(int(sys.argv[1]), Path(sys.argv[2]))
    server.serve_forever()
