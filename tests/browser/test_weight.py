"""A first visit stays light, and everything of it comes compressed from the page's own origin."""

import urllib.request

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

MOST_BYTES = 60_000


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_the_first_visit_is_light(page: Page, coding: str) -> None:
    fetched: set[str] = set()
    page.on("request", lambda request: fetched.add(request.url))
    page.goto("/")
    expect(page.get_by_role("searchbox")).to_be_visible()
    page.wait_for_load_state("networkidle")
    sizes = {}
    for url in fetched:
        asked = urllib.request.Request(url, headers={"Accept-Encoding": coding})
        with urllib.request.urlopen(asked) as answer:
            sizes[url] = len(answer.read())
    assert any("/assets/support-" in url for url in sizes)
    assert sum(sizes.values()) <= MOST_BYTES, sizes
