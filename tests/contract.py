"""The telemetry contract as a judge: what it lists must be emitted, and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from gutenberg_explorer import telemetry
from tests.telemetry.recording import attributes

CONTRACT = Path(telemetry.__file__).with_name("contract.yaml")
GROUPS = yaml.load(CONTRACT.read_text(), yaml.CSafeLoader)["groups"]
SERVER = "{http.request.method} {http.route}"


@dataclass
class Judge:
    """Compares the spans of one service with the contract, and remembers what it has seen."""

    service: str
    seen: dict[str, set[str]] = field(default_factory=dict)

    @property
    def listed(self) -> dict[str, dict[str, Any]]:
        """The service's spans in the contract, by name."""
        return {
            g["annotations"]["name"]: g
            for g in GROUPS
            if g["type"] == "span" and self.service in g["annotations"]["services"]
        }

    def judge(self, spans: list[Span]) -> None:
        """Fail for a span, a kind, a parent or an attribute that the contract does not list."""
        names = {span.span_id: span.name for span in spans}
        for span in spans:
            name = SERVER if span.kind == Span.SPAN_KIND_SERVER else span.name
            assert name in self.listed, f"{self.service} emits {name}, which is not listed"
            group = self.listed[name]
            kind = Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower()
            assert kind == group["span_kind"]
            parents = group["annotations"]["parents"]
            if span.parent_span_id in names:
                assert names[span.parent_span_id] in parents
            allowed = {a["ref"]: a["requirement_level"] for a in group["attributes"]}
            found = set(attributes(span))
            assert found <= set(allowed), f"{name} has {found - set(allowed)}, not listed"
            required = {ref for ref, level in allowed.items() if level == "required"}
            assert required <= found, f"{name} lacks {required - found}"
            self.seen.setdefault(name, set()).update(found)

    def assert_all_seen(self) -> None:
        """Fail when the contract lists a span or an attribute of one that was not emitted."""
        listed = {n: {a["ref"] for a in g["attributes"]} for n, g in self.listed.items()}
        unseen = set(listed) - set(self.seen)
        assert not unseen, f"nothing emits {unseen}"
        missing = {n: refs - self.seen[n] for n, refs in listed.items() if refs - self.seen[n]}
        assert not missing, f"nothing emits {missing}"


def points(metric: Metric) -> list[Any]:
    """Return a metric's data points."""
    kind = metric.WhichOneof("data")
    assert kind
    return list(getattr(metric, kind).data_points)


def _instrument(metric: Metric) -> str:
    """Return what the contract calls the kind of a metric's data."""
    kind = str(metric.WhichOneof("data"))
    if kind == "sum":
        return "counter" if metric.sum.is_monotonic else "updowncounter"
    return kind


def judge_metrics(metrics: Iterable[Metric]) -> None:
    """Fail for a metric that the contract does not list as it is, and for one that is missing."""
    listed = {g["metric_name"]: g for g in GROUPS if g["type"] == "metric"}
    seen: dict[str, set[str]] = {name: set() for name in listed}
    for metric in metrics:
        assert metric.name in listed, f"{metric.name} is not listed"
        group = listed.pop(metric.name)
        assert _instrument(metric) == group["instrument"], metric.name
        assert (metric.unit, metric.description) == (group["unit"], group["brief"])
        allowed = {a["ref"]: a["requirement_level"] for a in group["attributes"]}
        required = {ref for ref, level in allowed.items() if level == "required"}
        for point in points(metric):
            if group["instrument"] == "histogram":
                assert list(point.explicit_bounds) == group["annotations"]["buckets"]
            found = {pair.key for pair in point.attributes}
            assert required <= found <= set(allowed), f"{metric.name} has {found}"
            seen[metric.name] |= found
        unseen = set(allowed) - seen[metric.name]
        assert not unseen, f"{metric.name} never has {unseen}"
    assert not listed, f"nothing emits {set(listed)}"
