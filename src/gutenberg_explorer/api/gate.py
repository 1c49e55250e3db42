"""Which requests are let in: by host, by the size of their head, by the site that sends them.

The outermost of what answers, so that a refusal costs nothing and is no part of any trace.
"""

from collections.abc import Iterable
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from gutenberg_explorer import signals
from gutenberg_explorer.api.otlp_cors import may_write
from gutenberg_explorer.api.problem_types import ProblemType
from gutenberg_explorer.api.problems import Problem, answer_to
from gutenberg_explorer.host_names import ANY_HOST, host_name

MAX_ADDRESS_BYTES: Final = 32 * 1024
MAX_PARAMETERS: Final = 200
MAX_HEADER_BYTES: Final = 32 * 1024

REFUSALS: Final = (400, 414, 421, 431)
"""What any request may be answered with before it comes to its route."""

# What keeps a container running asks for these by the container's own address.
PROBES: Final = frozenset({"/healthz", "/readyz"})
_READING: Final = frozenset({"GET", "HEAD"})


class Gate:
    """Answers by itself what may not come in.

    A page that has its own name point to this machine (DNS rebinding) gives itself away by the
    Host header, a page of another site by what browsers add to every request that can write.
    """

    def __init__(
        self, app: ASGIApp, hosts: Iterable[str], otlp_origins: frozenset[str] = frozenset()
    ) -> None:
        self._app = app
        self._otlp_origins = otlp_origins
        self._hosts = frozenset(hosts)
        self._any_host = ANY_HOST in self._hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        problem = self._objection(scope)
        if problem is None:
            await self._app(scope, receive, send)
        else:
            await answer_to(scope, problem)(scope, receive, send)

    def _objection(self, scope: Scope) -> Problem | None:
        headers = Headers(scope=scope)
        if not self._any_host and not self._knows(headers.getlist("host")):
            return Problem(421, detail="This server does not answer to this host name.")
        if too_large := _too_large(scope):
            return too_large
        return None if may_write(scope, self._otlp_origins) else _foreign(scope, headers)

    def _knows(self, named: list[str]) -> bool:
        return len(named) == 1 and host_name(named[0]) in self._hosts


def _too_large(scope: Scope) -> Problem | None:
    query: bytes = scope["query_string"]
    if len(scope.get("raw_path") or b"") + len(query) > MAX_ADDRESS_BYTES:
        return Problem(414, detail=f"The URL is longer than {MAX_ADDRESS_BYTES} bytes.")
    if query.count(b"&") >= MAX_PARAMETERS:
        return Problem(
            400,
            detail=f"The URL has more than {MAX_PARAMETERS} parameters.",
            kind=ProblemType.INVALID_REQUEST,
        )
    if sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_HEADER_BYTES:
        return Problem(431, detail=f"The headers are larger than {MAX_HEADER_BYTES} bytes.")
    return None


def _foreign(scope: Scope, headers: Headers) -> Problem | None:
    if scope["method"] in _READING:
        return None
    try:
        signals.forbid_other_sites(headers)
    except signals.ForbiddenError as error:
        return Problem(error.status, detail=str(error))
    return None
