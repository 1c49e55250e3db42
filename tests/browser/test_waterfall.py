"""The waterfall of one trace: a large one, what is found in it, its critical path, its copy."""

import json
import re
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.signals import TraceStore
from tests.browser.test_search import shown, submit
from tests.signals.otlp.decoding import whole
from tests.signals.otlp.protobuf_json import to_json
from tests.signals.spans import SECOND, in_pieces, request, span, text

pytestmark = pytest.mark.browser

SPANS = 5_000
GROUPS = 50
LARGE = bytes.fromhex("5a" * 16)
CHAIN = bytes.fromhex("5b" * 16)
NEEDLE = 3_333


def _id(number: int) -> bytes:
    return number.to_bytes(8, "big")


def _post(address: str, spans: list[dict[str, object]]) -> None:
    for start in range(0, len(spans), 1_000):
        body = to_json(request([span(**one) for one in spans[start : start + 1_000]], "shop"))  # type: ignore[arg-type]
        asked = urllib.request.Request(
            f"{address}/v1/traces", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(asked) as answer:
            assert json.load(answer) == {}


@pytest.fixture(scope="module")
def large(served: tuple[str, Backend]) -> str:
    """A trace of 5,000 spans: a root, 50 groups, and 99 spans in each but the last."""
    began = time.time_ns() - 60 * SECOND
    spans: list[dict[str, object]] = [
        {"name": "checkout", "span_id": _id(1), "start_ns": began, "duration_ns": 5 * SECOND}
    ]
    for number in range(2, SPANS + 1):
        group = (number - 2) % GROUPS
        start = began + group * SECOND // 10
        spans.append(
            {
                "name": f"group {group}" if number < GROUPS + 2 else f"step {number}",
                "span_id": _id(number),
                "parent": _id(1 if number < GROUPS + 2 else group + 2),
                "start_ns": start if number < GROUPS + 2 else start + number * 1_000,
                "duration_ns": SECOND // 20 if number < GROUPS + 2 else 1_000_000,
                "attributes": [text("shop.item", "needle" if number == NEEDLE else "hay")],
            }
        )
    for one in spans:
        one["trace_id"] = LARGE
    _post(served[0], spans)
    return LARGE.hex()


@pytest.fixture
def waterfall(page: Page, large: str) -> Locator:
    page.goto(f"/traces/{large}")
    grid = page.get_by_role("treegrid", name="Trace waterfall")
    expect(grid).to_be_visible()
    return grid


def test_a_trace_of_5000_spans_is_all_there_and_little_of_it_is_drawn(
    page: Page, waterfall: Locator
) -> None:
    expect(waterfall).to_have_attribute("aria-rowcount", str(SPANS + 1))
    assert waterfall.get_by_role("row").count() < 150
    page.get_by_role("row", name=re.compile("^checkout")).focus()
    page.keyboard.press("End")
    last = page.locator(":focus")
    expect(last).to_have_attribute("aria-rowindex", str(SPANS + 1))
    expect(last).to_be_in_viewport(ratio=1)
    # Focus stays with a row that is scrolled away, and the keys go on from it.
    page.mouse.wheel(0, -200_000)
    expect(page.get_by_role("row", name=re.compile("^checkout"))).to_be_in_viewport()
    expect(last).not_to_be_in_viewport()
    page.keyboard.press("ArrowUp")
    expect(page.locator(":focus")).to_have_attribute("aria-rowindex", str(SPANS))
    expect(page.locator(":focus")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Home")
    expect(page.locator(":focus")).to_have_attribute("aria-rowindex", "2")
    page.keyboard.press("ArrowLeft")
    expect(waterfall).to_have_attribute("aria-rowcount", "2")


@pytest.mark.peers
def test_every_row_is_drawn_where_it_is_scrolled_to(page: Page, waterfall: Locator) -> None:
    seen: set[int] = set()
    first = page.get_by_role("row", name=re.compile("^checkout"))
    height = first.evaluate("(row) => row.getBoundingClientRect().height")
    for _ in range(400):
        rows = waterfall.locator("[data-span-id]").evaluate_all(
            "rows => rows.map((row) => [+row.ariaRowIndex, row.getBoundingClientRect().top])"
        )
        for index, top in rows:
            assert top == pytest.approx(rows[0][1] + (index - rows[0][0]) * height, abs=1)
        seen |= {index for index, _ in rows}
        if max(seen) == SPANS + 1:
            break
        page.evaluate("scrollBy(0, 1200)")
        page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    assert seen == set(range(2, SPANS + 2))


def test_an_address_leads_to_its_span(page: Page, large: str) -> None:
    page.goto(f"/traces/{large}?span={_id(NEEDLE).hex()}")
    row = page.get_by_role("row", name=re.compile(f"^step {NEEDLE} "))
    expect(row).to_be_in_viewport(ratio=1)
    expect(row).to_have_attribute("aria-selected", "true")
    details = page.get_by_role("region", name="Span details")
    expect(details).to_contain_text("needle")


def test_spans_are_found_by_what_they_hold(page: Page, waterfall: Locator) -> None:
    page.get_by_role("button", name="Collapse all").click()
    expect(waterfall).to_have_attribute("aria-rowcount", "2")
    search = page.get_by_role("search", name="Find spans")
    found = search.locator("[aria-live]")
    page.get_by_role("row", name=re.compile("^checkout")).focus()
    page.keyboard.press("/")
    expect(search.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("shop.item=needle")
    expect(found).to_have_text("1 match")
    page.keyboard.press("Enter")
    expect(found).to_have_text("1 of 1")
    row = page.get_by_role("row", name=re.compile(f"^step {NEEDLE} .*match"))
    expect(row).to_be_in_viewport(ratio=1)
    expect(search.get_by_role("searchbox")).to_be_focused()
    search.get_by_role("searchbox").fill("step 5")
    expect(found).to_have_text("109 matches")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Enter")
    expect(found).to_have_text("109 of 109")
    # The match takes the place in the tab order.
    page.get_by_role("button", name="Copy as OTLP JSON").focus()
    page.get_by_text("Keyboard").focus()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_accessible_name(re.compile("^step 5.*match"))


def test_the_critical_path_can_be_left_out(page: Page, waterfall: Locator) -> None:
    root = page.get_by_role("row", name=re.compile("^checkout"))
    expect(root).to_have_accessible_name(re.compile("on the critical path"))
    root.click()
    details = page.get_by_role("region", name="Span details")
    # 50 groups of 50 ms leave half of the 5 s to the root.
    expect(details).to_contain_text("2.5 s (50% of the critical path)")
    page.get_by_role("button", name="Critical path", pressed=True).click()
    expect(root).not_to_have_accessible_name(re.compile("on the critical path"))


def test_one_span_fills_the_width(page: Page, waterfall: Locator) -> None:
    group = page.get_by_role("row", name=re.compile("^group 0 "))
    group.focus()
    page.keyboard.press("z")
    expect(page.get_by_text("Showing 50 ms of the trace, starting at 0 ns.")).to_be_visible()
    expect(
        page.get_by_role("row", name=re.compile("^checkout.*cut off at the edge"))
    ).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text(re.compile("^Showing "))).to_have_count(0)
    # Drawn with the mouse over the ruler.
    ruler = page.get_by_role("columnheader", name="Time")
    box = ruler.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"], box["y"] + 10, steps=4)
    page.mouse.up()
    expect(page.get_by_text("Showing 2.5 s of the trace, starting at 2.5 s.")).to_be_visible()
    expect(group).to_have_accessible_name(re.compile("before the visible range"))
    page.get_by_role("button", name="Show the whole trace").click()
    expect(group).not_to_have_accessible_name(re.compile("visible range"))


def test_the_ruler_stays_in_sight(page: Page, waterfall: Locator) -> None:
    page.evaluate("scrollTo(0, 50000)")
    expect(page.get_by_role("columnheader", name="Time")).to_be_in_viewport(ratio=1)


def test_a_chain_of_5000_spans_opens(page: Page, served: tuple[str, Backend]) -> None:
    began = time.time_ns() - 60 * SECOND
    chain: list[dict[str, object]] = [
        {
            "name": f"link {number}",
            "trace_id": CHAIN,
            "span_id": _id(number),
            "parent": _id(number - 1) if number > 1 else b"",
            "start_ns": began + number * 100_000,
            "duration_ns": 2 * SECOND - number * 200_000,
        }
        for number in range(1, SPANS + 1)
    ]
    _post(served[0], chain)
    page.goto(f"/traces/{CHAIN.hex()}?span={_id(SPANS).hex()}")
    deepest = page.get_by_role("row", name=re.compile(f"^link {SPANS} "))
    expect(deepest).to_be_in_viewport(ratio=1)
    expect(deepest).to_have_attribute("aria-level", str(SPANS))


def test_the_whole_trace_is_copied_and_taken_again(
    page: Page, served: tuple[str, Backend], tmp_path: Path
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/")
    answer = submit(page, "love")
    shown(page)
    page.goto(f"/traces/{answer['trace_id']}")
    page.get_by_role("button", name="Copy as OTLP JSON").click()
    expect(page.get_by_text("The trace was copied to the clipboard.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()").encode()
    store = served[1].trace_store
    assert store
    kept = store.trace(bytes.fromhex(answer["trace_id"]))
    assert kept
    assert kept.span_count > 15
    asked = urllib.request.Request(
        f"{served[0]}/v1/traces", copied, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(asked) as taken:
        assert json.load(taken) == {}
    other = TraceStore(tmp_path / "other.db")
    other.add(whole(copied, "application/json").resource_spans)
    again = other.trace(kept.trace_id)
    other.close()
    assert again
    assert in_pieces(again.resource_spans) == in_pieces(kept.resource_spans)


def test_a_trace_is_downloaded_where_the_clipboard_is_refused(
    page: Page, waterfall: Locator, large: str
) -> None:
    page.evaluate("() => { navigator.clipboard.write = () => Promise.reject(new Error('no')) }")
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Copy as OTLP JSON").click()
    expect(page.get_by_text("downloaded instead")).to_be_visible()
    assert downloading.value.suggested_filename == f"trace-{large}.json"
    document = json.loads(downloading.value.path().read_bytes())
    counts = [len(ss["spans"]) for rs in document["resourceSpans"] for ss in rs["scopeSpans"]]
    assert sum(counts) == SPANS


def test_a_search_is_linked_to_where_its_trace_is_kept(elsewhere_page: Page) -> None:
    elsewhere_page.goto("/")
    answer = submit(elsewhere_page, "lighthouse")
    shown(elsewhere_page)
    address = f"https://datadog.example.org/apm/trace/{answer['trace_id']}"
    panel = elsewhere_page.locator(f"[data-trace-id='{answer['trace_id']}']")
    expect(panel.get_by_role("heading", name="Traces are stored elsewhere")).to_be_visible()
    link = panel.get_by_role("link", name="Open in Datadog (opens in a new tab)")
    expect(link).to_have_attribute("href", address)
    panel.get_by_role("link", name="Open trace").click()
    expect(
        elsewhere_page.get_by_role("main").get_by_role("link", name=re.compile("Datadog"))
    ).to_have_attribute("href", address)


@pytest.mark.peers
def test_the_panel_beside_a_search_scrolls_by_itself(page: Page, large: str) -> None:
    page.set_viewport_size({"width": 1500, "height": 700})
    page.goto("/")
    asked = submit(page, "love")
    # The panel shows whatever trace the store has of that search: here a large one.
    trace = page.request.get(f"/api/traces/{large}").text()
    page.route("**/api/traces/*", lambda route: route.fulfill(body=trace))
    shown(page)
    assert asked
    page.goto("/?q=whale")
    grid = page.get_by_role("treegrid", name="Trace waterfall")
    expect(grid).to_have_attribute("aria-rowcount", str(SPANS + 1), timeout=10_000)
    page.get_by_role("row", name=re.compile("^checkout")).focus()
    page.keyboard.press("End")
    expect(page.locator(":focus")).to_have_attribute("aria-rowindex", str(SPANS + 1))
    expect(page.locator(":focus")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("columnheader", name="Time")).to_be_in_viewport(ratio=1)
    assert page.evaluate("scrollY") == 0
    assert grid.get_by_role("row").count() < 150
