"""The SERVER span of each request: an ASGI middleware, outside of all handlers."""

import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

from opentelemetry.context import attach, detach
from opentelemetry.propagators.textmap import Getter
from opentelemetry.trace.propagation import set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from gutenberg_explorer.telemetry.spans import (
    AttributeValue,
    end_span,
    mark_error,
    start_server_span,
)

access_log = logging.getLogger("gutenberg_explorer.access")

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = Sequence[tuple[bytes, bytes]]

# Where in the ASGI scope the name of the exception stands that made an answer a 500.
ERROR_TYPE = "gutenberg_explorer.error_type"

_propagator = TraceContextTextMapPropagator()
_METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"}


class _HeaderGetter(Getter[Headers]):
    def get(self, carrier: Headers, key: str) -> list[str] | None:
        wanted = key.lower().encode()
        return [value.decode("latin-1") for name, value in carrier if name == wanted] or None

    def keys(self, carrier: Headers) -> list[str]:
        return [name.decode("latin-1") for name, _ in carrier]


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
    if agent := _HeaderGetter().get(scope["headers"], "user-agent"):
        attributes["user_agent.original"] = agent[0]
    return attributes


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
        started = time.perf_counter()
        attributes = _attributes(scope)
        method = str(attributes["http.request.method"])
        parent = _propagator.extract(scope["headers"], getter=_HeaderGetter())
        name = "HTTP" if method == "_OTHER" else method
        span = start_server_span(name, parent, attributes)
        context = span.get_span_context()
        status = 500

        async def send_with_trace(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                response = (
                    f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
                )
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"traceresponse", response.encode()),
                ]
            await send(message)

        token = attach(set_span_in_context(span, parent))
        try:
            await self._app(scope, receive, send_with_trace)
        except BaseException as error:
            scope[ERROR_TYPE] = type(error).__name__
            raise
        finally:
            route = getattr(scope.get("route"), "path", None)
            if route:
                span.update_name(f"{name} {route}")
                span.set_attribute("http.route", route)
            span.set_attribute("http.response.status_code", status)
            if status >= 500:
                mark_error(span, scope.get(ERROR_TYPE, str(status)))
            access_log.info(
                "%s %s %d %.1f ms",
                method,
                scope["path"],
                status,
                (time.perf_counter() - started) * 1000,
            )
            detach(token)
            end_span(span)
