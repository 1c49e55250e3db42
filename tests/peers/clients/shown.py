"""What the page shows of a trace, against the spans that were sent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from playwright.sync_api import Locator, Page, expect

from tests.peers.clients.spans import Sent

_NANOSECONDS = {"ns": 1, "µs": 1_000, "ms": 1_000_000, "s": 1_000_000_000}
_ROWS = """rows => rows.map((row) => ({
  id: row.dataset.spanId,
  label: row.ariaLabel,
  level: Number(row.ariaLevel),
  name: row.querySelector(".waterfall-text").textContent,
  duration: row.querySelector(".waterfall-duration").textContent,
}))"""
_FACTS = """facts => facts.map((fact) =>
  [fact.querySelector("dt").textContent, fact.querySelector("dd").textContent])"""


@dataclass(frozen=True)
class Row:
    """A row of the waterfall: its span, and what can be read in it."""

    id: str
    label: str
    level: int
    name: str
    duration: str

    @property
    def marks(self) -> list[str]:
        """What the row is called by, after its name and duration."""
        return self.label.split(", ")[1:]


def mistakes(page: Page, trace: list[Sent]) -> list[str]:
    """Open a trace's page; return where it does not show the spans that were sent."""
    page.goto(f"/traces/{trace[0].id[0]}")
    grid = page.get_by_role("treegrid", name="Trace waterfall")
    expect(grid).to_have_attribute("aria-rowcount", str(len(trace) + 1), timeout=60_000)
    legend = page.get_by_role("list", name="Services").get_by_role("listitem")
    services = sorted(legend.all_text_contents())
    rows = [Row(**row) for row in grid.locator("[data-span-id]").evaluate_all(_ROWS)]
    sent = {each.id[1]: each for each in trace}
    found = [] if services == sorted({e.service for e in trace}) else [f"services {services}"]
    if sorted(row.id for row in rows) != sorted(sent):
        return [*found, f"rows {rows}"]
    found += _misplaced(rows, sent)
    for row in rows:
        found += _of_row(row, sent[row.id])
        grid.locator(f"[data-span-id='{row.id}']").click()
        details = page.get_by_role("region", name="Span details")
        expect(details).to_contain_text(row.id)
        found += _of_details(details, sent[row.id])
    return found


def _misplaced(rows: list[Row], sent: dict[str, Sent]) -> Iterator[str]:
    """Yield each row that is not below its parent, or stands before a span that started earlier."""
    above: list[Row] = []
    children: dict[str, list[int]] = {}
    for row in rows:
        span = sent[row.id].span
        del above[row.level - 1 :]
        parent = above[-1].id if above else ""
        if len(above) != row.level - 1 or parent != span.parent_span_id.hex():
            yield f"{row.label} is below {parent or 'nothing'}"
        children.setdefault(parent, []).append(span.start_time_unix_nano)
        above.append(row)
    for parent, starts in children.items():
        if any(before > after for before, after in pairwise(starts)):
            yield f"the order of the rows below {parent or 'nothing'}"


def _of_row(row: Row, sent: Sent) -> Iterator[str]:
    span = sent.span
    if row.name != span.name or not row.label.startswith(f"{span.name} {row.duration}"):
        yield f"{row.label} is the name of {span.name}"
    if f"service {sent.service}" not in row.marks:
        yield f"{row.label} does not name {sent.service}"
    if ("error" in row.marks) != (span.status.code == Status.STATUS_CODE_ERROR):
        yield f"{row.label} has the status {span.status.code}"
    if not _is_duration(row.duration, span):
        yield f"{row.duration} is the duration of {span}"


def _of_details(details: Locator, sent: Sent) -> Iterator[str]:
    span, failed = sent.span, sent.span.status.code == Status.STATUS_CODE_ERROR
    facts = dict(details.locator("dl.facts > div").evaluate_all(_FACTS))
    kind = Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_")
    if (facts["Service"], facts["Kind"]) != (sent.service, kind):
        yield f"{facts} are the facts of {span}"
    if not _is_duration(facts["Duration"], span):
        yield f"{facts['Duration']} is the duration of {span}"
    said = " ".join(details.locator(".span-error").all_text_contents())
    if bool(said) != failed or (failed and span.status.message not in said):
        yield f"{said!r} is the error of {span}"


def _is_duration(text: str, span: Span) -> bool:
    """Tell whether a text is the span's duration, rounded to its last digit."""
    match = re.fullmatch(r"(\d+(?:\.(\d+))?) (\w+)", text)
    assert match, text
    unit = _NANOSECONDS[match[3]]
    digit: float = unit / 10 ** len(match[2] or "")
    nanoseconds: int = span.end_time_unix_nano - span.start_time_unix_nano
    return abs(float(match[1]) * unit - nanoseconds) <= digit / 2
