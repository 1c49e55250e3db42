"""A connection to the server, bounded in time, size and number.

uvicorn leaves a request's head unbounded: a client may take for ever over it, or never end it.
"""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from gutenberg_explorer.api.headers import DEFAULTS
from gutenberg_explorer.api.problems import Problem, answer_to
from gutenberg_explorer.api.search_queue import HUNG_UP

HEAD_SECONDS: Final = 10.0
"""How long a request's head may take, from the connection's beginning or the answer before."""

READ_SECONDS: Final = 30.0
"""How long a client may read nothing of the answer that waits for it."""

MAX_OVERHEAD_BYTES: Final = 64 * 1024
"""What a request may have besides its body: its head, the sizes of chunks, trailers."""

MAX_CONNECTIONS: Final = 1_000

LINGER_SECONDS: Final = 30.0
"""How long the rest of a request is read after its answer, so that its sender gets to read that."""

MAX_LINGER_BYTES: Final = 64 * 1024 * 1024
"""How much of it is read. A connection that is closed sooner is reset, and the answer is lost."""

_PIECE: Final = 16 * 1024
_DETAILS: Final = {400: "The request is not valid HTTP/1.1."}
_VERSIONS: Final = ("1.0", "1.1")


class _Alarm:
    """Something that happens unless it is stopped in time."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._timer: asyncio.TimerHandle | None = None

    def set(self, seconds: float, then: Callable[[], None]) -> None:
        self.stop()
        self._timer = self._loop.call_later(seconds, then)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class _AnswerTransport:
    """The transport as an answer uses it: to close it is left to the connection."""

    def __init__(self, connection: "BoundedConnection", cycle: RequestResponseCycle) -> None:
        self._connection = connection
        self._cycle = cycle
        self.write = connection.transport.write
        self.is_closing = connection.transport.is_closing

    def close(self) -> None:
        """End the connection after the answer."""
        self._connection.end_after(self._cycle)


class BoundedConnection(HttpToolsProtocol):
    """uvicorn's connection, which ends when it keeps the server waiting.

    Where there are too many, the one that has done so for longest makes room for a new one:
    connections that are only held open keep nobody out.
    """

    waiting_since: float | None = None
    """Since when the client is waited for, on the loop's clock; None: it is not."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.url = b""
        self._overhead = 0
        self._lingers = False
        self._lingered_bytes = 0
        self._is_lost = False
        self._head_alarm = _Alarm(self.loop)
        self._read_alarm = _Alarm(self.loop)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, if there is room or can be."""
        has_room = len(self.connections) < MAX_CONNECTIONS or self._make_room()
        super().connection_made(transport)
        if has_room:
            self._wait_for_head()
        else:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """End, and stop the clocks."""
        self._is_lost = True
        self._head_alarm.stop()
        self._read_alarm.stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, as long as what is not the body stays small."""
        if self._lingers and self._is_too_much(data):
            return
        for start in range(0, len(data), _PIECE):
            # In pieces, so that what is too large is noticed before the next request begins.
            piece = data[start : start + _PIECE]
            self._overhead += len(piece)
            super().data_received(piece)
            if self._overhead > MAX_OVERHEAD_BYTES:
                self._refuse(431)
            if self.transport.is_closing():
                return

    def on_headers_complete(self) -> None:
        """Leave it to the application how long the body may take."""
        if self._lingers:
            return
        self._check_head()
        self._head_alarm.stop()
        self.waiting_since = None
        super().on_headers_complete()
        self.scope[HUNG_UP] = self._has_hung_up  # type: ignore[typeddict-unknown-key]
        if self.cycle is not None:
            self.cycle.transport = _AnswerTransport(self, self.cycle)  # type: ignore[assignment]
            if self.parser.should_upgrade():
                # The parser reads nothing more as HTTP, so that no other request can follow.
                self.cycle.keep_alive = False

    def _check_head(self) -> None:
        """Raise ValueError where a request breaks a rule that the parser does not know.

        The parser turns it into an error of its own, which is answered with 400. The host of an
        absolute address takes the place of the header (RFC 9112, 3.2.2).
        """
        version = self.parser.get_http_version()
        named = [value for name, value in self.headers if name == b"host"]
        codings = [value for name, value in self.headers if name == b"transfer-encoding"]
        if version not in _VERSIONS or (version != "1.0" and len(named) != 1):
            raise ValueError("another version of HTTP, or not one Host header")
        if codings and (version == "1.0" or [each.lower() for each in codings] != [b"chunked"]):
            # A proxy may take another coding for another end of the body (RFC 9112, 6.1 and 11.2).
            raise ValueError("another transfer coding than chunked")
        if not self.url.startswith((b"/", b"*")):
            host = httptools.parse_url(self.url).host or b""
            rest = [pair for pair in self.headers if pair[0] != b"host"]
            self.headers[:] = [(b"host", host), *rest]

    def on_body(self, body: bytes) -> None:
        """Leave it to the application how large the body may be."""
        self._overhead -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Begin to count anew."""
        self._overhead = 0
        super().on_message_complete()
        if self._lingers:
            self._close()

    def on_response_complete(self) -> None:
        """Wait for the next request, which begins after whatever is left of this one's body."""
        super().on_response_complete()
        if self._lingers:
            return
        if self.transport.is_closing():
            self._close()
        elif not self.pipeline and self.cycle.response_complete:
            self._wait_for_head()

    def end_after(self, answered: RequestResponseCycle) -> None:
        """End the connection, once the rest of the request has been read or takes too long."""
        is_whole = answered is not self.cycle or not answered.more_body
        if is_whole or not self.transport.can_write_eof():
            self.transport.close()
        elif not self._lingers:
            self._lingers = True
            self.transport.write_eof()
            self.waiting_since = self.loop.time()
            self._head_alarm.set(LINGER_SECONDS, self._close)

    def timeout_keep_alive_handler(self) -> None:
        """End the connection that nothing more was asked on."""
        self._close()

    def shutdown(self) -> None:
        """End after the answer that is under way, without waiting for whoever reads none of it."""
        super().shutdown()
        if self.transport.is_closing():
            self._close()

    def pause_writing(self) -> None:
        """Give the client time to read what waits for it."""
        super().pause_writing()
        self._read_alarm.set(READ_SECONDS, self.transport.abort)
        if self.waiting_since is None:
            self.waiting_since = self.loop.time()

    def resume_writing(self) -> None:
        """Go on: the client reads."""
        super().resume_writing()
        if not self.transport.is_closing():
            self._read_alarm.stop()
            if self._is_answering():
                self.waiting_since = None

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP, with the headers of every other answer."""
        self._refuse(400)

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: a client may ask for another protocol, and is answered in this one."""

    def _is_too_much(self, data: bytes) -> bool:
        self._lingered_bytes += len(data)
        if self._lingered_bytes > MAX_LINGER_BYTES:
            self._close()
        return self.transport.is_closing()

    def _wait_for_head(self) -> None:
        self._head_alarm.set(HEAD_SECONDS, self._give_up_waiting)
        self.waiting_since = self.loop.time()

    def _give_up_waiting(self) -> None:
        if self._overhead:
            self._refuse(408)
        else:
            self._close()

    def _make_room(self) -> bool:
        """Break off the connection that has kept the server waiting longest, if any has."""
        since = {
            other: other.waiting_since
            for other in self.connections
            if isinstance(other, BoundedConnection) and other.waiting_since is not None
        }
        if not since:
            return False
        longest = min(since, key=since.__getitem__)
        longest.waiting_since = None
        longest.transport.abort()
        return True

    def _refuse(self, status: int) -> None:
        """Answer what is no request, or the body of none, and end the connection."""
        if self.transport.is_closing():
            return
        if self._lingers:
            self._close()
        elif not self._is_answering():
            self._answer(status)
        elif not self.cycle.more_body:
            # What is refused came after a whole request, which gets its answer first.
            self.cycle.keep_alive = False
        else:
            is_next = not self.cycle.response_started and not self.pipeline
            self.cycle.disconnected = True  # the application has nobody to answer any more
            self.cycle.message_event.set()
            if is_next:
                self._answer(status)
            else:
                self._close()

    def _answer(self, status: int) -> None:
        path = self.url.partition(b"?")[0].decode("latin-1")
        scope = {"type": "http", "path": path, "headers": self.headers or []}
        answer = answer_to(scope, Problem(status, detail=_DETAILS.get(status)))
        headers = {**DEFAULTS, **answer.headers, "Connection": "close"}
        head = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
        head += [f"{name}: {value}" for name, value in headers.items()]
        self.transport.write("\r\n".join([*head, "", ""]).encode("latin-1"))
        self.transport.write(bytes(answer.body))
        self._close()

    def _has_hung_up(self) -> bool:
        return self._is_lost

    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle  # None until there is a request
        return cycle is not None and not cycle.response_complete

    def _close(self) -> None:
        """End the connection once the client has read all, which it has to do in time."""
        self._head_alarm.stop()
        if not self.transport.is_closing():
            self.transport.close()
        self._read_alarm.set(READ_SECONDS, self.transport.abort)
