"""The local trace store in the shape of Jaeger's query API."""

import time
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response
from pydantic_core import to_json

from gutenberg_explorer import signals
from gutenberg_explorer.api import problems
from gutenberg_explorer.api.jaeger_schemas import Dependencies, Names, Operations, Traces
from gutenberg_explorer.api.schemas import TracesData
from gutenberg_explorer.api.trace_query import (
    EMPTY_IS_NONE,
    MAX_NAME_CHARS,
    Asked,
    Milliseconds,
    Name,
    Store,
    TraceById,
    reading,
    trace_id_of,
)

router = APIRouter(prefix="/api", tags=["traces"], responses=problems.responses(400, 404, 503))

_MAX_TRACE_IDS: Final = 100
_DAY_NS: Final = 86_400 * 10**9

_Kind = Annotated[
    Literal["internal", "server", "client", "producer", "consumer", "unspecified"] | None,
    EMPTY_IS_NONE,
]


@router.get("/traces", summary="Find traces", response_model=Traces)
def find_traces(
    store: Store,
    query: Asked,
    traceID: Annotated[  # noqa: N803 - Jaeger's name
        list[str] | None,
        Query(
            max_length=_MAX_TRACE_IDS,
            description="The ids of the traces. Other filters are ignored.",
        ),
    ] = None,
) -> Response:
    """Return the traces that have a span matching all filters, newest start first."""
    if traceID:
        trace_ids = dict.fromkeys(trace_id_of(text) for text in traceID)
        with reading():
            by_id = [store.trace(trace_id) for trace_id in trace_ids]
        return _traces([trace for trace in by_id if trace is not None], query.limit)
    with reading():
        found = store.find(query)
    return _traces(found, query.limit)


@router.get("/traces/{trace_id}", summary="One trace", response_model=Traces)
def get_trace(trace: TraceById) -> Response:
    """Return the trace with this id: up to 32 hex digits; leading zeros can be omitted."""
    return _traces([trace], 0)


@router.get("/traces/{trace_id}/otlp", summary="One trace as OTLP/JSON", response_model=TracesData)
def get_trace_as_otlp(trace: TraceById) -> Response:
    """Return the trace as received, as OTLP/JSON. `POST /v1/traces` accepts it unchanged."""
    return Response(to_json(signals.to_otlp(trace)), media_type="application/json")


@router.get("/services", summary="The services", response_model=Names)
def list_services(store: Store) -> dict[str, object]:
    """Return the names of the services that have sent spans."""
    with reading():
        return signals.envelope(store.services())


@router.get(
    "/services/{service:path}/operations", summary="A service's operations", response_model=Names
)
def list_service_operations(
    store: Store, service: Annotated[str, Path(max_length=MAX_NAME_CHARS)]
) -> dict[str, object]:
    """Return the names of the service's spans."""
    with reading():
        operations = store.operations(service)
    return signals.envelope(sorted({operation.name for operation in operations}))


@router.get("/operations", summary="A service's operations by kind", response_model=Operations)
def list_operations(
    store: Store,
    service: Annotated[str, Query(min_length=1, max_length=MAX_NAME_CHARS)],
    spanKind: _Kind = None,  # noqa: N803
) -> dict[str, object]:
    """Return the names and kinds of the service's spans, of one kind if given."""
    kind = "" if spanKind == "unspecified" else spanKind
    with reading():
        operations = store.operations(service, kind)
    return signals.envelope(
        [{"name": operation.name, "spanKind": operation.kind} for operation in operations]
    )


@router.get("/dependencies", summary="Which services call which", response_model=Dependencies)
def list_dependencies(
    store: Store,
    endTs: Annotated[  # noqa: N803
        Milliseconds | None, EMPTY_IS_NONE, Query(description="ms since 1970; now unless given.")
    ] = None,
    lookback: Annotated[
        Milliseconds | None, EMPTY_IS_NONE, Query(description="ms; a day unless given.")
    ] = None,
    service: Annotated[
        Name, Query(description="Only the calls that this service makes or answers.")
    ] = None,
) -> dict[str, object]:
    """Count the spans whose parent is another service's, in the traces of that time."""
    end_ns = time.time_ns() if endTs is None else endTs * 1_000_000 + 999_999
    length_ns = _DAY_NS if lookback is None else lookback * 1_000_000
    with reading():
        found = store.dependencies(end_ns - length_ns, end_ns)
    return signals.envelope(
        [
            {"parent": one.parent, "child": one.child, "callCount": one.calls}
            for one in found
            if service in (None, one.parent, one.child)
        ]
    )


def _traces(found: list[signals.StoredTrace], limit: int) -> Response:
    # A response as it is: validating every span against the models costs more than reading it. And
    # of a trace of 5,000 spans the standard library takes a tenth of a second to write the JSON.
    document = signals.envelope([signals.to_jaeger(trace) for trace in found], limit=limit)
    return Response(to_json(document), media_type="application/json")
