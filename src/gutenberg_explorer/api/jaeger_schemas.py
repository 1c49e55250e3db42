"""The shapes of Jaeger's query API."""

from typing import Literal

from pydantic import BaseModel


class Tag(BaseModel):
    """An attribute; an `int64` beyond what JavaScript can hold is written as text."""

    key: str
    type: Literal["string", "bool", "int64", "float64", "binary"]
    value: str | bool | int | float


class Log(BaseModel):
    """An event of a span, at `timestamp` µs since 1970."""

    timestamp: int
    fields: list[Tag]


class Reference(BaseModel):
    """A span's parent, or a span that it is linked to."""

    refType: Literal["CHILD_OF", "FOLLOWS_FROM"]  # noqa: N815 - Jaeger's name
    traceID: str  # noqa: N815
    spanID: str  # noqa: N815


class Span(BaseModel):
    """A span; `startTime` in µs since 1970, `duration` in µs."""

    traceID: str  # noqa: N815
    spanID: str  # noqa: N815
    operationName: str  # noqa: N815
    references: list[Reference]
    startTime: int  # noqa: N815
    duration: int
    tags: list[Tag]
    logs: list[Log]
    processID: str  # noqa: N815
    warnings: list[str] | None
    flags: int


class Process(BaseModel):
    """A service's resource."""

    serviceName: str  # noqa: N815
    tags: list[Tag]


class Trace(BaseModel):
    """A trace, its spans by their start."""

    traceID: str  # noqa: N815
    spans: list[Span]
    processes: dict[str, Process]
    warnings: list[str] | None


class Operation(BaseModel):
    """A span's name, and its kind in lower case."""

    name: str
    spanKind: str  # noqa: N815


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
