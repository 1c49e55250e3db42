"""A port that leads to another, as a load balancer does that can be told to empty it."""

import socket
import threading
from contextlib import suppress

from tests.peers.collector.running import free_port

_BYTES = 65_536
# So long after the last byte of an answer nothing more of it comes (s).
_ANSWERED = 0.03


class _Connection:
    def __init__(self, near: socket.socket, far: socket.socket) -> None:
        self._near, self._far = near, far
        self._asked = False
        self._copied = threading.Event()
        for pair in ((near, far), (far, near)):
            threading.Thread(target=self._copy, args=pair, daemon=True).start()

    def _copy(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(_BYTES):
                self._asked = source is self._near
                self._copied.set()
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """End it between an answer and the next request."""
        while self._copied.wait(_ANSWERED) or self._asked:
            self._copied.clear()
        for each in (self._near, self._far):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


class Relay:
    """Takes connections at a port of its own and hands them on to `target`."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._held: list[_Connection] = []
        self.port = free_port()
        self.open()

    def open(self) -> None:
        """Take connections."""
        self._listening = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def drain(self) -> None:
        """Take no connection any more, and end those that there are, each when it is answered."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for each in self._held:
            each.close()
        self._held.clear()

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listening.accept()
                self._held.append(_Connection(near, socket.create_connection(self._target)))
