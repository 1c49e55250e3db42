"""The shapes of Jaeger's query API, and what they have beyond Jaeger's."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema


def _without_default(schema: dict[str, object]) -> None:
    # What is not there is left out, and never null.
    del schema["default"]


class Tag(BaseModel):
    """An attribute; an `int64` beyond what JavaScript can hold is written as text."""

    key: str
    type: Literal["string", "bool", "int64", "float64", "binary"]
    value: str | bool | int | float
    name: Annotated[
        str | SkipJsonSchema[None],
        Field(
            description="Beyond Jaeger: the attribute's own name, where `key` is `attribute.…`"
            " because Jaeger's tag of that name says something else.",
            json_schema_extra=_without_default,
        ),
    ] = None


class Log(BaseModel):
    """An event of a span, at `timestamp` µs since 1970."""

    timestamp: int
    fields: Annotated[list[Tag], Field(description="`event` is the event's name.")]
    name: Annotated[str, Field(description="Beyond Jaeger: the event's name.")]
    timeUnixNano: Annotated[  # noqa: N815 - Jaeger's and OTLP's names
        str, Field(description="Beyond Jaeger: ns since 1970.")
    ]
    droppedAttributesCount: Annotated[int, Field(description="Beyond Jaeger.")]  # noqa: N815


class Reference(BaseModel):
    """A span's parent, or a span that it is linked to."""

    refType: Literal["CHILD_OF", "FOLLOWS_FROM"]  # noqa: N815
    traceID: str  # noqa: N815
    spanID: str  # noqa: N815


class Link(BaseModel):
    """Beyond Jaeger: a link of a span, with all that was sent of it."""

    traceID: str  # noqa: N815
    spanID: str  # noqa: N815
    traceState: str  # noqa: N815
    attributes: list[Tag]
    droppedAttributesCount: int  # noqa: N815
    flags: Annotated[int, Field(description="W3C's trace flags.")]
    isRemote: Annotated[  # noqa: N815
        bool | None, Field(description="Null where the sender did not say.")
    ]


class Status(BaseModel):
    """Beyond Jaeger: a span's status. A span has an error where its code is `error`."""

    code: Literal["unset", "ok", "error"]
    message: str


Kind = Literal["unspecified", "internal", "server", "client", "producer", "consumer"]


class Span(BaseModel):
    """A span; `startTime` in µs since 1970, `duration` in µs."""

    traceID: str  # noqa: N815
    spanID: str  # noqa: N815
    operationName: str  # noqa: N815
    references: list[Reference]
    startTime: int  # noqa: N815
    duration: int
    tags: Annotated[
        list[Tag],
        Field(
            description="`span.kind`, `error`, `otel.status_code`, `otel.status_description`,"
            " `otel.scope.name`, `otel.scope.version` and `w3c.tracestate` are made of the span's"
            " fields; attributes of these names have the prefix `attribute.`."
        ),
    ]
    logs: list[Log]
    processID: str  # noqa: N815
    warnings: list[str] | None
    flags: Annotated[int, Field(description="W3C's trace flags.")]
    kind: Annotated[Kind, Field(description="Beyond Jaeger.")]
    status: Status
    startTimeUnixNano: Annotated[  # noqa: N815
        str, Field(description="Beyond Jaeger: ns since 1970.")
    ]
    durationNano: Annotated[  # noqa: N815
        str,
        Field(description="Beyond Jaeger: ns; negative where the span ends before it starts."),
    ]
    scopeID: Annotated[  # noqa: N815
        str, Field(description="Beyond Jaeger: a key of the trace's `scopes`.")
    ]
    traceState: Annotated[str, Field(description="Beyond Jaeger.")]  # noqa: N815
    parentIsRemote: Annotated[  # noqa: N815
        bool | None, Field(description="Beyond Jaeger: null where the sender did not say.")
    ]
    links: list[Link]
    droppedAttributesCount: Annotated[int, Field(description="Beyond Jaeger.")]  # noqa: N815
    droppedEventsCount: Annotated[int, Field(description="Beyond Jaeger.")]  # noqa: N815
    droppedLinksCount: Annotated[int, Field(description="Beyond Jaeger.")]  # noqa: N815


class Process(BaseModel):
    """A service's resource."""

    serviceName: str  # noqa: N815
    tags: list[Tag]
    schemaUrl: Annotated[str, Field(description="Beyond Jaeger.")]  # noqa: N815
    droppedAttributesCount: Annotated[int, Field(description="Beyond Jaeger.")]  # noqa: N815


class Scope(BaseModel):
    """Beyond Jaeger: an instrumentation scope, and the URL of its schema."""

    name: str
    version: str
    attributes: list[Tag]
    schemaUrl: str  # noqa: N815
    droppedAttributesCount: int  # noqa: N815


class Trace(BaseModel):
    """A trace, its spans by their start."""

    traceID: str  # noqa: N815
    spans: list[Span]
    processes: dict[str, Process]
    warnings: list[str] | None
    rootSpanID: Annotated[  # noqa: N815
        str | None,
        Field(
            description="Beyond Jaeger: the span that the trace is called after; null where no span"
            " can be read."
        ),
    ]
    scopes: dict[str, Scope]
    droppedSpansCount: Annotated[  # noqa: N815
        int, Field(description="Beyond Jaeger: spans left out because the trace was full.")
    ]
    conflictingSpansCount: Annotated[  # noqa: N815
        int,
        Field(
            description="Beyond Jaeger: spans left out because a span of the same id and other"
            " contents was here first."
        ),
    ]
    unreadableSpansCount: Annotated[  # noqa: N815
        int, Field(description="Beyond Jaeger: spans that can't be read from the trace store.")
    ]


class Operation(BaseModel):
    """A span's name, and its kind in lower case."""

    name: str
    spanKind: str  # noqa: N815


class Dependency(BaseModel):
    """How many spans of `child` have a parent of `parent`, another service."""

    parent: str
    child: str
    callCount: int  # noqa: N815


class _Envelope(BaseModel):
    total: int
    limit: int
    offset: int
    errors: None


class Traces(_Envelope):
    """Traces, those that started last first."""

    data: list[Trace]


class Names(_Envelope):
    """Names, sorted."""

    data: list[str]


class Operations(_Envelope):
    """Operations, sorted by name."""

    data: list[Operation]


class Dependencies(_Envelope):
    """The calls between services, sorted."""

    data: list[Dependency]
