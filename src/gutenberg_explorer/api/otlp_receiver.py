"""`POST /v1/traces`: the one door for spans from outside, OTLP over HTTP."""

import functools
import math
from collections.abc import Callable, Iterator
from typing import Final

import anyio
from anyio.lowlevel import RunVar
from fastapi import APIRouter, Request, Response
from google.protobuf.json_format import MessageToJson
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans

from gutenberg_explorer import signals, telemetry
from gutenberg_explorer.api import otlp_status
from gutenberg_explorer.api.otlp_body import RETRY_SECONDS, bounded_body
from gutenberg_explorer.api.otlp_cors import is_development, origins_of
from gutenberg_explorer.api.problems import Problem
from gutenberg_explorer.api.running import Here, Running
from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.settings import Settings
from gutenberg_explorer.signals.otlp import body as otlp_body

router = APIRouter(tags=["traces"])

MAX_BROWSER_BYTES: Final = 256 * 1024

_BROWSER_LIMITS: Final = signals.DecodeLimits(max_bytes=1024 * 1024, max_spans=512)

# Spans are decoded by a thread of their own, so that no flood of them takes search's threads, and
# one body at a time: see docs/security.md for the memory that the worst one takes.
_DECODERS: Final = 1
_decoders: RunVar[anyio.CapacityLimiter] = RunVar("span_decoders")

_BODY: Final[dict[str, object]] = {
    "required": True,
    "description": (
        "An ExportTraceServiceRequest, plain or with `Content-Encoding: gzip`. The limit is "
        "20 MiB, unless `GUTENBERG_EXPLORER_OTLP_MAX_BYTES` is set. A browser may send "
        f"{MAX_BROWSER_BYTES // 1024} KiB, and only the page's spans, unless its origin is in "
        "`GUTENBERG_EXPLORER_OTLP_ALLOWED_ORIGINS`."
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
_ANSWER: Final[dict[str, object]] = {
    "description": "Accepted. `partialSuccess` counts the rejected spans and names changes.",
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


@router.post(
    "/v1/traces",
    summary="Receive spans (OTLP/HTTP)",
    response_class=Response,
    responses={200: _ANSWER, **otlp_status.responses(400, 403, 408, 413, 415, 429, 503)},
    openapi_extra={"requestBody": _BODY},
)
async def export_spans(request: Request, here: Here) -> Response:
    """Accept the spans of the page, and of any other service if this server stores traces."""
    headers = request.headers
    content_type = headers.get("content-type", "")
    encoding = headers.get("content-encoding", "")
    settings = here.backend.settings
    browser = signals.is_browser(headers)
    page = browser and not is_development(headers, origins_of(settings.otlp_allowed_origins))
    try:
        if here.backend.takes_page_spans_only and not page:
            raise signals.ForbiddenError(
                "this server has no trace store and accepts spans only from the page"
            )
        media = signals.media_type(content_type, encoding)
        _take_turn(here)
        limits = _BROWSER_LIMITS if browser else _limits_of(settings)
        sent = MAX_BROWSER_BYTES if browser else limits.max_bytes
        async with bounded_body(request, sent, 2 * settings.otlp_max_bytes) as body:
            decoded = functools.partial(signals.decode, body, content_type, encoding, limits)
            outcome = await anyio.to_thread.run_sync(
                _take, here.backend, decoded, page, limiter=_limiter()
            )
    except signals.OtlpError as error:
        raise Problem(error.status, error.title, str(error)) from None
    except signals.StoreError:
        raise Problem(
            503,
            "The spans can't be stored at the moment",
            "The trace store is locked, full or unavailable.",
            headers={"Retry-After": RETRY_SECONDS},
        ) from None
    return _answer(media, outcome)


def _take_turn(here: Running) -> None:
    wait = here.span_rate.take()
    if wait > 0:
        raise Problem(
            429,
            "Spans arrive too fast",
            headers={"Retry-After": str(max(1, math.ceil(wait)))},
        )


def _limiter() -> anyio.CapacityLimiter:
    try:
        return _decoders.get()
    except LookupError:
        limiter = anyio.CapacityLimiter(_DECODERS)
        _decoders.set(limiter)
        return limiter


def _limits_of(settings: Settings) -> signals.DecodeLimits:
    return signals.DecodeLimits(
        max_bytes=settings.otlp_max_bytes, max_spans=settings.otlp_max_spans
    )


def _bounds_of(settings: Settings) -> signals.Bounds:
    many = settings.otlp_max_attributes
    return signals.Bounds(
        value_chars=settings.otlp_max_value_length,
        attributes=many,
        events=many,
        links=many,
        elements=many,
    )


def _take(
    backend: Backend,
    decoded: Callable[[signals.Outcome], Iterator[list[ResourceSpans]]],
    page: bool,
) -> signals.Outcome:
    """Decode, check and hand on the spans, part by part; runs in a thread."""
    policy = signals.Policy(
        browser=page,
        frontend_resource=backend.tracing.frontend_resource,
        bounds=_bounds_of(backend.settings),
        redact_query=backend.tracing.redact_query,
    )
    outcome = signals.Outcome()
    admission = signals.Admission(policy, outcome)
    for part in decoded(outcome):
        admitted = admission.admit(part)
        if admitted:
            count = sum(len(ss.spans) for rs in admitted for ss in rs.scope_spans)
            added = backend.admit_spans(admitted, from_page=page)
            outcome.accept(count, dropped=added.dropped, conflicting=added.conflicting)
    telemetry.record(
        "telemetry.spans.received", outcome.accepted, {"telemetry.outcome": "admitted"}
    )
    if refused := outcome.rejected:
        telemetry.record("telemetry.spans.received", refused, {"telemetry.outcome": "refused"})
    return outcome


def _answer(media: str, outcome: signals.Outcome) -> Response:
    answer = ExportTraceServiceResponse()
    if message := outcome.message:
        answer.partial_success.rejected_spans = outcome.rejected
        answer.partial_success.error_message = message
    if media == otlp_body.PROTOBUF:
        return Response(answer.SerializeToString(), media_type=media)
    return Response(MessageToJson(answer, indent=None), media_type=media)
