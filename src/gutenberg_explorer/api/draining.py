"""Ending without refusing anyone: the server says first that it will, and serves on for a while."""

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Drain:
    """The time from SIGTERM to the server's end, `seconds` long.

    Meanwhile `/readyz` says 503 and every answer ends its connection, so that load balancers send
    requests elsewhere before any is refused. A second SIGTERM ends the server at once.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.has_begun = False

    @contextmanager
    def before_the_end(self) -> Iterator[None]:
        """Come before what ends the running loop's server when SIGTERM arrives."""
        end = signal.getsignal(signal.SIGTERM)
        is_main = threading.current_thread() is threading.main_thread()
        if not self._seconds or not is_main or not callable(end):
            yield
            return
        loop = asyncio.get_running_loop()

        def begin(number: int, frame: FrameType | None) -> None:
            if self.has_begun:
                end(number, frame)
            else:
                self.has_begun = True
                loop.call_soon_threadsafe(loop.call_later, self._seconds, end, number, None)

        signal.signal(signal.SIGTERM, begin)
        try:
            yield
        finally:
            signal.signal(signal.SIGTERM, end)


class Leaving:
    """Has every answer end its connection once the drain has begun."""

    def __init__(self, app: ASGIApp, drain: Drain) -> None:
        self._app = app
        self._drain = drain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_and_leave(message: Message) -> None:
            if message["type"] == "http.response.start" and self._drain.has_begun:
                message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
            await send(message)

        await self._app(scope, receive, send_and_leave)
