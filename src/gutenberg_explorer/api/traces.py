"""The local trace store in the shape of Jaeger's query API."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BeforeValidator, Field, StringConstraints

from gutenberg_explorer import traces
from gutenberg_explorer.api import problems
from gutenberg_explorer.api.jaeger import Names, Operations, Traces
from gutenberg_explorer.api.problem_types import ProblemType
from gutenberg_explorer.api.problems import Problem
from gutenberg_explorer.traces import params

router = APIRouter(prefix="/api", tags=["traces"], responses=problems.responses(400, 404, 503))

_MAX_NAME_CHARS: Final = 1_024
_MAX_TRACE_IDS: Final = 100
_MAX_MICROSECONDS: Final = 2**53


def _none_if_empty(value: object) -> object:
    # Jaeger's page sends the fields of its form that were left empty.
    return None if value == "" else value


_EMPTY_IS_NONE = BeforeValidator(_none_if_empty)
_NameText = Annotated[str, StringConstraints(max_length=_MAX_NAME_CHARS)]
_ShortText = Annotated[str, StringConstraints(max_length=32)]
_TagsText = Annotated[str, StringConstraints(max_length=params.MAX_TAGS_CHARS)]
_Microseconds = Annotated[int, Field(ge=0, le=_MAX_MICROSECONDS)]
_Count = Annotated[int, Field(ge=1, le=1_000)]

_Name = Annotated[_NameText | None, _EMPTY_IS_NONE]
_Time = Annotated[
    _Microseconds | None, _EMPTY_IS_NONE, Query(description="µs since 1970; the spans' start.")
]
_Duration = Annotated[_ShortText | None, _EMPTY_IS_NONE, Query(examples=["1.2s", "100ms"])]
_Kind = Annotated[
    Literal["internal", "server", "client", "producer", "consumer", "unspecified"] | None,
    _EMPTY_IS_NONE,
]


def _store(request: Request) -> traces.TraceStore:
    store: traces.TraceStore | None = request.app.state.trace_store
    if store is None:
        raise Problem(
            404,
            "The trace store is off",
            "Traces go to the OpenTelemetry endpoint that is configured; look for them there.",
            kind=ProblemType.TRACE_STORE_OFF,
        )
    flush = getattr(request.app.state, "flush_spans", None)
    if flush is not None:
        flush()
    return store


_Store = Annotated[traces.TraceStore, Depends(_store)]


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except traces.StoreError:
        raise Problem(
            503,
            "The traces can't be read just now",
            "The trace store is locked or out of reach.",
            headers={"Retry-After": "5"},
            kind=ProblemType.TRACE_STORE_BUSY,
        ) from None


@router.get("/traces", summary="Find traces", response_model=Traces)
def find_traces(
    store: _Store,
    service: _Name = None,
    operation: _Name = None,
    tags: Annotated[
        _TagsText | None, _EMPTY_IS_NONE, Query(examples=['{"search.method":"bm25"}'])
    ] = None,
    tag: Annotated[
        list[str] | None, Query(max_length=params.MAX_TAGS, examples=[["error:true"]])
    ] = None,
    start: _Time = None,
    end: _Time = None,
    lookback: Annotated[
        _ShortText | None,
        _EMPTY_IS_NONE,
        Query(examples=["1h", "2d"], description="Used when `start` is not given."),
    ] = None,
    minDuration: _Duration = None,  # noqa: N803 - Jaeger's name
    maxDuration: _Duration = None,  # noqa: N803
    limit: Annotated[_Count | None, _EMPTY_IS_NONE, Query(description="20 unless given.")] = None,
    traceID: Annotated[  # noqa: N803
        list[str] | None,
        Query(max_length=_MAX_TRACE_IDS, description="These traces; nothing else is asked for."),
    ] = None,
) -> JSONResponse:
    """Return the traces with a span that all of this is true of, those that started last first."""
    limit = limit or 20
    if traceID:
        trace_ids = dict.fromkeys(_trace_id(text) for text in traceID)
        with _reading():
            by_id = [store.trace(trace_id) for trace_id in trace_ids]
        return _traces([trace for trace in by_id if trace is not None], limit)
    with _reading_parameter("tags"):
        wanted = params.tags(tags, tag or [])
    query = traces.TraceQuery(
        service=service,
        operation=operation,
        tags=wanted,
        start_min_ns=_start_ns(start, lookback),
        start_max_ns=None if end is None else end * 1_000 + 999,
        min_duration_ns=_duration_ns(minDuration, "minDuration"),
        max_duration_ns=_duration_ns(maxDuration, "maxDuration"),
        limit=limit,
    )
    with _reading():
        found = store.find(query)
    return _traces(found, limit)


@router.get("/traces/{trace_id}", summary="One trace", response_model=Traces)
def get_trace(
    store: _Store, trace_id: Annotated[str, Path(max_length=64, examples=["5b8efff798038103"])]
) -> JSONResponse:
    """Return the trace of that id: up to 32 hex digits, zeros in front may be left out."""
    wanted = _trace_id(trace_id)
    with _reading():
        trace = store.trace(wanted)
    if trace is None:
        raise Problem(
            404,
            "No such trace",
            "The trace store has no span of this trace.",
            kind=ProblemType.NO_SUCH_TRACE,
        )
    return _traces([trace], 0)


@router.get("/services", summary="The services", response_model=Names)
def list_services(store: _Store) -> dict[str, Any]:
    """Return the names of the services that have sent spans."""
    with _reading():
        return traces.envelope(store.services())


@router.get(
    "/services/{service:path}/operations", summary="A service's operations", response_model=Names
)
def list_service_operations(
    store: _Store, service: Annotated[str, Path(max_length=_MAX_NAME_CHARS)]
) -> dict[str, Any]:
    """Return the names of the service's spans."""
    with _reading():
        operations = store.operations(service)
    return traces.envelope(sorted({operation.name for operation in operations}))


@router.get("/operations", summary="A service's operations by kind", response_model=Operations)
def list_operations(
    store: _Store,
    service: Annotated[str, Query(min_length=1, max_length=_MAX_NAME_CHARS)],
    spanKind: _Kind = None,  # noqa: N803
) -> dict[str, Any]:
    """Return the names and kinds of the service's spans, of one kind if given."""
    kind = "" if spanKind == "unspecified" else spanKind
    with _reading():
        operations = store.operations(service, kind)
    return traces.envelope(
        [{"name": operation.name, "spanKind": operation.kind} for operation in operations]
    )


def _traces(found: list[traces.StoredTrace], limit: int) -> JSONResponse:
    # A response as it is: validating every span against the models costs more than reading it.
    return JSONResponse(traces.envelope([traces.to_jaeger(trace) for trace in found], limit=limit))


def _start_ns(start: int | None, lookback: str | None) -> int | None:
    # Jaeger's page sends `custom` beside a start of its own.
    length_ns = None if lookback == "custom" else _duration_ns(lookback, "lookback")
    if start is not None:
        return start * 1_000
    return None if length_ns is None else time.time_ns() - length_ns


def _duration_ns(text: str | None, name: str) -> int | None:
    if text is None:
        return None
    with _reading_parameter(name):
        return params.duration_ns(text)


def _trace_id(text: str) -> bytes:
    with _reading_parameter("trace id"):
        return params.trace_id(text)


@contextmanager
def _reading_parameter(name: str) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise Problem(400, f"Bad {name}", str(error), kind=ProblemType.INVALID_REQUEST) from None
