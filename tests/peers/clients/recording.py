"""A port that leads to a server, and keeps each request and answer that passes."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import httptools

_BYTES = 65_536


@dataclass
class Message:
    """A request or an answer: its path or status, its headers in lower case, its body."""

    path: str = ""
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)


@dataclass(frozen=True)
class Exchange:
    """A request and its answer."""

    request: Message
    answer: Message


class _Reader:
    """What both directions have in common."""

    def __init__(self) -> None:
        self.message = Message()

    def on_message_begin(self) -> None:
        self.message = Message()

    def on_header(self, name: bytes, value: bytes) -> None:
        self.message.headers[name.decode().lower()] = value.decode()

    def on_body(self, body: bytes) -> None:
        self.message.body += body


class _Requests(_Reader):
    """Reads requests; those wait here for their answers."""

    def __init__(self) -> None:
        super().__init__()
        self.parser = httptools.HttpRequestParser(self)
        self.waiting: list[Message] = []

    def on_url(self, url: bytes) -> None:
        self.message.path += url.decode()

    def on_headers_complete(self) -> None:
        # A server that refuses may answer before the body has come.
        self.waiting.append(self.message)


class _Answers(_Reader):
    """Reads answers, each to the request that waits longest."""

    def __init__(self, requests: _Requests, exchanges: list[Exchange]) -> None:
        super().__init__()
        self.parser = httptools.HttpResponseParser(self)
        self._requests = requests
        self._exchanges = exchanges

    def on_message_complete(self) -> None:
        self.message.status = self.parser.get_status_code()
        self._exchanges.append(Exchange(self._requests.waiting.pop(0), self.message))


class Recording:
    """What has passed so far; `address` is where a client sends."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.exchanges: list[Exchange] = []

    def of(self, path: str) -> list[Exchange]:
        """Return the exchanges of one path."""
        return [each for each in self.exchanges if each.request.path == path]


@contextmanager
def recording(target: tuple[str, int]) -> Iterator[Recording]:
    """Pass the bytes of each connection on to `target`, unchanged, for a `with` block's length."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        host, port = listening.getsockname()
        recorded = Recording(f"http://{host}:{port}")
        accepting = threading.Thread(
            target=_accept, args=(listening, target, recorded.exchanges), daemon=True
        )
        accepting.start()
        try:
            yield recorded
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            accepting.join()


def _accept(listening: socket.socket, target: tuple[str, int], exchanges: list[Exchange]) -> None:
    """Take connections until the port is closed, and return when the last has ended."""
    connections = []
    with suppress(OSError):
        while True:
            client, _ = listening.accept()
            thread = threading.Thread(target=_relay, args=(client, target, exchanges), daemon=True)
            thread.start()
            connections.append(thread)
    for each in connections:
        each.join()


def _relay(client: socket.socket, target: tuple[str, int], exchanges: list[Exchange]) -> None:
    requests = _Requests()
    answers = _Answers(requests, exchanges)
    with client, socket.create_connection(target) as server:
        back = threading.Thread(target=_pass_on, args=(server, client, answers), daemon=True)
        back.start()
        _pass_on(client, server, requests)
        back.join()


def _pass_on(source: socket.socket, sink: socket.socket, reader: _Requests | _Answers) -> None:
    with suppress(OSError):
        while data := source.recv(_BYTES):
            # Read first: a client that has its answer finds it recorded.
            reader.parser.feed_data(data)
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
