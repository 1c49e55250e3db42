"""What the page's list tells of the traces in the local store."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from gutenberg_explorer import signals
from gutenberg_explorer.api import problems
from gutenberg_explorer.api.trace_query import EMPTY_IS_NONE, Asked, Microseconds, Store, reading

router = APIRouter(prefix="/api", tags=["traces"], responses=problems.responses(400, 404, 503))


class ServiceSpans(BaseModel):
    """How many spans of a trace are a service's."""

    name: str
    spans: int


class TraceSummary(BaseModel):
    """A trace in a list; `start` in µs since 1970, `duration` in µs."""

    trace_id: str
    name: Annotated[str, Field(description="The name of the root span.")]
    root_span_id: Annotated[str, Field(description="As `rootSpanID` of the trace itself.")]
    query: Annotated[str | None, Field(description="The query, if its text is kept.")]
    services: list[ServiceSpans]
    spans: int
    errors: Annotated[int, Field(description="The number of spans with the status ERROR.")]
    start: int
    duration: Annotated[float, Field(description="With the fraction: 450 ns are 0.45.")]


class DurationBucket(BaseModel):
    """Traces of at least `from` µs and less than `to`, and those of them with an error."""

    from_: Annotated[float, Field(alias="from")]
    to: float
    traces: int
    errors: int


class Durations(BaseModel):
    """What traces took, in µs; percentiles by nearest rank."""

    median: float | None
    p95: float | None
    histogram: Annotated[
        list[DurationBucket],
        Field(description="The durations of all traces that match the other filters."),
    ]


class TraceSummaries(BaseModel):
    """Traces, those that started last first."""

    traces: list[TraceSummary]
    matching: Annotated[
        int, Field(description="The number of matching traces, including those beyond the limit.")
    ]
    durations: Durations
    since: Annotated[
        int, Field(description="Send this value back to get only traces that arrive later.")
    ]


@router.get("/trace-summaries", summary="Find trace summaries")
def summarise_traces(
    store: Store,
    query: Asked,
    errors: Annotated[
        bool, Query(description="Only traces that have a span with the status ERROR.")
    ] = False,
    since: Annotated[
        Microseconds | None,
        EMPTY_IS_NONE,
        Query(description="Only traces for which a span has arrived since then."),
    ] = None,
) -> TraceSummaries:
    """Return a summary of each trace, without its spans.

    Start and duration are those of the whole trace, whatever the filters.
    """
    asked = signals.SummaryQuery(query, errors, None if since is None else since * 1_000)
    with reading():
        found = store.summarise(asked)
    return TraceSummaries(
        traces=[_summary(one) for one in found.traces],
        matching=found.matching,
        durations=Durations(
            median=_microseconds(found.median_ns),
            p95=_microseconds(found.p95_ns),
            histogram=[
                DurationBucket.model_validate(
                    {
                        "from": one.from_ns / 1_000,
                        "to": one.to_ns / 1_000,
                        "traces": one.traces,
                        "errors": one.errors,
                    }
                )
                for one in found.histogram
            ],
        ),
        since=max(0, found.since_ns // 1_000),
    )


def _summary(trace: signals.TraceSummary) -> TraceSummary:
    return TraceSummary(
        trace_id=trace.trace_id.hex(),
        name=trace.name,
        root_span_id=trace.root.hex(),
        query=trace.query,
        services=[ServiceSpans(name=one.name, spans=one.spans) for one in trace.services],
        spans=trace.spans,
        errors=trace.errors,
        start=trace.start_ns // 1_000,
        duration=trace.duration_ns / 1_000,
    )


def _microseconds(ns: int | None) -> float | None:
    return None if ns is None else ns / 1_000
