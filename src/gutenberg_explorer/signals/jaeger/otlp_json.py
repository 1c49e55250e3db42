"""Stored traces as Jaeger's API v3 has them: OTLP's JSON in the frame of grpc-gateway.

Jaeger's page holds an answer to a schema (jaegertracing/jaeger-ui, packages/jaeger-ui/src/api/v3:
schemas.ts), and refuses a whole trace for one value that the schema does not know. OTLP allows
values that it refuses: these are written in another way here. `to_otlp` has them as they were sent.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from gutenberg_explorer.signals.otlp.json_writer import to_otlp
from gutenberg_explorer.signals.receiver.bounds import SPAN_ID_BYTES, TRACE_ID_BYTES, valid_id
from gutenberg_explorer.signals.traces.model import StoredTrace

Document = dict[str, Any]


def to_jaeger_v3(traces: Iterable[StoredTrace]) -> Document:
    """Return the traces as `{"result": TracesData}`."""
    resource_spans = [one for trace in traces for one in to_otlp(trace)["resourceSpans"]]
    for one in resource_spans:
        _mend_attributes(one.get("resource", {}))
        for scope_spans in one["scopeSpans"]:
            _mend_attributes(scope_spans.get("scope", {}))
            for span in scope_spans["spans"]:
                _mend_span(span)
    return {"result": {"resourceSpans": resource_spans}}


def _mend_span(span: Document) -> None:
    for name in ("startTimeUnixNano", "endTimeUnixNano"):
        span.setdefault(name, "0")
    if not _valid(span.get("parentSpanId", ""), SPAN_ID_BYTES):
        span.pop("parentSpanId", None)
    for holder, name in ((span, "kind"), (span.get("status", {}), "code")):
        if holder.get(name, 0) < 0:
            del holder[name]
    _mend_attributes(span)
    for event in span.get("events", ()):
        event.setdefault("timeUnixNano", "0")
        event.setdefault("name", "")
        _mend_attributes(event)
    if "links" in span:
        span["links"] = [
            link
            for link in span["links"]
            if _valid(link.get("traceId", ""), TRACE_ID_BYTES)
            and _valid(link.get("spanId", ""), SPAN_ID_BYTES)
        ]
        for link in span["links"]:
            _mend_attributes(link)


def _valid(text: str, length: int) -> bool:
    return valid_id(bytes.fromhex(text), length)


def _mend_attributes(holder: Document) -> None:
    for value in _values(holder.get("attributes", ())):
        if not value:
            value["stringValue"] = ""
        # NaN and the infinities, which JSON has no numbers for.
        elif isinstance(value.get("doubleValue"), str):
            value["stringValue"] = value.pop("doubleValue")


def _values(attributes: Iterable[Document]) -> Iterator[Document]:
    """Yield each attribute's value and the values inside of it; name those without a name."""
    for attribute in attributes:
        attribute.setdefault("key", "")
        waiting = [attribute.setdefault("value", {})]
        while waiting:
            value = waiting.pop()
            yield value
            waiting += value.get("arrayValue", {}).get("values", ())
            for item in value.get("kvlistValue", {}).get("values", ()):
                item.setdefault("key", "")
                waiting.append(item.setdefault("value", {}))
