"""`POST /v1/traces`: the one door for spans from outside, OTLP over HTTP."""

import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import anyio
from anyio.lowlevel import RunVar
from fastapi import APIRouter, Request, Response
from google.protobuf.json_format import MessageToJson
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from starlette.requests import ClientDisconnect

from gutenberg_explorer import signals, telemetry
from gutenberg_explorer.api import problems
from gutenberg_explorer.api.problems import Problem
from gutenberg_explorer.api.running import Here, Running
from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.signals.otlp import body as otlp_body

router = APIRouter(tags=["traces"])

MAX_BROWSER_BYTES: Final = 256 * 1024
MAX_BYTES: Final = 4 * 1024 * 1024

_MAX_BROWSER_DECODED_BYTES: Final = 1024 * 1024
_MAX_WAITING_BYTES: Final = 32 * 1024 * 1024
_BODY_SECONDS: Final = 10.0
_RETRY_SECONDS: Final = "5"

# Spans are decoded by a thread of their own, so that no flood of them takes search's threads; one
# body at a time, because the worst of 8 MB takes 260 MB as messages.
_DECODERS: Final = 1
_decoders: RunVar[anyio.CapacityLimiter] = RunVar("span_decoders")

_BODY: Final[dict[str, Any]] = {
    "required": True,
    "description": (
        "An ExportTraceServiceRequest, plain or with `Content-Encoding: gzip`. The limit is "
        f"4 MB. A browser may send {MAX_BROWSER_BYTES // 1024} kB, and only the page's spans."
    ),
    "content": {
        otlp_body.JSON: {
            "schema": {
                "type": "object",
                "properties": {"resourceSpans": {"type": "array", "items": {"type": "object"}}},
            }
        },
        otlp_body.PROTOBUF: {"schema": {"type": "string", "format": "binary"}},
    },
}
_ANSWER: Final[dict[str, Any]] = {
    "description": "Accepted. `partialSuccess` counts the rejected spans.",
    "content": {
        otlp_body.JSON: {
            "schema": {
                "type": "object",
                "properties": {
                    "partialSuccess": {
                        "type": "object",
                        "properties": {
                            "rejectedSpans": {"type": "string"},
                            "errorMessage": {"type": "string"},
                        },
                    }
                },
            }
        },
        otlp_body.PROTOBUF: {"schema": {"type": "string", "format": "binary"}},
    },
}


class _Waiting:
    """The bytes of all the bodies that are being read or wait to be decoded."""

    def __init__(self) -> None:
        self.bytes = 0


_waiting = _Waiting()


@router.post(
    "/v1/traces",
    summary="Receive spans (OTLP/HTTP)",
    response_class=Response,
    responses={200: _ANSWER, **problems.responses(400, 403, 408, 413, 415, 429, 503)},
    openapi_extra={"requestBody": _BODY},
)
async def export_spans(request: Request, here: Here) -> Response:
    """Accept the spans of the page, and of any other service if this server stores traces."""
    headers = request.headers
    content_type = headers.get("content-type", "")
    encoding = headers.get("content-encoding", "")
    browser = signals.is_browser(headers)
    try:
        if here.backend.takes_page_spans_only and not browser:
            raise signals.ForbiddenError(
                "this server has no trace store and accepts spans only from the page"
            )
        media = signals.media_type(content_type, encoding)
        _take_turn(here)
        async with _body(request, MAX_BROWSER_BYTES if browser else MAX_BYTES) as body:
            admitted = await anyio.to_thread.run_sync(
                _admit, here.backend, body, content_type, encoding, browser, limiter=_limiter()
            )
    except signals.OtlpError as error:
        raise Problem(error.status, error.title, str(error)) from None
    except signals.StoreError:
        raise Problem(
            503,
            "The spans can't be stored at the moment",
            "The trace store is locked, full or unavailable.",
            headers={"Retry-After": _RETRY_SECONDS},
        ) from None
    return _answer(media, admitted)


def _take_turn(here: Running) -> None:
    wait = here.span_rate.take()
    if wait > 0:
        raise Problem(
            429,
            "Spans arrive too fast",
            headers={"Retry-After": str(max(1, math.ceil(wait)))},
        )


@asynccontextmanager
async def _body(request: Request, limit: int) -> AsyncIterator[bytes]:
    """Lend the request's body, read no further than `limit` bytes."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > limit:
        raise _too_large(limit)
    read = bytearray()
    try:
        await _read(request, limit, read)
        yield bytes(read)
    finally:
        _waiting.bytes -= len(read)


async def _read(request: Request, limit: int, read: bytearray) -> None:
    try:
        with anyio.fail_after(_BODY_SECONDS):
            async for chunk in request.stream():
                read += chunk
                _waiting.bytes += len(chunk)
                if len(read) > limit:
                    raise _too_large(limit)
                if _waiting.bytes > _MAX_WAITING_BYTES:
                    raise Problem(
                        503,
                        "Too many spans are waiting",
                        headers={"Retry-After": _RETRY_SECONDS},
                    )
    except TimeoutError:
        raise Problem(
            408, detail="The body arrived too slowly.", headers={"Connection": "close"}
        ) from None
    except ClientDisconnect:
        raise Problem(400, detail="The body is incomplete.") from None


def _too_large(limit: int) -> signals.TooLargeError:
    return signals.TooLargeError(f"the body is larger than {limit} bytes")


def _limiter() -> anyio.CapacityLimiter:
    try:
        return _decoders.get()
    except LookupError:
        limiter = anyio.CapacityLimiter(_DECODERS)
        _decoders.set(limiter)
        return limiter


def _admit(
    backend: Backend, body: bytes, content_type: str, encoding: str, browser: bool
) -> signals.Admitted:
    """Decode, check and hand on the spans; runs in a thread."""
    policy = signals.Policy(
        browser=browser,
        frontend_resource=backend.tracing.frontend_resource,
        redact_query=backend.tracing.redact_query,
    )
    decoded = signals.decode(
        body,
        content_type,
        encoding,
        max_bytes=_MAX_BROWSER_DECODED_BYTES if browser else otlp_body.MAX_DECODED_BYTES,
        max_spans=policy.max_spans,
    )
    admitted = signals.check(decoded, policy)
    if admitted.resource_spans:
        backend.admit_spans(admitted.resource_spans, from_page=browser)
    count = sum(len(ss.spans) for rs in admitted.resource_spans for ss in rs.scope_spans)
    telemetry.record("telemetry.spans.received", count, {"telemetry.outcome": "admitted"})
    if admitted.rejected:
        refused = admitted.rejected
        telemetry.record("telemetry.spans.received", refused, {"telemetry.outcome": "refused"})
    return admitted


def _answer(media: str, admitted: signals.Admitted) -> Response:
    answer = ExportTraceServiceResponse()
    if admitted.rejected:
        answer.partial_success.rejected_spans = admitted.rejected
        answer.partial_success.error_message = admitted.reason
    if media == otlp_body.PROTOBUF:
        return Response(answer.SerializeToString(), media_type=media)
    return Response(MessageToJson(answer, indent=None), media_type=media)
