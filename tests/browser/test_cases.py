"""Traces as senders really send them: what was recorded is what the page shows."""

import os
import re

import pytest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Status
from playwright.sync_api import Locator, Page, expect

from gutenberg_explorer.runtime.backend import Backend
from tests.browser.sent_traces import (
    CLIENT,
    CONSUMER,
    MS,
    PRODUCER,
    SECOND,
    SERVER,
    US,
    Sent,
    send,
    with_origin,
)
from tests.browser.test_trace_list import rows
from tests.signals.spans import span, text

pytestmark = pytest.mark.browser

Served = tuple[str, Backend]


def row(page: Page, name: str) -> Locator:
    return page.locator(f"[role=row][aria-label^='{name} ']")


def listed(page: Page, sent: Sent, service: str) -> Locator:
    """Open the list of a service's traces, and return the row of the one that was sent."""
    page.goto(f"/traces?service={service}")
    return page.locator(f"[data-trace-id='{sent.trace_id.hex()}']")


def place(page: Page, name: str) -> tuple[float, float]:
    """Return where a span's bar starts and ends, as shares of the time that is shown."""
    bar = row(page, name).locator(".waterfall-bar").bounding_box()
    column = page.get_by_role("columnheader", name="Time").bounding_box()
    assert bar
    assert column
    left = (bar["x"] - column["x"]) / column["width"]
    return left, left + bar["width"] / column["width"]


def assert_places(page: Page, places: dict[str, tuple[float, float]]) -> None:
    """A bar is at least two pixels wide, of some hundreds."""
    for name, (start, end) in places.items():
        assert place(page, name) == pytest.approx((start, end), abs=0.01), name


def details(page: Page, name: str) -> Locator:
    """Open the details of a span."""
    row(page, name).click()
    region = page.get_by_role("region", name="Span details")
    expect(region.get_by_role("heading", level=3)).to_have_text(name)
    return region


def fact(region: Locator, term: str) -> Locator:
    return region.locator(".facts dd").and_(
        region.locator(f"xpath=.//dt[normalize-space()='{term}']/following-sibling::dd")
    )


def test_work_that_starts_long_after_its_cause_is_drawn_then(page: Page, served: Served) -> None:
    sent = Sent()
    order = sent.add("till", "POST /orders", 0, 50 * MS, kind=SERVER)
    message = sent.add("till", "publish order", 10 * MS, MS, order, kind=PRODUCER)
    sent.add("printer", "print receipt", 10 * SECOND, 200 * MS, message, kind=CONSUMER)
    address = sent.to(served[0])
    expect(listed(page, sent, "printer").locator(".duration-cell")).to_have_text("10.2 s")
    page.goto(address)
    expect(row(page, "print receipt")).to_be_visible()
    expect(page.locator(".trace-facts strong")).to_have_text("10.2 s")
    expect(page.get_by_text(re.compile("clock", re.IGNORECASE))).to_have_count(0)
    whole = 10.2
    assert_places(
        page,
        {
            "POST /orders": (0, 0.05 / whole),
            "publish order": (0.01 / whole, 0.011 / whole),
            "print receipt": (10 / whole, 1),
        },
    )


def test_a_microsecond_is_no_reason_to_move_anything(page: Page, served: Served) -> None:
    sent = Sent()
    asked = sent.add("till", "ask for stock", 0, 100 * MS, kind=CLIENT)
    sent.add("stock", "GET /stock", -US, 10 * MS, asked, kind=SERVER)
    page.goto(sent.to(served[0]))
    expect(row(page, "GET /stock")).to_be_visible()
    expect(page.get_by_text(re.compile("clock", re.IGNORECASE))).to_have_count(0)
    assert_places(page, {"ask for stock": (0, 1), "GET /stock": (0, 0.1)})
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(fact(details(page, "ask for stock"), "Start")).to_have_text("1 µs")


def test_clocks_are_corrected_where_the_reader_wants_it(page: Page, served: Served) -> None:
    sent = Sent()
    asked = sent.add("till", "ask for stock", 0, 100 * MS, kind=CLIENT)
    answered = sent.add("stock", "GET /stock", -300 * MS, 50 * MS, asked, kind=SERVER)
    sent.add("stock", "count boxes", -290 * MS, 20 * MS, answered)
    page.goto(sent.to(served[0]))
    recorded = {
        "ask for stock": (0.75, 1.0),
        "GET /stock": (0.0, 0.125),
        "count boxes": (0.025, 0.075),
    }
    says = page.get_by_role("status").filter(has_text="clock")
    expect(says).to_contain_text("outside the client span that called it, by 300 ms")
    expect(page.locator(".trace-facts strong")).to_have_text("400 ms")
    assert_places(page, recorded)
    button = page.get_by_role("button", name="Correct the clocks")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("status")).to_contain_text("was moved by 300 ms")
    expect(page.locator(".trace-facts strong")).to_have_text("100 ms")
    assert_places(
        page,
        {"ask for stock": (0, 1), "GET /stock": (0, 0.5), "count boxes": (0.1, 0.3)},
    )
    expect(row(page, "count boxes")).to_have_accessible_name(re.compile("shifted"))
    button.click()
    expect(says).to_be_visible()
    assert_places(page, recorded)


def _tag(key: str, value: bool | str) -> KeyValue:
    if isinstance(value, bool):
        return KeyValue(key=key, value=AnyValue(bool_value=value))
    return text(key, value)


def test_errors_and_kinds_are_the_spans_own(page: Page, served: Served) -> None:
    failed = Status(code=Status.STATUS_CODE_ERROR, message="out of paper")
    fine = Status(code=Status.STATUS_CODE_OK, message="as it should be")
    sent = Sent()
    root = sent.add("errands", "errand", 0, 10 * MS)
    cases: dict[str, dict[str, object]] = {
        "only says so": {"attributes": [_tag("error", True)]},
        "says why": {"attributes": [_tag("error", "timeout")], "status": failed},
        "denies it": {"attributes": [_tag("error", False)], "status": failed},
        "went well": {"status": fine},
        "calls itself a fruit": {"attributes": [_tag("span.kind", "banana")]},
    }
    for number, (name, more) in enumerate(cases.items()):
        sent.add("errands", name, number * MS, MS, root, **more)
    address = sent.to(served[0])
    entry = listed(page, sent, "errands")
    expect(entry.locator(".badge-error")).to_have_text("2 errors")
    page.goto("/traces?service=errands&errors=true")
    expect(rows(page)).to_have_count(1)
    page.goto(address)
    expect(page.locator(".trace-facts .badge-error")).to_have_text("2 errors")
    red = page.locator("[role=row][data-error='true'] .waterfall-text")
    expect(red).to_have_text(["says why", "denies it"])
    expect(details(page, "went well")).to_contain_text("OK: as it should be")
    expect(details(page, "says why").locator(".span-error")).to_have_text("Error: out of paper")
    shown = details(page, "denies it")
    expect(shown.locator(".tags").first).to_have_text("errorfalse")
    fruit = details(page, "calls itself a fruit")
    expect(fact(fruit, "Kind")).to_have_text("INTERNAL")
    expect(fruit.locator(".tags").first).to_have_text("span.kindbanana")
    # The same once more where two traces are compared.
    page.goto(f"{address}?with={sent.trace_id.hex()}")
    first = page.get_by_role("region", name="First trace")
    expect(first.locator("dd.failed")).to_have_text("2")
    expect(page.get_by_role("table").locator("small.failed").first).to_have_text("1 error")


def test_a_long_name_costs_no_other_span(page: Page, served: Served) -> None:
    sent = Sent()
    long = sent.add("talkers", "word " * 400, 0, MS)
    sent.add("talkers", "brief", 0, MS, long)
    page.goto(sent.to(served[0]))
    expect(row(page, "brief")).to_be_visible()
    clipped = page.get_by_role("heading", level=1)
    expect(clipped).to_contain_text("word word")
    assert 500 < len(clipped.inner_text()) < 1_800


def test_a_long_word_in_a_name_does_not_widen_the_page(page: Page, served: Served) -> None:
    sent = Sent()
    word = "n" * 900
    long = sent.add(word, word, 0, MS)
    sent.add("talkers", "brief", 0, MS, long)
    for address in (f"{sent.to(served[0])}?span={long.span_id.hex()}", f"{served[0]}/traces"):
        page.goto(address)
        expect(page.get_by_text(word).first).to_be_attached()
        width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(width) == 0


def test_a_service_without_a_name_costs_no_other(page: Page, served: Served) -> None:
    sent = Sent()
    nobody = span("from nobody", trace_id=sent.trace_id, start_ns=sent.began)
    sent.add("neighbours", "from a neighbour", 0, MS, nobody)
    page.goto(sent.to(served[0], ResourceSpans(scope_spans=[ScopeSpans(spans=[nobody])])))
    expect(row(page, "from a neighbour")).to_be_visible()
    expect(row(page, "from nobody")).to_have_accessible_name(re.compile("service unknown_service"))


def test_a_circle_is_called_a_circle(page: Page, served: Served) -> None:
    sent = Sent()
    hen = sent.add("yard", "hen", 0, MS)
    egg = sent.add("yard", "egg", US, MS, hen)
    hen.parent_span_id = egg.span_id
    page.goto(sent.to(served[0]))
    expect(page.locator(".notice")).to_have_text(
        "The parents of 2 spans form a circle (a cycle). It is cut at hen."
    )
    expect(row(page, "hen")).to_have_attribute("aria-level", "1")
    expect(row(page, "egg")).to_have_attribute("aria-level", "2")
    expect(page.get_by_role("heading", level=1)).to_have_text("hen")


def test_times_below_a_microsecond_are_told(page: Page, served: Served) -> None:
    sent = Sent()
    root = sent.add("quick", "short", 0, 2_400)
    for length in (300, 450, 999):
        sent.add("quick", f"{length} long", 100, length, root)
    address = sent.to(served[0])
    expect(listed(page, sent, "quick").locator(".duration-cell")).to_have_text("2.4 µs")
    page.goto(address)
    for length in (300, 450, 999):
        expect(row(page, f"{length} long").locator(".waterfall-duration")).to_have_text(
            f"{length} ns"
        )
    expect(row(page, "short").locator(".waterfall-duration")).to_have_text("2.4 µs")
    expect(page.get_by_role("columnheader", name="Time").locator(".tick").nth(1)).to_have_text(
        "500 ns"
    )
    assert_places(page, {"short": (0, 1), "450 long": (100 / 2_400, 550 / 2_400)})


def test_all_that_was_sent_of_a_span_is_shown(page: Page, served: Served) -> None:
    linked = Sent()
    other = linked.add("farm", "plan the day", 0, MS)
    linked.to(served[0])
    sent = Sent()
    one = span("feed", trace_id=sent.trace_id, start_ns=sent.began)
    one.trace_state = "farm=1"
    one.dropped_attributes_count = 3
    one.dropped_events_count = 1
    one.dropped_links_count = 4
    one.events.add(
        time_unix_nano=sent.began + 450,
        name="grain",
        attributes=[text("event", "harvest")],
        dropped_attributes_count=1,
    )
    one.links.add(
        trace_id=other.trace_id, span_id=other.span_id, attributes=[text("link.why", "planned")]
    )
    page.goto(sent.to(served[0], with_origin("farm", [one])))
    shown = details(page, "feed")
    for said in (
        "farm=1",
        "3 attributes were dropped or truncated.",
        "1 event was dropped.",
        "grain +450 ns (450 ns into the trace)",
        "eventharvest",
        "4 links were dropped.",
        f"span {other.span_id.hex()}",
        "link.whyplanned",
        "yard.http",
        "4.5",
        "https://opentelemetry.io/schemas/1.24.0",
        "north-1",
        "https://opentelemetry.io/schemas/1.30.0",
    ):
        expect(shown).to_contain_text(said)
    shown.get_by_role("link", name=other.trace_id.hex()).click()
    selected = page.locator("[role=row][aria-selected='true']")
    expect(selected).to_have_accessible_name(re.compile("^plan the day"))


def test_a_second_span_of_an_id_is_told_and_changes_no_time(page: Page, served: Served) -> None:
    sent = Sent()
    kept = sent.add("twins", "the first", 0, 3 * MS)
    address = sent.to(served[0])
    send(served[0], "twins", span("the second", trace_id=sent.trace_id, span_id=kept.span_id))
    expect(listed(page, sent, "twins").locator(".duration-cell")).to_have_text("3 ms")
    page.goto(address)
    expect(page.locator(".notice")).to_have_text(
        "One span was not stored, because a different span with the same ID arrived first."
    )
    expect(page.locator(".trace-facts strong")).to_have_text("3 ms")


def test_services_are_named_where_colours_are_too_few(page: Page, served: Served) -> None:
    sent = Sent()
    root = sent.add("service 0", "step 0", 0, 10 * MS)
    for number in range(1, 7):
        sent.add(f"service {number}", f"step {number}", number * MS, MS, root)
    page.goto(sent.to(served[0]))
    for number in range(7):
        expect(row(page, f"step {number}").locator(".waterfall-service")).to_have_text(
            f"service {number}"
        )


def test_names_of_any_script_or_none_stay_in_their_place(page: Page, served: Served) -> None:
    sent = Sent()
    root = sent.add("متجر", "طلب \u202e GET", 0, 10 * MS, attributes=[text("مفتاح", "قيمة")])
    sent.add("متجر", "", MS, MS, root)
    page.goto(sent.to(served[0]))
    expect(row(page, "(no name)")).to_be_visible()
    named = page.locator(".waterfall-row").first
    # The name begins where every name begins, and the duration stays to the right of its bar.
    assert named.locator("bdi").first.evaluate("(e) => getComputedStyle(e).unicodeBidi") == (
        "isolate"
    )
    expect(named.locator(".waterfall-duration")).to_have_text("10 ms")
    named.click()
    shown = page.get_by_role("region", name="Span details")
    expect(shown.locator("dd bdi").filter(has_text="قيمة")).to_have_count(1)
    expect(shown.locator("dt bdi").filter(has_text="مفتاح")).to_have_count(1)


def test_list_and_page_call_a_trace_by_the_same_root(page: Page, served: Served) -> None:
    sent = Sent()
    # The first span has a parent that is missing; the root starts later.
    early = sent.add("roots", "early orphan", 0, MS)
    early.parent_span_id = os.urandom(8)
    sent.add("roots", "real root", 5 * MS, MS)
    address = sent.to(served[0])
    expect(listed(page, sent, "roots").get_by_role("link")).to_have_text("real root")
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("real root")
    expect(page.locator(".notice")).to_contain_text("One parent span has not arrived.")
