"""The local trace store in the shape of Jaeger's API v3, which Jaeger's own page reads."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic_core import to_json

from gutenberg_explorer import signals
from gutenberg_explorer.api import parameters, problems
from gutenberg_explorer.api.jaeger_v3_schemas import (
    V3Operations,
    V3OperationsQuery,
    V3Services,
    V3TracesQuery,
    V3TracesResult,
    V3TraceSummaries,
)
from gutenberg_explorer.api.trace_query import (
    DEFAULT_TRACES,
    Store,
    TraceById,
    duration_of,
    no_such_trace,
    reading,
    reading_parameter,
)
from gutenberg_explorer.signals.jaeger import query_parameters

router = APIRouter(prefix="/api/v3", tags=["traces"], responses=problems.responses(400, 404, 503))


@router.get("/services", summary="The services (v3)", response_model=V3Services)
def list_services(store: Store) -> dict[str, object]:
    """Return the names of the services that have sent spans."""
    with reading():
        return {"services": store.services()}


@router.get(
    "/operations",
    summary="A service's operations (v3)",
    response_model=V3Operations,
    openapi_extra=parameters.described(V3OperationsQuery),
)
def list_operations(store: Store, request: Request) -> dict[str, object]:
    """Return the names and kinds of the service's spans, of one kind if given."""
    asked = parameters.read(V3OperationsQuery, request)
    with reading():
        operations = store.operations(asked.service or "")
    named = [{"name": one.name, "spanKind": one.kind or "internal"} for one in operations]
    return {"operations": [one for one in named if asked.kind in (None, one["spanKind"])]}


@router.get(
    "/traces",
    summary="Find traces (v3)",
    response_model=V3TracesResult,
    openapi_extra=parameters.described(V3TracesQuery),
)
def find_traces(store: Store, request: Request) -> Response:
    """Return the spans of the traces that `/api/traces` finds; 404 where there are none."""
    query = _query(request)
    with reading():
        found = store.find(query)
    if not found:
        raise no_such_trace()
    return _traces(found)


@router.get("/traces/{trace_id}", summary="One trace (v3)", response_model=V3TracesResult)
def get_trace(trace: TraceById) -> Response:
    """Return the trace of that id: up to 32 hex digits, zeros in front may be left out."""
    return _traces([trace])


@router.get(
    "/trace-summaries",
    summary="Find traces, in short (v3)",
    response_model=V3TraceSummaries,
    openapi_extra=parameters.described(V3TracesQuery),
)
def summarise_traces(store: Store, request: Request) -> Response:
    """Return what is true as a whole of each trace that `/api/traces` finds."""
    query = _query(request)
    with reading():
        found = store.summarise_found(query)
    return _json({"summaries": [_summary(one) for one in found]})


def _query(request: Request) -> signals.TraceQuery:
    asked = parameters.read(V3TracesQuery, request)
    with reading_parameter("query.attributes"):
        tags = query_parameters.tags(asked.attributes, [])
    return signals.TraceQuery(
        service=asked.service,
        operation=asked.operation,
        tags=tags,
        start_min_ns=_time_ns(asked.start_min, "query.startTimeMin"),
        start_max_ns=_time_ns(asked.start_max, "query.startTimeMax"),
        min_duration_ns=duration_of(asked.duration_min, "query.durationMin"),
        max_duration_ns=duration_of(asked.duration_max, "query.durationMax"),
        limit=asked.limit or DEFAULT_TRACES,
    )


def _time_ns(text: str | None, name: str) -> int | None:
    if text is None:
        return None
    with reading_parameter(name):
        return query_parameters.time_ns(text)


def _summary(trace: signals.TraceSummary) -> dict[str, object]:
    return {
        "traceId": trace.trace_id.hex(),
        "rootServiceName": trace.root_service,
        "rootOperationName": trace.name,
        "minStartTimeUnixNano": str(trace.start_ns),
        "maxEndTimeUnixNano": str(trace.start_ns + trace.duration_ns),
        "spanCount": trace.spans,
        "errorSpanCount": trace.errors,
        "orphanSpanCount": trace.orphans,
        "services": [
            {"name": one.name, "spanCount": one.spans, "errorSpanCount": one.errors}
            for one in trace.services
        ],
    }


def _traces(found: list[signals.StoredTrace]) -> Response:
    return _json(signals.to_jaeger_v3(found))


def _json(document: dict[str, object]) -> Response:
    # As it is: see `traces`.
    return Response(to_json(document), media_type="application/json")
