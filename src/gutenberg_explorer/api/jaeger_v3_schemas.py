"""The shapes and parameters of Jaeger's API v3 (jaegertracing/jaeger-idl, proto/api_v3).

The fields have proto3's JSON names: 64-bit integers are text.
"""

from typing import Annotated

from pydantic import AliasChoices, BaseModel, Field

from gutenberg_explorer.api.jaeger_schemas import Operation
from gutenberg_explorer.api.schemas import TracesData
from gutenberg_explorer.api.trace_query import (
    EMPTY_IS_NONE,
    Count,
    DurationText,
    Name,
    TagsText,
    TimeText,
)


class V3Services(BaseModel):
    """The names of the services, sorted."""

    services: list[str]


class V3Operations(BaseModel):
    """V3Operations, sorted by name; a kind that was not given is `internal`."""

    operations: list[Operation]


class V3TracesResult(BaseModel):
    """The spans of one trace or of several, in the frame of grpc-gateway."""

    result: TracesData


class V3ServiceSummary(BaseModel):
    """How many spans of a trace are a service's."""

    name: str
    spanCount: int  # noqa: N815 - Jaeger's names
    errorSpanCount: int  # noqa: N815


class V3TraceSummary(BaseModel):
    """A trace in a list; times in ns since 1970."""

    traceId: str  # noqa: N815
    rootServiceName: str  # noqa: N815
    rootOperationName: str  # noqa: N815
    minStartTimeUnixNano: str  # noqa: N815
    maxEndTimeUnixNano: str  # noqa: N815
    spanCount: int  # noqa: N815
    errorSpanCount: Annotated[int, Field(description="Spans with the status ERROR.")]  # noqa: N815
    orphanSpanCount: Annotated[  # noqa: N815
        int, Field(description="Spans whose parent is not here.")
    ]
    services: list[V3ServiceSummary]


class V3TraceSummaries(BaseModel):
    """Traces, those that started last first."""

    summaries: list[V3TraceSummary]


def _names(*names: str) -> AliasChoices:
    """Return a parameter's name and its older ones, each inside of the message `query`."""
    return AliasChoices(*(f"query.{name}" for name in names))


class V3OperationsQuery(BaseModel):
    """What is asked of a service's operations."""

    service: Name = None
    kind: Annotated[Name, Field(validation_alias=AliasChoices("spanKind", "span_kind"))] = None


class V3TracesQuery(BaseModel):
    """What is asked of traces; parameters that Jaeger has beyond these are ignored."""

    service: Annotated[Name, Field(validation_alias=_names("serviceName", "service_name"))] = None
    operation: Annotated[
        Name,
        Field(validation_alias=_names("operationName", "operation_name", "span_name")),
    ] = None
    attributes: Annotated[
        TagsText | None,
        EMPTY_IS_NONE,
        Field(
            validation_alias=_names("attributes"),
            description="A JSON object of texts.",
            examples=['{"search.method":"bm25"}'],
        ),
    ] = None
    start_min: Annotated[
        TimeText,
        Field(
            validation_alias=_names("startTimeMin", "start_time_min"),
            description="RFC 3339; the spans' start.",
        ),
    ] = None
    start_max: Annotated[
        TimeText,
        Field(
            validation_alias=_names("startTimeMax", "start_time_max"),
            description="RFC 3339; the spans' start.",
        ),
    ] = None
    duration_min: Annotated[
        DurationText, Field(validation_alias=_names("durationMin", "duration_min"))
    ] = None
    duration_max: Annotated[
        DurationText, Field(validation_alias=_names("durationMax", "duration_max"))
    ] = None
    limit: Annotated[
        Count | None,
        EMPTY_IS_NONE,
        Field(
            validation_alias=_names("searchDepth", "search_depth", "num_traces"),
            description="20 unless given; at least 1 and at most 1,000, whatever is given.",
        ),
    ] = None
