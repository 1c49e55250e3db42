"""A web server for downloads, on this machine, that fails in the ways that tests ask for."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FileServer:
    """Serves one file. `cut_after` breaks the next answer off after so many bytes."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.status = 200
        self.cut_after: int | None = None
        self.ranges: list[str | None] = []
        self.url = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        asked = handler.headers.get("Range")
        self.ranges.append(asked)
        if self.status != 200:
            handler.send_error(self.status)
            return
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        if asked and start >= len(self.content):
            handler.send_error(416)
            return
        body = self.content[start:]
        handler.send_response(206 if asked else 200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if self.cut_after is not None:
            body, self.cut_after = body[: self.cut_after], None
        handler.wfile.write(body)


@contextmanager
def serve(content: bytes) -> Iterator[FileServer]:
    """Serve `content` for the length of a `with` block."""
    file = FileServer(content)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            file.answer(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    file.url = f"http://127.0.0.1:{server.server_port}/gutenberg.zip"
    try:
        yield file
    finally:
        server.shutdown()
        server.server_close()
