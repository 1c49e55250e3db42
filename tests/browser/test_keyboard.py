"""The whole job by keyboard alone: search, read, follow the trace, look through the library."""

import re

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect

from tests.browser.harbour import CHAPTERS
from tests.browser.test_search import shown

pytestmark = [pytest.mark.browser, pytest.mark.peers]

# What is left out of the tab order, such as a page that was arrived at, needs no outline.
VISIBLE = """() => {
    const focused = document.activeElement;
    if (focused === document.body) return false;
    if (focused.tabIndex < 0) return true;
    for (let element = focused; element && element !== document.body; ) {
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        if (outlineStyle !== "none" && parseFloat(outlineWidth) >= 1) return true;
        element = element.matches(":focus-within") && element.parentElement;
    }
    return false;
}"""


def press(page: Page, *keys: str) -> None:
    """Press keys; after each the focus is somewhere, and one sees where."""
    for key in keys:
        page.keyboard.press(key)
        try:
            page.wait_for_function(VISIBLE, timeout=5_000)
        except TimeoutError:
            focused = page.evaluate("document.activeElement.outerHTML.slice(0, 300)")
            pytest.fail(f"After {key} nobody sees that the focus is on {focused}")


def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Go on with one key until what is wanted has the focus."""
    for _ in range(80):
        press(page, key)
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"{wanted} is not reached by {key}")


def test_the_whole_job_is_done_by_keyboard(harbour_page: Page) -> None:
    page = harbour_page
    page.goto("/")
    box = page.get_by_role("searchbox", name="Search the books")
    expect(box).to_be_visible()

    press(page, "Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    press(page, "Enter")
    expect(page.get_by_role("main")).to_be_focused()

    press(page, "/")
    expect(box).to_be_focused()
    page.keyboard.type("harpooner lighthouse")
    press(page, "Enter")
    shown(page)
    expect(box).to_be_focused()

    results = page.get_by_role("article")
    titles = results.get_by_role("heading").get_by_role("link")
    press(page, "ArrowDown", "ArrowDown")
    expect(titles.nth(1)).to_be_focused()
    press(page, "ArrowUp")
    expect(titles.first).to_have_text("The Long Voyage")
    tab_to(page, results.first.get_by_role("listitem").get_by_role("link").first)
    press(page, "Enter")

    expect(page.get_by_role("heading", name="The Long Voyage", level=1)).to_be_visible()
    target = page.locator(".target")
    expect(target).to_be_in_viewport()
    place = page.get_by_text(re.compile(r"^Hit \d+ of"))
    expect(place).to_have_text(re.compile(f"of {CHAPTERS}$"))
    number = int((place.text_content() or "").split()[1])
    press(page, "n")
    expect(place).to_have_text(f"Hit {number + 1} of {CHAPTERS}")
    press(page, "p")
    expect(place).to_have_text(f"Hit {number} of {CHAPTERS}")

    press(page, "/")
    expect(page.get_by_role("searchbox", name="Search in this book")).to_be_focused()
    page.keyboard.type("anchor")
    press(page, "Enter")
    hits = page.get_by_role("list", name="Hits").get_by_role("link")
    expect(hits.first).to_be_visible()
    tab_to(page, hits.nth(1))
    press(page, "Enter")
    expect(target).to_contain_text("Haul away")

    # Alt and the left arrow are the browser's, and without its window it has none.
    tab_to(page, page.get_by_role("link", name="Back to the results"), "Shift+Tab")
    press(page, "Enter")
    shown(page)
    expect(titles.first).to_be_visible()
    tab_to(page, page.get_by_role("link", name="Open trace"))
    press(page, "Enter")

    grid = page.get_by_role("treegrid", name="Trace waterfall")
    rows = grid.get_by_role("row")
    expect(rows.filter(has_text="GET /search")).to_be_visible()
    root = page.get_by_role("row", name=re.compile("^frontend_search"))
    tab_to(page, root)
    press(page, "ArrowLeft")
    expect(root).to_have_attribute("aria-expanded", "false")
    press(page, "ArrowRight", "ArrowDown", "End", "Home", "ArrowDown")
    press(page, "Enter")
    details = page.get_by_role("region", name="Span details")
    expect(details).to_contain_text("update_ui_loading")
    press(page, "Escape")
    expect(details).to_have_count(0)
    press(page, "Enter")
    tab_to(page, page.get_by_role("button", name="Close the details"))
    press(page, "Enter")
    expect(page.get_by_role("row", name=re.compile("^update_ui_loading"))).to_be_focused()

    japanese = page.get_by_role("button", name="日本語")
    tab_to(page, japanese, "Shift+Tab")
    press(page, "Enter")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    press(page, "Shift+Tab")
    english = page.get_by_role("button", name="English")
    expect(english).to_be_focused()
    press(page, "Space")

    tab_to(page, page.get_by_role("link", name="Library"), "Shift+Tab")
    press(page, "Enter")
    books = page.get_by_role("list", name="Books").get_by_role("listitem")
    expect(books.first).to_be_visible()
    sort = page.get_by_role("combobox", name="Sort by")
    tab_to(page, sort)
    page.keyboard.type("Y")
    expect(books.first).to_contain_text("1801")
    expect(sort).to_be_focused()
    tab_to(page, books.first.get_by_role("link"))
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Tale 01", level=1)).to_be_visible()
    press(page, "Tab")


def test_the_pages_of_results_are_turned_by_keyboard(harbour_page: Page) -> None:
    page = harbour_page
    page.goto("/?q=lighthouse&sort=title")
    shown(page)
    pages = page.get_by_role("navigation", name="Result pages")
    tab_to(page, pages.get_by_role("link", name="Next"), "Shift+Tab")
    press(page, "Enter")
    expect(pages).to_contain_text("Page 2 of 3")
    press(page, "ArrowDown")
    expect(page.get_by_role("link", name="Tale 21", exact=True)).to_be_focused()
