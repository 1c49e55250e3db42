"""What is asked of the trace store, in the parameters of Jaeger's query API."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

from fastapi import Depends, Query
from pydantic import BeforeValidator, Field, StringConstraints

from gutenberg_explorer import signals
from gutenberg_explorer.api.problem_types import ProblemType
from gutenberg_explorer.api.problems import Problem
from gutenberg_explorer.api.running import Here
from gutenberg_explorer.signals.jaeger import query_parameters

MAX_NAME_CHARS: Final = 1_024
_MAX_MICROSECONDS: Final = 2**53


def _none_if_empty(value: object) -> object:
    # Jaeger's page sends the fields of its form that were left empty.
    return None if value == "" else value


EMPTY_IS_NONE = BeforeValidator(_none_if_empty)
_NameText = Annotated[str, StringConstraints(max_length=MAX_NAME_CHARS)]
_ShortText = Annotated[str, StringConstraints(max_length=32)]
_TagsText = Annotated[str, StringConstraints(max_length=query_parameters.MAX_TAGS_CHARS)]
_Count = Annotated[int, Field(ge=1, le=1_000)]

Microseconds = Annotated[int, Field(ge=0, le=_MAX_MICROSECONDS)]
_Name = Annotated[_NameText | None, EMPTY_IS_NONE]
_Time = Annotated[
    Microseconds | None,
    EMPTY_IS_NONE,
    Query(description="The start time of the spans, in µs since 1970."),
]
_Duration = Annotated[_ShortText | None, EMPTY_IS_NONE, Query(examples=["1.2s", "100ms"])]


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
    service: _Name = None,
    operation: _Name = None,
    tags: Annotated[
        _TagsText | None, EMPTY_IS_NONE, Query(examples=['{"search.method":"bm25"}'])
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
    limit: Annotated[_Count | None, EMPTY_IS_NONE, Query(description="The default is 20.")] = None,
) -> signals.TraceQuery:
    with reading_parameter("tags"):
        wanted = query_parameters.tags(tags, tag or [])
    return signals.TraceQuery(
        service=service,
        operation=operation,
        tags=wanted,
        start_min_ns=_start_ns(start, lookback),
        start_max_ns=None if end is None else end * 1_000 + 999,
        min_duration_ns=_duration_ns(minDuration, "minDuration"),
        max_duration_ns=_duration_ns(maxDuration, "maxDuration"),
        limit=limit or 20,
    )


Asked = Annotated[signals.TraceQuery, Depends(_query)]


def _start_ns(start: int | None, lookback: str | None) -> int | None:
    # Jaeger's page sends `custom` beside a start of its own.
    length_ns = None if lookback == "custom" else _duration_ns(lookback, "lookback")
    if start is not None:
        return start * 1_000
    return None if length_ns is None else time.time_ns() - length_ns


def _duration_ns(text: str | None, name: str) -> int | None:
    if text is None:
        return None
    with reading_parameter(name):
        return query_parameters.duration_ns(text)


@contextmanager
def reading_parameter(name: str) -> Iterator[None]:
    """Answer with a problem when the text of a parameter can't be read."""
    try:
        yield
    except ValueError as error:
        raise Problem(400, f"Bad {name}", str(error), kind=ProblemType.INVALID_REQUEST) from None
