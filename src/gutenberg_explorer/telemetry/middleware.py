"""The SERVER span of each request: an ASGI middleware, outside of all handlers."""

import logging
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping, Sequence
from typing import Any

from opentelemetry.context import attach, detach
from opentelemetry.propagators.textmap import Getter
from opentelemetry.trace.propagation import set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from gutenberg_explorer.telemetry.logs.exceptions import query_string
from gutenberg_explorer.telemetry.metrics.measurements import record
from gutenberg_explorer.telemetry.names import AttributeName
from gutenberg_explorer.telemetry.recording.recorder import AttributeValue
from gutenberg_explorer.telemetry.spans import mark_error, now, start_server_span

access_log = logging.getLogger("gutenberg_explorer.access")

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = Sequence[tuple[bytes, bytes]]

# Where in the ASGI scope the name of the exception stands that made an answer a 500.
ERROR_TYPE = "gutenberg_explorer.error_type"

# As nginx writes it of a caller that has closed the connection before the answer was there; no
# answer ever has it.
CLIENT_CLOSED_REQUEST = 499

_propagator = TraceContextTextMapPropagator()
_METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"}


class _HeaderGetter(Getter[Headers]):
    def get(self, carrier: Headers, key: str) -> list[str] | None:
        wanted = key.lower().encode()
        return [value.decode("latin-1") for name, value in carrier if name == wanted] or None

    def keys(self, carrier: Headers) -> list[str]:
        return [name.decode("latin-1") for name, _ in carrier]


_header_getter = _HeaderGetter()


def _attributes(scope: Scope) -> dict[str, AttributeValue]:
    """Return the SERVER span's attributes that are known before the request is handled."""
    method = scope["method"]
    attributes: dict[str, AttributeValue] = {
        "http.request.method": method if method in _METHODS else "_OTHER",
        "url.path": scope["path"],
        "url.scheme": scope.get("scheme", "http"),
        "network.protocol.version": scope.get("http_version", "1.1"),
    }
    if server := scope.get("server"):
        attributes["server.address"] = server[0]
        if server[1] is not None:
            attributes["server.port"] = server[1]
    if client := scope.get("client"):
        attributes["client.address"] = client[0]
    if agent := _header_getter.get(scope["headers"], "user-agent"):
        attributes["user_agent.original"] = agent[0]
    return attributes


class _Exchange:
    """One request and its answer, as its SERVER span tells of them."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        attributes = _attributes(scope)
        self._method = str(attributes["http.request.method"])
        self._name = "HTTP" if self._method == "_OTHER" else self._method
        self.parent = _propagator.extract(scope["headers"], getter=_header_getter)
        self.span = start_server_span(self._name, self.parent, attributes)
        self._scope = scope
        self._receive = receive
        self._send = send
        self._started = now()
        self._ended: int | None = None
        self._head: Message | None = None
        self._status = 500

    async def send(self, message: Message) -> None:
        """Send a part of the answer, and note when the last one is about to be on its way.

        The head waits for the first part of the body: once a byte is on the wire the caller may
        be done before we are, and a span must not outlast its parent.
        """
        if message["type"] == "http.response.start":
            is_gone = _has_hung_up(self._receive)
            self._status = CLIENT_CLOSED_REQUEST if is_gone else message["status"]
            message["headers"] = [*message.get("headers", ()), self._traceresponse()]
            self._head = message
            return
        if not message.get("more_body", False):
            self._ended = now()
        if self._head is not None:
            head, self._head = self._head, None
            await self._send(head)
        await self._send(message)

    def _traceresponse(self) -> tuple[bytes, bytes]:
        c = self.span.get_span_context()
        value = f"00-{c.trace_id:032x}-{c.span_id:016x}-{c.trace_flags:02x}"
        return b"traceresponse", value.encode()

    def finish(self) -> None:
        """Measure, log the access and end the span; it must be the current one."""
        ended = self._ended or now()
        route = getattr(self._scope.get("route"), "path", None)
        if route:
            self.span.update_name(f"{self._name} {route}")
            self.span.set_attribute("http.route", route)
        self.span.set_attribute("http.response.status_code", self._status)
        measured: dict[AttributeName, AttributeValue] = {
            "http.request.method": self._method,
            "url.scheme": self._scope.get("scheme", "http"),
            "http.response.status_code": self._status,
        }
        if route:
            measured["http.route"] = route
        if self._status >= 500:
            measured["error.type"] = self._scope.get(ERROR_TYPE, str(self._status))
            mark_error(self.span, str(measured["error.type"]))
        took = (ended - self._started) / 1e9
        record("http.server.request.duration", took, measured)
        access_log.info(
            "%s %s %d %.1f ms", self._method, self._scope["path"], self._status, took * 1e3
        )
        self.span.end(ended)


def _has_hung_up(receive: Receive) -> bool:
    """Return whether the caller has closed the connection, without waiting for it."""
    for _ in range(2):  # what is left of the request comes first
        waiting = receive()
        if not isinstance(waiting, Coroutine):
            return False
        try:
            waiting.send(None)
        except StopIteration as found:
            if found.value["type"] == "http.disconnect":
                return True
        else:
            return False
        finally:
            waiting.close()
    return False


class TracingMiddleware:
    """Opens a SERVER span for each request under a traced path, and logs the access.

    The caller's `traceparent` makes the parent. The answer carries `traceresponse`, so that a
    person can always find the trace (W3C Trace Context Level 2).
    """

    def __init__(self, app: ASGIApp, traced: Sequence[str]) -> None:
        self._app = app
        self._traced = tuple(traced)

    def _is_traced(self, path: str) -> bool:
        return any(path == p or path.startswith(p + "/") for p in self._traced)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or not self._is_traced(scope["path"]):
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send)
        asked = query_string.set(scope["query_string"])
        token = attach(set_span_in_context(exchange.span, exchange.parent))
        try:
            await self._app(scope, receive, exchange.send)
        except BaseException as error:
            scope[ERROR_TYPE] = type(error).__name__
            raise
        finally:
            exchange.finish()
            detach(token)
            query_string.reset(asked)
