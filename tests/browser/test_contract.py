"""The page emits what the contract lists, and nothing else."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gutenberg_explorer import __version__
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

ROOT = Path(__file__).resolve().parents[2]


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


def test_the_page_says_what_made_its_spans(page: Page, served: tuple[str, Backend]) -> None:
    page.goto("/")
    found = submit(page, "love")
    wait_for_span(served[1], found["trace_id"], "frontend_search")
    store = served[1].trace_store
    assert store
    trace = store.trace(bytes.fromhex(found["trace_id"]))
    assert trace
    [sent] = [one for one in trace.resource_spans if B in str(one.resource)]
    resource = {a.key: a.value.string_value for a in sent.resource.attributes}
    lock = json.loads((ROOT / "frontend/package-lock.json").read_text())
    assert resource["telemetry.sdk.name"] == "opentelemetry"
    assert resource["telemetry.sdk.language"] == "webjs"
    sdk = lock["packages"]["node_modules/@opentelemetry/core"]
    assert resource["telemetry.sdk.version"] == sdk["version"]
    scope = sent.scope_spans[0].scope
    assert (scope.name, scope.version) == (B, __version__)
