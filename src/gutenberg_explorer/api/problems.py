"""Errors as RFC 9457 problem documents that carry the trace id."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gutenberg_explorer import telemetry
from gutenberg_explorer.api import otlp_status
from gutenberg_explorer.api.problem_types import KNOWN, ProblemType
from gutenberg_explorer.index import IndexDamaged

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

_JAEGER_PATHS = "/api/"


class Problem(Exception):
    """An error that the client is told about, with the status that it is answered with."""

    def __init__(
        self,
        status: int,
        title: str | None = None,
        detail: str | None = None,
        headers: Mapping[str, str] | None = None,
        kind: ProblemType = ProblemType.BLANK,
    ) -> None:
        self.kind = kind
        self.status = status
        self.title = title or HTTPStatus(status).phrase
        self.detail = detail
        self.headers = headers
        super().__init__(detail or self.title)


def _without_default(schema: dict[str, Any]) -> None:
    # What is not known is left out, and never null.
    del schema["default"]


_Maybe = Annotated[str | SkipJsonSchema[None], Field(json_schema_extra=_without_default)]


class JaegerError(BaseModel):
    """An error as Jaeger's clients read it."""

    code: int
    msg: str


class ProblemDocument(BaseModel):
    """The body of every error (RFC 9457, section 3.1)."""

    type: ProblemType
    title: str
    status: int
    detail: _Maybe = None
    trace_id: _Maybe = None
    errors: Annotated[
        list[JaegerError] | SkipJsonSchema[None],
        Field(
            description="Below `/api`: the same in the form of Jaeger's query API.",
            json_schema_extra=_without_default,
        ),
    ] = None


def schemas() -> dict[str, Any]:
    """Return the schemas of a problem document and of its types, for an OpenAPI description."""
    document = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    types: dict[str, Any] = document.pop("$defs")
    types["ProblemType"]["description"] = "  \n".join(
        ["The kind of error, for programs.", *(f"`{kind}`: {kind.meaning}" for kind in KNOWN)]
    )
    return {**types, "ProblemDocument": document}


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return OpenAPI responses that describe a problem document for each of `statuses`."""
    return {int(status): described for status, described in described(*statuses).items()}


def described(*statuses: int) -> dict[str, dict[str, Any]]:
    """Return the same, in the form of an OpenAPI document."""
    return {
        str(status): {
            "description": HTTPStatus(status).phrase,
            "content": {
                MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}},
            },
        }
        for status in statuses
    }


def answer_to(scope: Scope, problem: Problem) -> Response:
    """Return `problem` as the response to a request, in the form that its path has for errors."""
    if otlp_status.is_of_receiver(scope):
        message = problem.detail or problem.title
        return otlp_status.status_response(scope, problem.status, message, problem.headers)
    return problem_response(problem, scope["path"])


def problem_response(problem: Problem, path: str = "") -> JSONResponse:
    """Return `problem` at `path` as a response, with the id of the trace that it happened in."""
    for_jaeger = JaegerError(code=problem.status, msg=problem.detail or problem.title)
    document = ProblemDocument(
        type=problem.kind,
        title=problem.title,
        status=problem.status,
        detail=problem.detail,
        trace_id=telemetry.current_trace_id(),
        errors=[for_jaeger] if path.startswith(_JAEGER_PATHS) else None,
    )
    return JSONResponse(
        document.model_dump(exclude_none=True),
        status_code=problem.status,
        headers=dict(problem.headers or {}),
        media_type=MEDIA_TYPE,
    )


def from_http(scope: Scope, error: HTTPException) -> Response:
    """Return the framework's own errors, such as "no such route", as a response."""
    return answer_to(
        scope, Problem(error.status_code, detail=str(error.detail), headers=error.headers)
    )


def _explain(error: Mapping[str, Any]) -> str:
    """Return one sentence for one of pydantic's errors, without the value that was sent."""
    where = ".".join(str(part) for part in error["loc"][1:]) or str(error["loc"][0])
    return f"{where}: {error['msg']}"


def _kind(errors: Sequence[Mapping[str, Any]]) -> ProblemType:
    """Return the type of an invalid request, which may be invalid in its query alone."""
    if all(e["type"] == "string_too_long" and e["loc"] == ("query", "q") for e in errors):
        return ProblemType.QUERY_TOO_LONG
    return ProblemType.INVALID_REQUEST


class UnexpectedErrors:
    """Logs an exception that no handler caught, and answers 500 with nothing of it in the body.

    It stands inside the tracing middleware, so that log line and answer name the trace.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        started = False

        async def note_start(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, note_start)
        except Exception as error:
            if scope["type"] != "http":
                raise
            logger.exception("The request failed")
            if started:
                raise
            scope[telemetry.ERROR_TYPE] = type(error).__name__
            answer = answer_to(scope, Problem(500, detail="The log has the details."))
            await answer(scope, receive, send)


def install(app: FastAPI) -> None:
    """Answer every error of `app` with a problem document, but those of its router."""

    async def on_problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return answer_to(request.scope, error)

    async def on_invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return answer_to(
            request.scope,
            Problem(
                400,
                "The request is not valid",
                "; ".join(_explain(e) for e in error.errors()[:5]),
                kind=_kind(error.errors()),
            ),
        )

    async def on_damage(request: Request, error: Exception) -> Response:
        logger.error("The index can't be read: %s.", error)
        request.scope[telemetry.ERROR_TYPE] = type(error).__name__
        problem = Problem(500, "The index can't be read", "The log names the file.")
        return answer_to(request.scope, problem)

    app.add_middleware(UnexpectedErrors)
    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(IndexDamaged, on_damage)
    app.add_exception_handler(RequestValidationError, on_invalid)
