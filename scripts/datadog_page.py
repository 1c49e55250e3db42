"""The tables of docs/datadog.md, made from deploy/datadog/mapping.json, which a test observes."""

from typing import Any

from scripts.telemetry_page import between, table

Mapping = dict[str, Any]


def _yes(value: object) -> str:
    return "yes" if value else "–"


def _code(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "–"


def spans(mapping: Mapping) -> str:
    """Return the table of spans."""
    head = (
        *("span", "service", "operation", "resource", "type", "`span.kind`", "env", "version"),
        *("metrics: Collector", "metrics: Agent", "ids and parent", "log line"),
    )
    rows = (
        (
            f"`{each['span']}`",
            each["service"],
            f"`{each['operation']}`",
            f"`{each['resource']}`",
            each["type"],
            each["kind"],
            each["env"],
            "the service's",
            _yes(each["trace_metrics"]["collector"]),
            _yes(each["trace_metrics"]["agent"]),
            _yes(each["ids_and_parents"]),
            _yes(each["log_fields"]),
        )
        for each in mapping["spans"]
    )
    return table(head, rows)


def tags(mapping: Mapping) -> str:
    """Return the table of what each span can be filtered and grouped by."""
    rows = (
        (f"`{each['span']}`", _code(each["tags"]), _code(each["numbers"]))
        for each in mapping["spans"]
        if each["tags"] or each["numbers"]
    )
    return table(("span", "tags", "numbers"), rows)


def renamed(mapping: Mapping) -> str:
    """Return the table of attributes that have another name at Datadog."""
    rows = (
        (f"`{name}`", f"`{tag}`", f"`@{tag}`")
        for name, tag in mapping["attributes"].items()
        if name != tag
    )
    return table(("attribute", "tag", "in a query"), rows)


def log_fields(mapping: Mapping) -> str:
    """Return the list of fields in which a line of the log agrees with its span."""
    [fields] = {tuple(each["log_fields"]) for each in mapping["spans"] if each["log_fields"]}
    return _code(list(fields))


def filled(page: str, mapping: Mapping) -> str:
    """Return `page` with each table between its markers. Raises ValueError when one has none."""
    parts = {"spans": spans, "tags": tags, "renamed": renamed, "log fields": log_fields}
    for name, part in parts.items():
        page = between(page, name, part(mapping))
    return page
