"""A web server for downloads, on this machine, that fails in the ways that tests ask for."""

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Fault:
    """An answer instead of the file; or, with `cut_after`, so many bytes of the file and no more.

    A `status` of 0 is no answer at all.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut_after: int | None = None


@dataclass(frozen=True)
class Request:
    """A request as it came in."""

    path: str
    headers: Message


class FileServer:
    """Serves files by their paths, or one under every path.

    `status` is that of every answer; each of `faults` happens once, in turn; `broken` paths have
    their fault every time. `cut_after` breaks the next answer off after so many bytes.
    """

    def __init__(self, content: bytes | Mapping[str, bytes]) -> None:
        self.content = content
        self.status = 200
        self.cut_after: int | None = None
        self.faults: list[Fault] = []
        self.broken: dict[str, Fault] = {}
        self.tags = True
        self.requests: list[Request] = []
        self.url = ""
        self.root = ""

    @property
    def ranges(self) -> list[str | None]:
        return [request.headers.get("Range") for request in self.requests]

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    def _fault(self, path: str) -> Fault:
        if path in self.broken:
            return self.broken[path]
        if self.faults:
            return self.faults.pop(0)
        cut, self.cut_after = self.cut_after, None
        return Fault(self.status, cut_after=cut)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        path = handler.path.removeprefix("/")
        self.requests.append(Request(path, handler.headers))
        self._answer(handler, path)

    def _answer(self, handler: BaseHTTPRequestHandler, path: str) -> None:
        fault = self._fault(path)
        content = self.content if isinstance(self.content, bytes) else self.content.get(path)
        asked = handler.headers.get("Range")
        if fault.status == 0:
            handler.close_connection = True
            return
        if fault.status != 200 or content is None:
            self._refuse(handler, fault.status if fault.status != 200 else 404, fault.headers)
            return
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        if handler.headers.get("If-None-Match") == tag:
            self._refuse(handler, 304, {})
            return
        if handler.headers.get("If-Range", tag) != tag:
            asked = None
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        if asked and start >= len(content):
            self._refuse(handler, 416, {"Content-Range": f"bytes */{len(content)}"})
            return
        body = content[start:]
        handler.send_response(206 if asked else 200)
        handler.send_header("Content-Length", str(len(body)))
        if asked:
            handler.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        if self.tags:
            handler.send_header("ETag", tag)
        handler.end_headers()
        handler.wfile.write(body[: fault.cut_after])

    @staticmethod
    def _refuse(handler: BaseHTTPRequestHandler, status: int, headers: Mapping[str, str]) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()


@contextmanager
def serve(content: bytes | Mapping[str, bytes]) -> Iterator[FileServer]:
    """Serve `content` for the length of a `with` block."""
    file = FileServer(content)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            file.answer(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    file.root = f"http://127.0.0.1:{server.server_port}"
    file.url = f"{file.root}/gutenberg.zip"
    try:
        yield file
    finally:
        server.shutdown()
        server.server_close()
