"""The page emits what the contract lists, and nothing else."""

import re

import pytest
from playwright.sync_api import Page, expect

from gutenberg_explorer.runtime.backend import Backend
from tests.browser.test_search import shown, submit
from tests.browser.traces import (
    B,
    book_search_tree,
    search_tree,
    stored_spans,
    wait_for_span,
    wait_for_tree,
)
from tests.contract import Judge

pytestmark = pytest.mark.browser


def test_the_page_emits_the_contract(page: Page, served: tuple[str, Backend]) -> None:
    page.goto("/")
    found = submit(page, "love")
    shown(page)
    wait_for_tree(served[1], found["trace_id"], search_tree(len(found["results"])))
    refused = submit(page, "!!!")
    expect(page.locator("main[data-search-state='error']")).to_be_visible()
    # What had not ended when the page is left is not recorded.
    wait_for_span(served[1], refused["trace_id"], "frontend_search")
    with page.expect_response(re.compile(r"/books/[^/]+/search\?.*limit=20")) as answered:
        page.goto(f"/read/{found['results'][0]['id']}?q=love")
    inside = answered.value.json()
    wait_for_tree(served[1], inside["trace_id"], book_search_tree())
    judge = Judge(B)
    for answer in (found, refused, inside):
        spans = stored_spans(served[1], answer["trace_id"])
        judge.judge([span for service, span in spans if service == B])
    judge.assert_all_seen()
