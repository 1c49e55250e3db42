"""CORS for the OTLP receiver: pages of a development's own origins may send spans to it.

https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gutenberg_explorer import signals
from gutenberg_explorer.api.otlp_status import is_of_receiver

_METHODS: Final = frozenset({"POST", "OPTIONS"})
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "POST",
    # What OpenTelemetry's exporters and instrumented clients set by themselves.
    "Access-Control-Allow-Headers": (
        "Content-Type, Content-Encoding, Traceparent, Tracestate, Baggage"
    ),
    "Access-Control-Max-Age": "600",
}


def origins_of(listed: str | None) -> frozenset[str]:
    """Return the origins that a setting lists, parted by commas."""
    return frozenset(one.strip().lower() for one in (listed or "").split(",") if one.strip())


def is_development(headers: Headers, origins: frozenset[str]) -> bool:
    """Return whether a page of one of `origins` sends the request, and not a page of this site."""
    sent = headers.getlist("origin")
    if len(sent) != 1 or sent[0] not in origins:
        return False
    try:
        signals.forbid_other_sites(headers)
    except signals.ForbiddenError:
        return True
    return False


def may_write(scope: Scope, origins: frozenset[str]) -> bool:
    """Return whether a request comes from a development's page and is for the receiver."""
    return (
        bool(origins)
        and is_of_receiver(scope)
        and scope["method"] in _METHODS
        and is_development(Headers(scope=scope), origins)
    )


class OtlpCors:
    """Answers the preflight requests of the origins, and lets their pages read the answers."""

    def __init__(self, app: ASGIApp, origins: frozenset[str]) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if not is_of_receiver(scope) or not may_write(scope, self._origins):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers["origin"]

        async def send_with_origin(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = MutableHeaders(raw=list(message.get("headers", ())))
                answered["Access-Control-Allow-Origin"] = origin
                answered["Access-Control-Expose-Headers"] = "Retry-After"
                answered.add_vary_header("Origin")
                message["headers"] = answered.raw
            await send(message)

        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await Response(status_code=204, headers=_PREFLIGHT)(scope, receive, send_with_origin)
        else:
            await self._app(scope, receive, send_with_origin)
