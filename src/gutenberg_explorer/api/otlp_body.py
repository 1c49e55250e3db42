"""The body of a request to the OTLP receiver, bounded in size and time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import anyio
from fastapi import Request
from starlette.requests import ClientDisconnect

from gutenberg_explorer import signals
from gutenberg_explorer.api.problems import Problem

RETRY_SECONDS: Final = "5"
"""When a client may try again after a 503."""

_BODY_SECONDS: Final = 10.0
# The connection ends after the answer: nobody waits for the rest of the body.
_LAST: Final = {"Connection": "close"}


class _Waiting:
    """The bytes of all the bodies that are being read or wait to be decoded."""

    def __init__(self) -> None:
        self.bytes = 0


_waiting = _Waiting()


@asynccontextmanager
async def bounded_body(request: Request, limit: int, max_waiting: int) -> AsyncIterator[bytearray]:
    """Lend the body of `request`, which may be emptied.

    Raises Problem when it is larger than `limit` bytes, when all bodies together take more than
    `max_waiting`, or when it does not arrive in time and in full.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > limit:
        raise _too_large(limit)
    body = bytearray()
    taken = 0
    try:
        with anyio.fail_after(_BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                taken += len(chunk)
                _waiting.bytes += len(chunk)
                if taken > limit:
                    raise _too_large(limit)
                if _waiting.bytes > max_waiting:
                    raise Problem(
                        503,
                        detail="Too many spans are waiting.",
                        headers={"Retry-After": RETRY_SECONDS, **_LAST},
                    )
        yield body
    except TimeoutError:
        raise Problem(408, detail="The body arrived too slowly.", headers=_LAST) from None
    except ClientDisconnect:
        raise Problem(400, detail="The body is incomplete.") from None
    finally:
        _waiting.bytes -= taken


def _too_large(limit: int) -> Problem:
    error = signals.TooLargeError(f"the body is larger than {limit} bytes")
    return Problem(error.status, error.title, str(error), headers=_LAST)
