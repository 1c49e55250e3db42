"""HTTP by hand, for what no client would send."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import uvicorn

from gutenberg_explorer.api.connection import BoundedConnection
from tests.waiting import SECONDS, wait_until

Address = tuple[str, int]


@contextlib.contextmanager
def served(app: Any) -> Iterator[Address]:
    """Serve an app, which is started, as the command does; yield the address."""
    bound = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, http=BoundedConnection, ws="none", log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    wait_until(lambda: server.started)
    yield bound.getsockname()[:2]
    server.should_exit = True
    thread.join()
    bound.close()


def everything(connection: socket.socket) -> bytes:
    """Return what arrives until the server ends the connection. Raises TimeoutError."""
    parts = []
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(65_536):
            parts.append(part)
    return b"".join(parts)


def said(address: Address, *parts: bytes, seconds: float = SECONDS) -> bytes:
    """Send `parts` and return all that is answered until the server ends the connection."""
    with socket.create_connection(address, seconds) as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for part in parts:
                connection.sendall(part)
        return everything(connection)


def get(path: bytes, *headers: bytes) -> bytes:
    """Return a request for a path as it stands, after which the connection ends."""
    lines = [b"GET " + path + b" HTTP/1.1", b"Host: localhost", b"Connection: close", *headers]
    return b"\r\n".join([*lines, b"", b""])


def status(answer: bytes) -> int:
    """Return the status of an answer."""
    return int(answer.split(b" ", 2)[1])
