"""What Jaeger's readers make of an answer, after their sources.

Grafana's data source (grafana/grafana, pkg/tsdb/jaeger: types/types.go, client.go) decodes into
Go's types; so does Jaeger itself (jaegertracing/jaeger, internal/uimodel/model.go). Jaeger's page
(jaegertracing/jaeger-ui, packages/jaeger-ui/src) turns a trace into its own form
(model/transform-trace-data.ts), and holds API v3 to schemas (api/v3/schemas.ts).
"""

import base64
import re
from collections.abc import Iterator
from typing import Any

Go = Any
"""`str`, `bool`, `int` (64 bits, signed), `uint`, `any`, `[item]`, `{str: item}`, or fields."""

UINT = "uint"
ANY = "any"


class Fields(dict[str, Go]):
    """A struct."""


KEY_VALUE = Fields(key=str, type=str, value=ANY)
PROCESS = Fields(serviceName=str, tags=[KEY_VALUE])
REFERENCE = Fields(refType=str, spanID=str, traceID=str)
GRAFANA_SPAN = Fields(
    traceID=str,
    spanID=str,
    processID=str,
    operationName=str,
    startTime=int,
    duration=int,
    logs=[Fields(timestamp=int, fields=[KEY_VALUE], name=str)],
    references=[REFERENCE],
    tags=[KEY_VALUE],
    warnings=[str],
    flags=int,
    stackTraces=[str],
)
GRAFANA_TRACE = Fields(processes={str: PROCESS}, traceID=str, warnings=[str], spans=[GRAFANA_SPAN])
JAEGER_SPAN = Fields(
    traceID=str,
    spanID=str,
    parentSpanID=str,
    flags=UINT,
    operationName=str,
    references=[REFERENCE],
    startTime=UINT,
    duration=UINT,
    tags=[KEY_VALUE],
    logs=[Fields(timestamp=UINT, fields=[KEY_VALUE])],
    processID=str,
    process=PROCESS,
    warnings=[str],
)
JAEGER_TRACE = Fields(traceID=str, spans=[JAEGER_SPAN], processes={str: PROCESS}, warnings=[str])
ERRORS = [Fields(code=int, msg=str)]


def envelope(data: Go) -> Fields:
    """Return the frame of an answer of Jaeger's query API."""
    return Fields(data=data, errors=ERRORS, limit=int, offset=int, total=int)


def decode_as_go(document: Any, wanted: Go, at: str = "$") -> None:
    """Decode as Go's encoding/json does; raise AssertionError where it would fail or mix up.

    Null fits every type. Names are matched without regard to case, so that a field which Go does
    not know must not differ from one that it does by its case alone.
    """
    if document is None or wanted is ANY:
        return
    if isinstance(wanted, Fields):
        assert isinstance(document, dict), at
        assert len({name.lower() for name in document}) == len(document), at
        for name, value in document.items():
            assert name in wanted or name.lower() not in {n.lower() for n in wanted}, f"{at}.{name}"
            if name in wanted:
                decode_as_go(value, wanted[name], f"{at}.{name}")
    elif isinstance(wanted, dict):
        assert isinstance(document, dict), at
        for name, value in document.items():
            decode_as_go(value, wanted[str], f"{at}.{name}")
    elif isinstance(wanted, list):
        assert isinstance(document, list), at
        for number, value in enumerate(document):
            decode_as_go(value, wanted[0], f"{at}[{number}]")
    elif wanted in (int, UINT):
        low = 0 if wanted is UINT else -(2**63)
        high = 2**64 if wanted is UINT else 2**63
        assert isinstance(document, int), at
        assert not isinstance(document, bool), at
        assert low <= document < high, at
    else:
        assert isinstance(document, wanted), at


def shown_by_grafana(trace: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of Grafana's table of spans, with what it draws in red."""
    rows = []
    for span in trace["spans"]:
        parents = [ref["spanID"] for ref in span["references"] if ref["refType"] == "CHILD_OF"]
        rows.append(
            {
                "spanID": span["spanID"],
                "parentSpanID": parents[0] if parents else None,
                "serviceName": trace["processes"][span["processID"]]["serviceName"],
                "startTime": span["startTime"] / 1_000,
                "duration": span["duration"] / 1_000,
                "failed": any(
                    tag["key"] == "error" and tag["value"] in (True, "true") for tag in span["tags"]
                ),
            }
        )
    return rows


def shown_by_jaeger_ui(trace: dict[str, Any]) -> list[tuple[int, str]]:
    """Return the depth and id of each row of Jaeger's waterfall.

    Spans that start at 0 are left out there, and so are circles, which no root leads to.
    """
    assert trace["traceID"]
    spans = [span for span in trace["spans"] if span["startTime"]]
    by_id = {span["spanID"]: span for span in spans}
    assert len(by_id) == len(spans)
    children: dict[str, list[dict[str, Any]]] = {}
    roots = []
    for span in spans:
        assert trace["processes"][span["processID"]]["tags"] is not None
        pairs = [(tag["key"], str(tag["value"])) for tag in span["tags"]]
        assert all(isinstance(log["fields"], list) for log in span["logs"])
        assert all(isinstance(key, str) for key, _ in pairs)
        parent = next((ref["spanID"] for ref in span["references"] if ref["spanID"] in by_id), None)
        if parent is None:
            roots.append(span)
        else:
            children.setdefault(parent, []).append(span)
    rows: list[tuple[int, str]] = []
    waiting = [(0, root) for root in sorted(roots, key=lambda one: -one["startTime"])]
    while waiting:
        depth, span = waiting.pop()
        rows.append((depth, span["spanID"]))
        below = sorted(children.get(span["spanID"], ()), key=lambda one: -one["startTime"])
        waiting += [(depth + 1, child) for child in below]
    return rows


_TRACE_ID = re.compile(r"(?!0+$)[0-9a-f]{32}")
_SPAN_ID = re.compile(r"(?!0+$)[0-9a-f]{16}")
_VALUES = {
    "stringValue",
    "boolValue",
    "intValue",
    "doubleValue",
    "arrayValue",
    "kvlistValue",
    "bytesValue",
}


def check_v3_trace(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Hold an answer of `/api/v3/traces` to the page's schema; yield its spans."""
    for resource_spans in document["result"]["resourceSpans"]:
        _check_attributes(resource_spans.get("resource", {}))
        for scope_spans in resource_spans["scopeSpans"]:
            _check_attributes(scope_spans.get("scope", {}))
            for span in scope_spans["spans"]:
                _check_v3_span(span)
                yield span


def _check_v3_span(span: dict[str, Any]) -> None:
    assert _TRACE_ID.fullmatch(span["traceId"])
    assert _SPAN_ID.fullmatch(span["spanId"])
    assert "parentSpanId" not in span or _SPAN_ID.fullmatch(span["parentSpanId"])
    for name in ("startTimeUnixNano", "endTimeUnixNano"):
        assert 0 <= int(span[name]) < 2**64
        assert isinstance(span[name], str)
    for count in (
        span.get("kind", 0),
        span.get("flags", 0),
        span.get("status", {}).get("code", 0),
        span.get("droppedAttributesCount", 0),
        span.get("droppedEventsCount", 0),
        span.get("droppedLinksCount", 0),
    ):
        assert isinstance(count, int)
        assert count >= 0
    _check_attributes(span)
    for event in span.get("events", ()):
        assert event["timeUnixNano"].isdecimal()
        assert isinstance(event["name"], str)
        _check_attributes(event)
    for link in span.get("links", ()):
        assert _TRACE_ID.fullmatch(link["traceId"])
        assert _SPAN_ID.fullmatch(link["spanId"])
        _check_attributes(link)


def _check_attributes(holder: dict[str, Any]) -> None:
    for attribute in holder.get("attributes", ()):
        assert isinstance(attribute["key"], str)
        _check_value(attribute["value"])


def _check_value(value: dict[str, Any]) -> None:
    [kind] = value.keys() & _VALUES
    one = value[kind]
    if kind == "arrayValue":
        for item in one.get("values", ()):
            _check_value(item)
    elif kind == "kvlistValue":
        for item in one.get("values", ()):
            assert isinstance(item["key"], str)
            _check_value(item["value"])
    elif kind == "intValue":
        assert isinstance(one, str)
        assert -(2**63) <= int(one) < 2**63
    elif kind == "doubleValue":
        assert isinstance(one, int | float)
    elif kind == "bytesValue":
        base64.b64decode(one, validate=True)
    else:
        assert isinstance(one, str if kind == "stringValue" else bool)


def check_v3_summaries(document: dict[str, Any]) -> None:
    """Hold an answer of `/api/v3/trace-summaries` to the page's schema."""
    for one in document["summaries"]:
        assert _TRACE_ID.fullmatch(one["traceId"])
        assert isinstance(one["rootServiceName"], str)
        assert isinstance(one["rootOperationName"], str)
        start, end = one["minStartTimeUnixNano"], one["maxEndTimeUnixNano"]
        assert isinstance(start, str)
        assert isinstance(end, str)
        assert 0 <= int(start) <= int(end) < 2**64
        for holder, name in (
            (one, "spanCount"),
            (one, "errorSpanCount"),
            (one, "orphanSpanCount"),
            *((service, "spanCount") for service in one["services"]),
            *((service, "errorSpanCount") for service in one["services"]),
        ):
            assert isinstance(holder[name], int)
            assert holder[name] >= 0
        assert all(isinstance(service["name"], str) for service in one["services"])
