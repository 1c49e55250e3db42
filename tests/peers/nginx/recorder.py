"""A server that remembers what reached it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Request:
    """A request as it arrived: its headers under lower-case names, its connection by a number."""

    path: str
    headers: dict[str, str]
    connection: int


@dataclass
class Recorder:
    """All requests so far, and what each is answered."""

    address: str
    requests: list[Request] = field(default_factory=list)
    body: bytes = b"{}"


@contextmanager
def recorder() -> Iterator[Recorder]:
    """Run one for the length of a `with` block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            recording.requests.append(Request(self.path, headers, self.client_address[1]))
            self.send_response(200)
            self.send_header("Content-Length", str(len(recording.body)))
            self.end_headers()
            self.wfile.write(recording.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    recording = Recorder(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield recording
    server.shutdown()
    thread.join()
    server.server_close()
