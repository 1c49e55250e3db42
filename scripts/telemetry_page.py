"""The tables of docs/telemetry.md, made from the contract. The text around them is hand-written."""

import re
from collections.abc import Callable, Iterable
from typing import Any

Groups = list[dict[str, Any]]


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a table."""
    first, *rest = ("| " + " | ".join(cells) + " |" for cells in [head, *rows])
    return "\n".join([first, "|" + "---|" * (first.count("|") - 1), *rest])


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _level(attribute: dict[str, Any]) -> str:
    """Return an attribute of a span or a metric with what is required of it."""
    level = attribute["requirement_level"]
    if isinstance(level, dict):
        level = next(iter(level.values()))
    return f"`{attribute['ref']}`" + ("" if level == "required" else f" ({level})")


def _attributes(group: dict[str, Any]) -> str:
    return "<br>".join(map(_level, group["attributes"])) or "–"


def _of_type(groups: Groups, kind: str) -> Groups:
    return [g for g in groups if g["type"] == kind]


def spans(groups: Groups) -> str:
    """Return the table of spans."""
    rows = (
        (
            f"`{g['annotations']['name']}`",
            g["span_kind"].upper(),
            ", ".join(g["annotations"]["services"]),
            _code(g["annotations"]["parents"]) or "none",
            g["brief"],
            _attributes(g),
        )
        for g in _of_type(groups, "span")
    )
    return table(("span", "kind", "service", "parents", "what it is", "attributes"), rows)


def _type(attribute: dict[str, Any]) -> str:
    kind = attribute["type"]
    return "enum" if isinstance(kind, dict) else str(kind)


def _values(attribute: dict[str, Any]) -> str:
    if isinstance(attribute["type"], dict):
        members = attribute["type"]["members"]
        return "<br>".join(f"`{m['value']}`: {m['brief']}" for m in members)
    return _code(str(example) for example in attribute["examples"])


def _defined(attributes: Iterable[dict[str, Any]], head: tuple[str, ...]) -> str:
    rows = ((f"`{a['id']}`", _type(a), a["brief"], _values(a)) for a in attributes)
    return table(head, rows)


def attributes(groups: Groups) -> str:
    """Return the table of the attributes that are our own."""
    ours = [a for g in groups if g["id"].startswith("registry.") for a in g["attributes"]]
    return _defined(ours, ("attribute", "type", "what it is", "values or examples"))


def metrics(groups: Groups) -> str:
    """Return the table of metrics."""
    rows = (
        (
            f"`{g['metric_name']}`",
            g["instrument"],
            f"`{g['unit']}`",
            g["brief"],
            _attributes(g),
            ", ".join(f"{bound:g}" for bound in g["annotations"].get("buckets", ())) or "–",
        )
        for g in _of_type(groups, "metric")
    )
    return table(("metric", "instrument", "unit", "what it is", "attributes", "buckets"), rows)


def log_fields(groups: Groups) -> str:
    """Return the table of the log's fields."""
    [line] = [g for g in groups if g["id"] == "log.line"]
    return _defined(line["attributes"], ("field", "type", "what it is", "examples"))


TABLES: dict[str, Callable[[Groups], str]] = {
    "spans": spans,
    "attributes": attributes,
    "metrics": metrics,
    "log fields": log_fields,
}


def between(page: str, name: str, made: str) -> str:
    """Return `page` with `made` between a name's markers. Raises ValueError when it has none."""
    begin, end = f"<!-- generated: {name} -->", "<!-- end -->"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    page, count = pattern.subn(lambda _: f"{begin}\n\n{made}\n\n{end}", page)
    if count != 1:
        raise ValueError(f"the page has {count} places for {name}")
    return page


def filled(page: str, groups: Groups) -> str:
    """Return `page` with each table between its markers. Raises ValueError when one has none."""
    for name, made in TABLES.items():
        page = between(page, name, made(groups))
    return page
