"""Which names there are in Datadog, and which of them a query uses wrongly.

Ours come from the telemetry contract and from what Datadog was seen to make of it (mapping.json);
what others send stands, with its source, in outside.json.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.contract import GROUPS

SERVICES = ("search-backend", "search-frontend")
_KINDS = {
    "counter": "count",
    "gauge": "gauge",
    "histogram": "distribution",
    "updowncounter": "gauge",
}
_METRIC = re.compile(
    r"(?<![\w.])(?P<aggregator>avg|sum|min|max|count|p\d\d):(?P<metric>[\w.]+)"
    r"\{(?P<scope>[^{}]*)\}(?: by \{(?P<groups>[^{}]*)\})?(?:\.(?P<shape>as_count|as_rate)\(\))?"
)
# What may stand around metrics in a query: functions, windows, numbers and operators.
_AROUND = re.compile(
    r"(?:default_zero|percentile|change|avg|min|max|sum|last_\d+[mh]|[\d.]+|[-+*/()<>=,: ])*"
)
_TERM = re.compile(
    r"\(|\)|\bOR\b|\bAND\b|(?P<minus>-?)(?P<key>[@\w.]+):(?P<value>\"[^\"]*\"|\(.*?\)|\S+?)(?=[\s)]|$)|\$\w+|\s+"
)


def _tag_value(text: str) -> str:
    """Return a value as it stands in a metric's tag."""
    return re.sub(r"[^\w:./-]+", "_", text.lower())


@dataclass
class Metric:
    kind: str
    tags: set[str]
    percentiles: bool = False
    values: dict[str, set[str]] = field(default_factory=dict)
    """The values that a tag may have, where they are known."""


@dataclass
class Names:
    """The names that there are."""

    metrics: dict[str, Metric]
    spans: list[dict[str, Any]]
    span_facets: set[str]
    log_fields: set[str]

    @classmethod
    def of(cls, folder: Path) -> "Names":
        mapping = json.loads((folder / "mapping.json").read_text())["spans"]
        outside = json.loads((folder / "outside.json").read_text())
        metrics = {
            name: Metric(told["kind"], set(told["tags"]))
            for name, told in outside["metrics"].items()
        }
        metrics |= _contract_metrics(outside["otlp_metrics"])
        metrics |= _trace_metrics(mapping, set(outside["trace_metrics"]["tags"]))
        facets = {*outside["span_facets"]["names"], *outside["span_resource"]["names"]}
        logged = next(g for g in GROUPS if g["id"] == "log.line")["attributes"]
        fields = {*outside["log_fields"]["names"], *(f"@{each['id']}" for each in logged)}
        return cls(metrics, mapping, facets, fields)


def _contract_metrics(told: dict[str, Any]) -> dict[str, Metric]:
    enums = {
        attribute["id"]: {str(member["value"]) for member in attribute["type"]["members"]}
        for group in GROUPS
        for attribute in group["attributes"]
        if isinstance(attribute.get("type"), dict)
    }
    found = {}
    for group in GROUPS:
        if group["type"] != "metric":
            continue
        name = group["metric_name"]
        prefix = next((p for start, p in told["prefixes"].items() if name.startswith(start)), "")
        own = {attribute["ref"] for attribute in group["attributes"]}
        values = {tag: enums[tag] for tag in own if tag in enums}
        values["service"] = {SERVICES[0]}
        found[prefix + name] = Metric(
            _KINDS[group["instrument"]], own | set(told["tags"]), values=values
        )
    return found


def _trace_metrics(mapping: list[dict[str, Any]], tags: set[str]) -> dict[str, Metric]:
    found: dict[str, Metric] = {}
    for span in mapping:
        # Those that come by either way, through the Collector and through the Agent.
        for name in set(span["trace_metrics"]["collector"]) & set(span["trace_metrics"]["agent"]):
            kind = "count" if name.endswith((".hits", ".errors")) else "distribution"
            metric = found.setdefault(name, Metric(kind, tags, kind == "distribution"))
            metric.values.setdefault("service", set()).add(span["service"])
            metric.values.setdefault("resource_name", set()).add(_tag_value(span["resource"]))
    return found


def metric_problems(names: Names, query: str) -> Iterator[str]:
    """Yield what is wrong with a query of metrics."""
    rest = _METRIC.sub("", query)
    if rest == query or not _AROUND.fullmatch(rest):
        yield f"can't be read: {query}"
    for match in _METRIC.finditer(query):
        metric = names.metrics.get(match["metric"])
        if metric is None:
            yield f"there is no metric {match['metric']}"
            continue
        yield from _aggregation_problems(metric, match)
        for tag in filter(None, (match["scope"] or "").split(",")):
            yield from _tag_problems(metric, match["metric"], tag)
        for group in filter(None, (match["groups"] or "").split(",")):
            if group not in metric.tags:
                yield f"{match['metric']} has no tag {group}"


def _aggregation_problems(metric: Metric, match: re.Match[str]) -> Iterator[str]:
    aggregator, name = match["aggregator"], match["metric"]
    if aggregator.startswith("p") and not metric.percentiles:
        yield f"{name} has no percentiles"
    if aggregator == "count" and metric.kind != "distribution":
        yield f"{name} is no distribution"
    counts = metric.kind == "count" or aggregator == "count"
    if bool(match["shape"]) is not counts:
        yield f"{name} is {'' if counts else 'not '}to be read by as_count() or as_rate()"


def _tag_problems(metric: Metric, name: str, told: str) -> Iterator[str]:
    if told.startswith("$"):
        return
    tag, _, value = told.lstrip("!").partition(":")
    if tag not in metric.tags:
        yield f"{name} has no tag {tag}"
    elif tag in metric.values and value not in metric.values[tag]:
        yield f"{name} never has {tag}:{value}"


def _terms(search: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each key of a search with its values. Raises ValueError where it can't be read."""
    place = 0
    while place < len(search):
        term = _TERM.match(search, place)
        if not term or not term[0]:
            raise ValueError(search[place:])
        place = term.end()
        if term["key"]:
            values = re.split(r" OR ", term["value"].strip("()"))
            yield term["key"], [value.strip('"') for value in values]


def span_problems(names: Names, search: str, facets: list[str]) -> Iterator[str]:
    """Yield what is wrong with a search of spans, and with the facets that it is grouped by."""
    try:
        terms = list(_terms(search))
    except ValueError as error:
        yield f"can't be read: {error}"
        return
    wanted: dict[str, set[str]] = {}
    for key, values in terms:
        wanted.setdefault(key, set()).update(values)
    selected = names.spans
    for key, member in (
        ("service",) * 2,
        ("resource_name", "resource"),
        ("operation_name", "operation"),
    ):
        if key in wanted:
            for value in wanted[key] - {span[member] for span in selected}:
                yield f"no span of this search has {key}:{value}"
            selected = [span for span in selected if span[member] in wanted[key]]
    known = names.span_facets | {f"@{n}" for s in selected for n in (*s["tags"], *s["numbers"])}
    for facet in {*wanted, *facets} - known:
        yield f"no span of this search has {facet}"


def log_problems(names: Names, search: str, fields: list[str]) -> Iterator[str]:
    """Yield what is wrong with a search of logs, and with the fields that it shows."""
    try:
        terms = list(_terms(search))
    except ValueError as error:
        yield f"can't be read: {error}"
        return
    for key, values in terms:
        if key == "service":
            for value in {*values} - {*SERVICES}:
                yield f"there is no service {value}"
    for name in {*(key for key, _ in terms), *fields} - names.log_fields:
        yield f"lines of the log have no {name}"


def problems(names: Names, thing: Any) -> Iterator[str]:
    """Yield what is wrong with the queries in an object."""
    if isinstance(thing, list):
        for each in thing:
            yield from problems(names, each)
    elif isinstance(thing, dict):
        if "data_source" in thing:
            yield from _query_problems(names, thing)
            return
        if isinstance(thing.get("query"), str):
            yield from _plain_query_problems(names, thing)
        if "columns" in thing:
            fields = [column["field"] for column in thing["columns"]]
            yield from log_problems(names, "", fields)
        for each in thing.values():
            yield from problems(names, each)


def _query_problems(names: Names, query: dict[str, Any]) -> Iterator[str]:
    source = query["data_source"]
    if source == "metrics":
        yield from metric_problems(names, query["query"])
        return
    if source == "logs_stream":
        yield from log_problems(names, query["query_string"], [query["sort"]["column"]])
        return
    compute = query["compute"]
    facets = [compute["metric"]] if "metric" in compute else []
    for group in query.get("group_by", []):
        facets += [group["facet"], *filter(None, [group["sort"].get("metric")])]
    if source == "spans":
        yield from span_problems(names, query["search"]["query"], facets)
    elif source == "logs":
        yield from log_problems(names, query["search"]["query"], facets)
    else:
        yield f"nothing is known about {source}"


def _plain_query_problems(names: Names, thing: dict[str, Any]) -> Iterator[str]:
    query = thing["query"]
    if thing["type"] == "query alert":
        yield from metric_problems(names, query)
        groups = {
            tag for match in _METRIC.finditer(query) for tag in (match["groups"] or "").split(",")
        }
        named = re.findall(r"\{\{\[?([\w.]+?)\]?\.name\}\}", thing["message"])
        for name in {*named} - groups:
            yield f"the message names {name}, by which the query does not group"
    elif thing["type"] == "slo alert":
        if not re.fullmatch(
            r'burn_rate\("\$\{slo:[\w-]+\}"\)\.over\("(7d|30d|90d)"\)'
            r'\.long_window\("\d+h"\)\.short_window\("\d+m"\) > [\d.]+',
            query,
        ):
            yield f"can't be read: {query}"
    elif thing["type"] == "manage_status":
        if query != 'tag:("managed-by:gutenberg-explorer")':
            yield f"shows other monitors: {query}"
    else:
        yield f"nothing is known about queries of {thing['type']}"
