"""The headers that tell a browser what it may do with an answer, on every answer."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# An answer of the API is data: opened as a page it may load, run and be framed by nothing.
LOCKED_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"

DEFAULTS: Final = {
    "Content-Security-Policy": LOCKED_POLICY,
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_PAIRS: Final = [(name.lower().encode(), value.encode()) for name, value in DEFAULTS.items()]


class SecurityHeaders:
    """Adds `DEFAULTS` to each answer, but for those that the answer has set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                present = {name.lower() for name, _ in headers}
                headers += [pair for pair in _PAIRS if pair[0] not in present]
                message["headers"] = headers
            await send(message)

        await self._app(scope, receive, send_with_headers)
