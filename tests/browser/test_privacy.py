"""What is not sampled is not recorded and says so; what is not to be kept is not kept."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.harbour import VOYAGE
from tests.browser.test_search import shown, submit

pytestmark = pytest.mark.browser


def _traces_linked(page: Page) -> int:
    return page.locator("a[href^='/traces/']").count()


def test_a_search_that_is_not_sampled_says_so(unsampled_page: Page) -> None:
    page = unsampled_page
    asked: dict[str, dict[str, str]] = {}
    page.on("request", lambda request: asked.update({request.url: request.headers}))
    page.goto("/")
    answer = submit(page, "lighthouse")
    shown(page)
    expect(page.get_by_role("heading", name="Not sampled")).to_be_visible()
    expect(page.get_by_text("This search was not recorded")).to_be_visible()
    assert _traces_linked(page) == 0
    (traceparent,) = [told["traceparent"] for url, told in asked.items() if "/search?" in url]
    assert re.fullmatch(f"00-{answer['trace_id']}-[0-9a-f]{{16}}-00", traceparent)
    page.get_by_text("日本語", exact=True).click()
    expect(page.get_by_role("heading", name="サンプリング対象外")).to_be_visible()
    page.goto("/traces")
    expect(page.get_by_text("トレースはまだありません")).to_be_visible()
    assert not [url for url in asked if url.endswith("/v1/traces")]


def test_nor_is_one_inside_a_book(unsampled_page: Page) -> None:
    page = unsampled_page
    page.goto(f"/read/{VOYAGE}")
    page.get_by_role("searchbox", name="Search in this book").fill("harpooner")
    page.get_by_role("button", name="Find").click()
    found = page.locator("[data-find-state='done']")
    expect(found.get_by_text("Not sampled")).to_be_visible()
    assert _traces_linked(page) == 0


def test_a_page_that_samples_says_what_the_server_left_out(unsampled_page: Page) -> None:
    page = unsampled_page

    def without_meta(route: Route) -> None:
        answer = route.fetch()
        body, found = re.subn("<meta name=.trace-sampling.[^>]*>", "", answer.text())
        assert found
        route.fulfill(response=answer, body=body)

    page.route(re.compile("/$"), without_meta)
    page.goto("/")
    answer = submit(page, "lighthouse")
    shown(page)
    expect(page.get_by_text("The server did not sample this search")).to_be_visible()
    panel = page.locator(f"[data-trace-id='{answer['trace_id']}']")
    panel.get_by_role("link").first.click()
    for name in ("frontend_search", "http_request", "update_ui_final"):
        expect(page.get_by_role("row", name=re.compile(f"^{name}"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^GET"))).to_have_count(0)


def test_a_query_that_is_not_to_be_kept_is_a_hash_on_both_sides(
    discreet_page: Page, discreet: tuple[str, Path]
) -> None:
    page, data_dir = discreet_page, discreet[1]
    page.goto("/")
    answer = submit(page, "zyzzyva lighthouse")
    shown(page)
    expect(page.get_by_role("button", name="waterfall")).to_be_visible(timeout=10_000)
    trace = page.request.get(f"/api/traces/{answer['trace_id']}").json()["data"][0]
    told = {
        (span["operationName"], tag["key"]): tag["value"]
        for span in trace["spans"]
        for tag in span["tags"]
        if tag["key"] in ("search.query", "url.full")
    }
    kept = told["search_api", "search.query"]
    assert re.fullmatch("[0-9a-f]{16}", kept)
    assert told["frontend_search", "search.query"] == kept
    assert f"/search?q={kept}&" in told["http_request", "url.full"]
    time.sleep(0.5)
    files = list(data_dir.glob("traces.sqlite3*"))
    assert any(b"frontend_search" in path.read_bytes() for path in files)
    assert not any(b"zyzzyva" in path.read_bytes().lower() for path in files)
