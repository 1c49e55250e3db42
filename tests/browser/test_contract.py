"""The page emits what the contract lists, and nothing else."""

import pytest
from playwright.sync_api import Page, expect

from gutenberg_explorer.api import Backend
from tests.browser.test_search import shown, submit
from tests.browser.traces import B, search_tree, stored_spans, wait_for_tree
from tests.contract import Judge

pytestmark = pytest.mark.browser


def test_the_page_emits_the_contract(page: Page, served: tuple[str, Backend]) -> None:
    page.goto("/")
    found = submit(page, "love")
    shown(page)
    wait_for_tree(served[1], found["trace_id"], search_tree(len(found["results"])))
    refused = submit(page, "!!!")
    expect(page.locator("main[data-search-state='error']")).to_be_visible()
    page.wait_for_timeout(500)
    judge = Judge(B)
    for answer in (found, refused):
        spans = stored_spans(served[1], answer["trace_id"])
        judge.judge([span for service, span in spans if service == B])
    judge.assert_all_seen()
