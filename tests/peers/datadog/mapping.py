"""What Datadog makes of each span: the exported spans beside those that arrive at its intake."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from gutenberg_explorer import __version__
from tests.peers.datadog.intake import DatadogSpan, Intake
from tests.peers.datadog.traffic import ENVIRONMENT, Traffic
from tests.telemetry.recording import attributes as attributes_of

# Tags that every span has: of its resource and its scope, and Datadog's own.
SHARED = ("_", "otel.", "service.", "telemetry.sdk.", "deployment.", "env", "version", "span.kind")
SUFFIXES = (".hits", ".errors", ".duration", "")

Pair = tuple[Span, DatadogSpan]
"""A span as it was exported, and as it arrived."""
Group = tuple[str, str]
"""A service, and a span's name."""
Measured = dict[tuple[str, str, str], Counter[str]]
"""Trace metrics by service, operation and resource."""


def number(identifier: bytes) -> int:
    """Return an id as Datadog has it: the low 64 bits, as a number."""
    return int.from_bytes(identifier[-8:], "big")


def pairs(traffic: Traffic, intake: Intake) -> dict[Group, list[Pair]]:
    """Return each exported span with what arrived of it. Raises KeyError where one is missing."""
    arrived = {(span.meta["otel.trace_id"], span.span_id): span for span in intake.spans}
    found: dict[Group, list[Pair]] = defaultdict(list)
    for span in traffic.exported.spans:
        there = arrived[span.trace_id.hex(), number(span.span_id)]
        found[there.service, span.name].append((span, there))
    return found


def ids_are_intact(span: Span, there: DatadogSpan) -> bool:
    """Tell whether Datadog can join a span to its trace and its parent."""
    sent = (number(span.trace_id), number(span.span_id), number(span.parent_span_id))
    return sent == (there.trace_id, there.span_id, there.parent_id)


def measured(intake: Intake) -> Measured:
    """Return the trace metrics that arrived, added up."""
    found: Measured = defaultdict(Counter)
    for line in intake.hits:
        group = found[line.service, line.operation, line.resource]
        group.update(hits=line.hits, errors=line.errors, duration=line.duration)
    return found


def of_group(group: list[Pair]) -> tuple[str, str, str]:
    """Return the service, the operation and the resource that all spans of a group share."""
    [shared] = {(there.service, there.name, there.resource) for _, there in group}
    return shared


def expected(group: list[Pair]) -> Counter[str]:
    """Return what trace metrics of all spans of a group add up to."""
    total: Counter[str] = Counter()
    for span, _ in group:
        total.update(
            hits=1,
            errors=span.status.code == Status.STATUS_CODE_ERROR,
            duration=span.end_time_unix_nano - span.start_time_unix_nano,
        )
    return total


def log_fields(traffic: Traffic, span: Span) -> set[str]:
    """Return which fields of the log's lines within a span agree with the span."""
    right = {
        "trace_id": span.trace_id.hex(),
        "span_id": span.span_id.hex(),
        "dd.trace_id": str(number(span.trace_id)),
        "dd.span_id": str(number(span.span_id)),
        "dd.service": "search-backend",
        "dd.env": ENVIRONMENT,
        "dd.version": __version__,
    }
    lines = [line for line in traffic.lines if line.get("span_id") == right["span_id"]]
    return {name for name, value in right.items() if lines and all(x[name] == value for x in lines)}


def _own(names: Iterable[str]) -> list[str]:
    return sorted({name for name in names if not name.startswith(SHARED)})


def _one(values: Iterable[str]) -> str:
    [value] = set(values)
    return value


def row(
    traffic: Traffic, ways: Mapping[str, list[Pair]], metrics: Mapping[str, Measured]
) -> dict[str, Any]:
    """Return what becomes of the spans of one group. Raises ValueError where the ways differ."""
    all_pairs = [pair for group in ways.values() for pair in group]
    there = [span for _, span in all_pairs]
    service, operation, resource = of_group(all_pairs)
    names = [f"trace.{operation}{suffix}" for suffix in SUFFIXES]
    fields: set[str] = set().union(*(log_fields(traffic, span) for span, _ in all_pairs))
    return {
        "span": _one(span.name for span, _ in all_pairs),
        "service": service,
        "operation": operation,
        "resource": resource,
        "type": _one(span.type for span in there),
        "kind": _one(span.meta["span.kind"] for span in there),
        "env": _one(span.meta["env"] for span in there),
        "version": _one(span.meta["version"] for span in there).replace(__version__, "*"),
        "ids_and_parents": all(ids_are_intact(*pair) for pair in all_pairs),
        "trace_id_tags": sorted(
            name
            for name in ("_dd.p.tid", "otel.trace_id")
            if all(name in span.meta for span in there)
        ),
        "trace_metrics": {
            way: names if (service, operation, resource) in metrics[way] else [] for way in ways
        },
        "tags": _own(name for span in there for name in span.meta),
        "numbers": _own(name for span in there for name in span.metrics),
        "log_fields": sorted(fields),
    }


def spans(traffic: Traffic, ways: Mapping[str, Intake]) -> list[dict[str, Any]]:
    """Return a row for each span, by service and name."""
    arrived = {way: pairs(traffic, intake) for way, intake in ways.items()}
    metrics = {way: measured(intake) for way, intake in ways.items()}
    groups: list[Group] = sorted(set().union(*arrived.values()))
    return [row(traffic, {w: arrived[w][group] for w in ways}, metrics) for group in groups]


def attributes(traffic: Traffic, ways: Mapping[str, Intake]) -> dict[str, str]:
    """Return under each attribute of a span the tag that Datadog makes of it.

    One that is not there under its own name is found by its value, on all of the spans. Raises
    ValueError where no tag, or more than one, may be it.
    """
    candidates: dict[str, set[str]] = {}
    for way in ways.values():
        for span, there in (pair for group in pairs(traffic, way).values() for pair in group):
            sent, tags = attributes_of(span), {**there.meta, **there.metrics}
            for name, value in sent.items():
                found = {n for n, v in tags.items() if v == value and n not in sent}
                found = {name} if tags.get(name) == value else found
                candidates[name] = candidates.get(name, found) & found
    certain = {tag for found in candidates.values() if len(found) == 1 for tag in found}
    return {
        name: _one(found - certain if len(found) > 1 else found)
        for name, found in sorted(candidates.items())
    }


def mapping(traffic: Traffic, ways: Mapping[str, Intake]) -> dict[str, Any]:
    """Return what becomes of each span, and of each attribute."""
    return {"spans": spans(traffic, ways), "attributes": attributes(traffic, ways)}
