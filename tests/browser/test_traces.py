"""The waterfall and the list of traces."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import serving, watched
from tests.browser.test_search import shown, submit

pytestmark = pytest.mark.browser

NAMES = [
    "frontend_search",
    "update_ui_loading",
    "prepare_api_request",
    "api_request_execute",
    "http_request",
    "GET /search",
    "search_api",
    "perform_search",
    "bm25_search",
    "parse_query",
    "search_index",
    "process_results",
]


def test_a_search_leads_to_its_waterfall(page: Page) -> None:
    page.goto("/")
    answer = submit(page, "love")
    shown(page)
    panel = page.locator(f"[data-trace-id='{answer['trace_id']}']")
    expect(panel).to_be_visible()
    panel.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(f"/traces/{answer['trace_id']}"))
    rows = page.get_by_role("treegrid", name="Trace waterfall").get_by_role("row")
    for name in NAMES:
        row = rows.and_(page.locator(f"[aria-label^='{name}']"))
        expect(row.first).to_be_visible()
    snippets = page.get_by_role("row", name=re.compile("^generate_snippet"))
    expect(snippets).to_have_count(len(answer["results"]))


def test_the_waterfall_is_used_by_keyboard(page: Page) -> None:
    page.goto("/")
    answer = submit(page, "love")
    shown(page)
    page.goto(f"/traces/{answer['trace_id']}")
    root = page.get_by_role("row", name=re.compile("^frontend_search"))
    root.focus()
    expect(root).to_have_attribute("aria-level", "1")
    expect(root).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowLeft")
    expect(root).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("row", name=re.compile("^search_api"))).to_have_count(0)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    focused = page.locator(":focus")
    expect(focused).to_have_attribute("aria-label", re.compile("^update_ui_loading"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"span=[0-9a-f]{16}"))


def test_the_list_shows_the_search(page: Page) -> None:
    page.goto("/")
    answer = submit(page, "love")
    shown(page)
    page.get_by_role("link", name="Traces").click()
    link = page.locator(f"a[href*='{answer['trace_id']}']").first
    expect(link).to_be_visible()
    link.click()
    expect(page.get_by_role("treegrid", name="Trace waterfall")).to_be_visible()


def test_the_start_of_the_backend_is_a_trace(
    browser: Browser, shelf_dir: Path, tmp_path: Path
) -> None:
    unindexed = {
        "GUTENBERG_EXPLORER_DATA_DIR": str(tmp_path / "data"),
        "GUTENBERG_EXPLORER_SHELF": f"directory:{shelf_dir}",
    }
    with serving(tmp_path, unindexed) as address, watched(browser, address) as page:
        page.goto("/traces?service=search-backend&operation=app_startup")
        page.get_by_role("link", name="app_startup").first.click()
        expect(page.get_by_role("row", name=re.compile("^process_book")).first).to_be_visible()


def test_an_unknown_trace_says_so(page: Page) -> None:
    page.goto(f"/traces/{'0' * 31}1")
    # The page waits a while: the spans of a search that just ended may still be on their way.
    expect(page.get_by_role("heading", name="Trace not found")).to_be_visible(timeout=10_000)
    for reason in ("not arrived yet", "deleted", "OTEL_TRACES_SAMPLER", "elsewhere"):
        expect(page.get_by_role("main").get_by_text(re.compile(reason))).to_be_visible()
