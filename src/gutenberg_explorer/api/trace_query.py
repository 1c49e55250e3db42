"""What is asked of the trace store, in the parameters of Jaeger's query API."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

from fastapi import Depends, Path, Query
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from gutenberg_explorer import signals
from gutenberg_explorer.api.problem_types import ProblemType
from gutenberg_explorer.api.problems import Problem
from gutenberg_explorer.api.running import Here
from gutenberg_explorer.signals.jaeger import go_durations, query_parameters

MAX_NAME_CHARS: Final = 1_024
MAX_TRACES: Final = 1_000
DEFAULT_TRACES: Final = 20
_MAX_MICROSECONDS: Final = 2**53


def _none_if_empty(value: object) -> object:
    # Jaeger's page sends the fields of its form that were left empty.
    return None if value == "" else value


EMPTY_IS_NONE = BeforeValidator(_none_if_empty)
_NameText = Annotated[str, StringConstraints(max_length=MAX_NAME_CHARS)]
_ShortText = Annotated[str, StringConstraints(max_length=64)]
TagsText = Annotated[str, StringConstraints(max_length=query_parameters.MAX_TAGS_CHARS)]


def _clamped(value: int) -> int:
    return max(1, min(value, MAX_TRACES))


Count = Annotated[int, AfterValidator(_clamped)]
"""How many traces may be returned: as Jaeger's stores do, a number out of bounds is moved there."""

Microseconds = Annotated[int, Field(ge=0, le=_MAX_MICROSECONDS)]
Milliseconds = Annotated[int, Field(ge=0, le=_MAX_MICROSECONDS // 1_000)]
Name = Annotated[_NameText | None, EMPTY_IS_NONE]
TimeText = Annotated[_ShortText | None, EMPTY_IS_NONE]
DurationText = Annotated[_ShortText | None, EMPTY_IS_NONE]
_Time = Annotated[
    Microseconds | None,
    EMPTY_IS_NONE,
    Query(description="The start time of the spans, in µs since 1970."),
]
_Duration = Annotated[DurationText, Query(examples=["1h30m", "1.2s", "100us"])]


def _store(here: Here) -> signals.TraceStore:
    store = here.backend.trace_store
    if store is None:
        raise Problem(
            404,
            "The trace store is off",
            "This server sends traces to the configured OpenTelemetry endpoint.",
            kind=ProblemType.TRACE_STORE_OFF,
        )
    here.backend.tracing.flush()
    return store


Store = Annotated[signals.TraceStore, Depends(_store)]


@contextmanager
def reading() -> Iterator[None]:
    """Answer with a problem when the store can't be read."""
    try:
        yield
    except signals.StoreError:
        raise Problem(
            503,
            "The traces can't be read at the moment",
            "The trace store is locked or unavailable.",
            headers={"Retry-After": "5"},
            kind=ProblemType.TRACE_STORE_BUSY,
        ) from None


def _query(
    service: Name = None,
    operation: Name = None,
    tags: Annotated[
        TagsText | None, EMPTY_IS_NONE, Query(examples=['{"search.method":"bm25"}'])
    ] = None,
    tag: Annotated[
        list[str] | None, Query(max_length=query_parameters.MAX_TAGS, examples=[["error:true"]])
    ] = None,
    start: _Time = None,
    end: _Time = None,
    lookback: Annotated[
        _ShortText | None,
        EMPTY_IS_NONE,
        Query(examples=["1h", "2d"], description="Used if `start` is not given."),
    ] = None,
    minDuration: _Duration = None,  # noqa: N803 - Jaeger's name
    maxDuration: _Duration = None,  # noqa: N803
    limit: Annotated[
        Count | None,
        EMPTY_IS_NONE,
        Query(description="The default is 20. A number outside of 1 to 1,000 is clamped."),
    ] = None,
) -> signals.TraceQuery:
    with reading_parameter("tags"):
        wanted = query_parameters.tags(tags, tag or [])
    return signals.TraceQuery(
        service=service,
        operation=operation,
        tags=wanted,
        start_min_ns=_start_ns(start, lookback),
        start_max_ns=None if end is None else end * 1_000 + 999,
        min_duration_ns=duration_of(minDuration, "minDuration"),
        max_duration_ns=duration_of(maxDuration, "maxDuration"),
        limit=limit or DEFAULT_TRACES,
    )


Asked = Annotated[signals.TraceQuery, Depends(_query)]


def no_such_trace() -> Problem:
    """Return what is said of a trace that is not here."""
    return Problem(
        404,
        "No such trace",
        "The trace store has no span of this trace.",
        kind=ProblemType.NO_SUCH_TRACE,
    )


def trace_id_of(text: str) -> bytes:
    """Return the bytes of a trace's id. Raises Problem when the text is none."""
    with reading_parameter("trace id"):
        return query_parameters.trace_id(text)


def _trace(
    store: Store, trace_id: Annotated[str, Path(max_length=64, examples=["5b8efff798038103"])]
) -> signals.StoredTrace:
    wanted = trace_id_of(trace_id)
    with reading():
        trace = store.trace(wanted)
    if trace is None:
        raise no_such_trace()
    return trace


TraceById = Annotated[signals.StoredTrace, Depends(_trace)]


def _start_ns(start: int | None, lookback: str | None) -> int | None:
    # Jaeger's page sends `custom` beside a start of its own.
    length_ns = None if lookback == "custom" else duration_of(lookback, "lookback")
    if start is not None:
        return start * 1_000
    return None if length_ns is None else time.time_ns() - length_ns


def duration_of(text: str | None, name: str) -> int | None:
    """Return the ns of the duration that a parameter names, None when it was not given."""
    if text is None:
        return None
    with reading_parameter(name):
        return go_durations.duration_ns(text)


@contextmanager
def reading_parameter(name: str) -> Iterator[None]:
    """Answer with a problem when the text of a parameter can't be read."""
    try:
        yield
    except ValueError as error:
        raise Problem(400, f"Bad {name}", str(error), kind=ProblemType.INVALID_REQUEST) from None
