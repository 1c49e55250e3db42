"""The list of traces, and two of them compared."""

import os
import re
import time
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Status
from playwright.sync_api import Locator, Page, expect

from tests.browser.sent_traces import MS, send
from tests.browser.test_search import shown, submit
from tests.signals.spans import span

pytestmark = pytest.mark.browser


def send_traces(address: str, service: str, *, count: int, failed: int = 0) -> None:
    """Send so many traces of 1, 2, 3 … ms, the last of which are `failed` inside."""
    for number in range(1, count + 1):
        trace_id = os.urandom(16)
        root = span(
            "POST /pay",
            trace_id=trace_id,
            start_ns=time.time_ns() - number * 10**9,
            duration_ns=number * MS,
        )
        is_failed = number > count - failed
        child = span(
            "charge card",
            trace_id=trace_id,
            parent=root.span_id,
            start_ns=root.start_time_unix_nano,
            status=Status(code=Status.STATUS_CODE_ERROR) if is_failed else None,
        )
        send(address, service, root, child)


def rows(page: Page) -> Locator:
    return page.get_by_role("table", name="Traces").locator("tbody").get_by_role("row")


def test_a_search_is_recognised_by_its_words(harbour_page: Page) -> None:
    page = harbour_page
    page.goto("/")
    answer = submit(page, "lighthouse keeper")
    shown(page)
    page.goto("/traces")
    row = rows(page).and_(page.locator(f"[data-trace-id='{answer['trace_id']}']"))
    expect(row.get_by_role("link", name="“lighthouse keeper” frontend_search")).to_be_visible()
    expect(row.get_by_role("cell", name=re.compile("search-frontend"))).to_be_visible()
    started = row.get_by_text(re.compile("^(now|.* ago)$"))
    started.hover()
    expect(started).to_have_attribute("title", re.compile(r"\d{4}"))


def test_a_query_that_is_not_kept_is_not_shown(discreet_page: Page) -> None:
    page = discreet_page
    page.goto("/")
    submit(page, "lighthouse")
    shown(page)
    page.goto("/traces")
    expect(rows(page).get_by_role("link", name="frontend_search").first).to_have_text(
        re.compile(r"^\s*frontend_search$")
    )


def test_filters_and_the_way_back(harbour_page: Page, harbour: str) -> None:
    page = harbour_page
    send_traces(harbour, "filtered-service", count=6, failed=2)
    page.goto("/traces")
    page.get_by_role("combobox", name="Service").select_option("filtered-service")
    expect(rows(page)).to_have_count(6)
    page.get_by_role("checkbox", name="Only with errors").check()
    expect(rows(page)).to_have_count(2)
    expect(rows(page).get_by_text("1 error")).to_have_count(2)
    page.get_by_role("spinbutton", name="At least (ms)").fill("6")
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_count(1)
    filtered = page.url
    for count in (2, 6):
        page.go_back()
        expect(rows(page)).to_have_count(count)
    expect(page.get_by_role("checkbox", name="Only with errors")).not_to_be_checked()
    page.goto(filtered)
    expect(rows(page)).to_have_count(1)
    expect(page.get_by_role("spinbutton", name="At least (ms)")).to_have_value("6")
    page.get_by_role("spinbutton", name="At least (ms)").fill("100000")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("heading", name="No trace matches")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Reset filters").last.click()
    expect(page).to_have_url(re.compile("/traces$"))
    expect(rows(page).first).to_be_visible()


def test_an_operation_is_one_of_its_service(harbour_page: Page, harbour: str) -> None:
    page = harbour_page
    send_traces(harbour, "operated-service", count=1)
    page.goto("/traces")
    operation = page.get_by_role("combobox", name="Operation")
    expect(operation).to_be_disabled()
    page.get_by_role("combobox", name="Service").select_option("operated-service")
    operation.select_option("charge card")
    expect(page).to_have_url(re.compile(r"operation=charge\+card"))
    expect(rows(page)).to_have_count(1)


def test_a_bar_of_the_histogram_by_keyboard(harbour_page: Page, harbour: str) -> None:
    page = harbour_page
    send_traces(harbour, "drawn-service", count=9, failed=1)
    page.goto("/traces?service=drawn-service")
    durations = page.get_by_role("region", name="Durations")
    expect(durations.get_by_text("Median 5 ms, 95th percentile 9 ms.")).to_be_visible()
    expect(durations.get_by_role("link")).to_have_count(7)
    bar = durations.get_by_role(
        "link", name=re.compile("^8 ms to 10 ms: 2 traces, 1 with an error")
    )
    bar.focus()
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_count(2)
    expect(page).to_have_url(re.compile("min=8&max=10"))
    expect(durations.get_by_role("link")).to_have_count(7)
    bar.press("Enter")
    expect(rows(page)).to_have_count(9)


def test_more_rows(harbour_page: Page, harbour: str) -> None:
    page = harbour_page
    send_traces(harbour, "busy-service", count=40)
    page.goto("/traces?service=busy-service")
    expect(page.get_by_text("40 traces, 25 shown")).to_be_visible()
    page.get_by_role("button", name="Show more").click()
    expect(rows(page)).to_have_count(40)
    rows(page).last.get_by_role("link").click()
    expect(page.get_by_role("treegrid")).to_be_visible()
    page.go_back()
    expect(rows(page)).to_have_count(40)


def test_a_live_list(harbour_page: Page, harbour: str) -> None:
    page = harbour_page
    send_traces(harbour, "live-service", count=2)
    page.goto("/traces?service=live-service")
    expect(rows(page)).to_have_count(2)
    page.get_by_role("checkbox", name="Live update").check()
    expect(page).to_have_url(re.compile("live=true"))
    first = page.get_by_text("1 new trace")
    send(harbour, "live-service", span("one", trace_id=os.urandom(16)))
    expect(rows(page)).to_have_count(3)
    expect(first.and_(page.get_by_role("status"))).to_have_count(1)
    # What is in use does not move.
    used = rows(page).nth(1).get_by_role("link")
    used.focus()
    before = used.bounding_box()
    send(harbour, "live-service", span("two", trace_id=os.urandom(16)))
    waiting = page.get_by_role("button", name="1 new trace")
    expect(waiting).to_be_visible()
    expect(used).to_be_focused()
    assert used.bounding_box() == before
    waiting.click()
    expect(rows(page)).to_have_count(4)


@pytest.mark.peers
def test_a_live_list_is_not_told_of_its_own_questions(harbour_page: Page, harbour: str) -> None:
    page = harbour_page
    page.goto("/traces?live=true")
    expect(rows(page).first).to_be_visible()
    with urlopen(f"{harbour}/api/trace-summaries") as answer:
        before = answer.read().split(b'"since"')[0]
    for _ in range(2):
        with page.expect_response(re.compile("/api/trace-summaries.*since=")):
            pass
    with urlopen(f"{harbour}/api/trace-summaries") as answer:
        assert answer.read().split(b'"since"')[0] == before


@pytest.mark.peers
def test_a_live_list_without_its_server(harbour_page: Page) -> None:
    page = harbour_page
    page.goto("/traces?live=true")
    expect(rows(page).first).to_be_visible()
    page.route("**/api/trace-summaries?*", lambda route: route.abort())
    expect(page.get_by_text(re.compile("tries again every 4 s"))).to_be_visible()
    expect(rows(page).first).to_be_visible()
    page.unroute("**/api/trace-summaries?*")
    expect(page.get_by_text(re.compile("tries again every"))).to_have_count(0)


def search_by_api(harbour: str, query: str) -> str:
    """Search without a browser; return the trace's id."""
    with urlopen(f"{harbour}/search?{urlencode({'q': query, 'method': 'bm25'})}") as answer:
        found: str = answer.headers["traceresponse"].split("-")[1]
    return found


def test_two_traces_compared(harbour_page: Page, harbour: str) -> None:
    page = harbour_page
    ids = [search_by_api(harbour, query) for query in ("harpooner", "lighthouse")]
    page.goto(f"/traces/{ids[0]}")
    page.get_by_role("link", name="Compare with…").click()
    bar = page.get_by_role("region", name="Traces to compare")
    expect(bar.get_by_text("“harpooner”")).to_be_visible()
    other = rows(page).and_(page.locator(f"[data-trace-id='{ids[1]}']"))
    other.get_by_role("checkbox").check()
    bar.get_by_role("link", name="Compare", exact=True).click()
    expect(page).to_have_url(re.compile(f"/traces/{ids[0]}\\?with={ids[1]}$"))
    for side, query in (("First trace", "harpooner"), ("Second trace", "lighthouse")):
        header = page.get_by_role("region", name=side)
        expect(header.get_by_role("link", name=f"“{query}” GET /search")).to_be_visible()
    table = page.get_by_role("table", name="Spans of both traces")
    snippets = table.get_by_role("row", name=re.compile("generate_snippet"))
    # One book has the word harpooner, and more than one a lighthouse.
    expect(snippets).to_have_count(1)
    expect(snippets.get_by_text(re.compile("× .* on average"))).to_have_count(1)
    names = table.locator("tbody").get_by_role("rowheader")
    expect(names.first).to_contain_text("GET /search")
    in_tree = names.all_text_contents()
    table.get_by_role("link", name="Difference").click()
    expect(page).to_have_url(re.compile("sort=difference"))
    by_difference = table.get_by_role("columnheader", name="Difference")
    expect(by_difference).to_have_attribute("aria-sort", "descending")
    assert sorted(names.all_text_contents()) == sorted(in_tree)
    page.get_by_role("link", name="Swap").click()
    expect(page).to_have_url(re.compile(f"/traces/{ids[1]}\\?with={ids[0]}$"))
    page.get_by_role("region", name="First trace").get_by_role("link").click()
    expect(page.get_by_role("treegrid")).to_be_visible()


def test_a_trace_compared_with_itself(harbour_page: Page, harbour: str) -> None:
    page = harbour_page
    trace_id = search_by_api(harbour, "harpooner")
    page.goto(f"/traces/{trace_id}?with={trace_id}")
    expect(page.get_by_text("Both traces took the same time.")).to_be_visible()
    differences = page.locator(".difference-text").all_text_contents()
    assert len(differences) > 5
    assert all(text.startswith("±0") for text in differences)


def test_a_search_of_the_page_compared_with_one_of_the_shell(
    harbour_page: Page, harbour: str
) -> None:
    page = harbour_page
    page.goto("/")
    answer = submit(page, "harpooner")
    shown(page)
    page.goto(f"/traces/{answer['trace_id']}?with={search_by_api(harbour, 'harpooner')}")
    table = page.get_by_role("table", name="Spans of both traces")
    for name, only in (("frontend_search", 1), ("http_request", 1), ("GET /search", 0)):
        row = table.get_by_role("row").filter(has_text=name)
        expect(row).to_have_count(1)
        expect(row.get_by_text("only in the first")).to_have_count(only)


def test_a_trace_that_is_missing(harbour_page: Page, harbour: str) -> None:
    page = harbour_page
    trace_id = search_by_api(harbour, "harpooner")
    page.goto(f"/traces/{trace_id}?with={'0' * 31}1")
    expect(page.get_by_role("heading", name="Trace not found")).to_be_visible()
    expect(page.get_by_text(f"{'0' * 31}1")).to_be_visible()


@pytest.mark.parametrize("width", [390, 360])
def test_narrow_windows_scroll_one_way(harbour_page: Page, harbour: str, width: int) -> None:
    page = harbour_page
    page.set_viewport_size({"width": width, "height": 800})
    ids = [search_by_api(harbour, query) for query in ("harpooner", "lighthouse")]
    for address in (f"/traces?compare={ids[0]}", f"/traces/{ids[0]}?with={ids[1]}"):
        page.goto(address)
        expect(page.get_by_role("table")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == width
