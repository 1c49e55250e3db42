"""A person looks for a book: methods, filters, pages, and ways on from nothing."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.test_search import shown, submit

pytestmark = pytest.mark.browser


def _titles(page: Page) -> Locator:
    return page.get_by_role("article").get_by_role("heading")


def test_passages_are_searched_unless_the_reader_chooses_otherwise(harbour_page: Page) -> None:
    page = harbour_page
    page.goto("/")
    assert submit(page, '"its keeper"')["method"] == "bm25"
    shown(page)
    expect(page.get_by_role("article").first.locator("mark")).to_have_text(["its", "keeper"])
    with page.expect_response(re.compile(r"/search\?")) as answered:
        page.get_by_role("radio", name="Whole books").check()
    assert answered.value.json()["method"] == "tfidf"
    expect(page).to_have_url(re.compile(r"method=tfidf"))
    expect(page.get_by_text("by how often they occur in it")).to_be_visible()


def test_the_arrow_keys_go_through_the_results(harbour_page: Page) -> None:
    page = harbour_page
    page.goto("/?q=lighthouse&sort=title")
    shown(page)
    page.keyboard.press("/")
    box = page.get_by_role("searchbox", name="Search the books")
    expect(box).to_be_focused()
    for title in ("Tale 01", "Tale 02", "Tale 03"):
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("link", name=title, exact=True)).to_be_focused()
    page.keyboard.press("Tab")  # into the passages, and up to their title again
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("link", name="Tale 03", exact=True)).to_be_focused()
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/read/"))


def test_results_stay_in_sight_until_there_are_new_ones(harbour_page: Page) -> None:
    page = harbour_page
    page.goto("/?q=lighthouse&sort=title")
    shown(page)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/search\?q=keeper"), hold)
    page.get_by_role("searchbox", name="Search the books").fill("keeper")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Searching for “keeper”…")
    results = page.get_by_role("list", name="Results")
    expect(results.get_by_role("article")).to_have_count(20)
    expect(results).to_have_css("opacity", "0.45")
    held[0].continue_()
    shown(page)
    expect(results).to_have_css("opacity", "1")


def test_results_are_paged(harbour_page: Page) -> None:
    page = harbour_page
    page.goto("/?q=lighthouse&sort=title")
    shown(page)
    expect(page.get_by_role("status")).to_have_text("44 books for “lighthouse”")
    expect(_titles(page)).to_have_text([f"Tale {number:02}" for number in range(1, 21)])
    pages = page.get_by_role("navigation", name="Result pages")
    pages.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile(r"page=2"))
    expect(pages).to_contain_text("Page 2 of 3")
    expect(_titles(page).first).to_have_text("Tale 21")
    pages.get_by_role("link", name="Next").click()
    expect(pages).to_contain_text("Page 3 of 3")
    expect(_titles(page)).to_have_count(4)
    expect(pages.get_by_role("link", name="Next")).to_have_count(0)
    page.go_back()
    expect(pages).to_contain_text("Page 2 of 3")


def test_whoever_comes_back_finds_the_results_where_they_were(harbour_page: Page) -> None:
    page = harbour_page
    page.goto("/?q=lighthouse&sort=title")
    shown(page)
    tale = page.get_by_role("link", name="Tale 17", exact=True)
    tale.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    assert before > 0
    tale.click()
    expect(page).to_have_url(re.compile("/read/"))
    page.go_back()
    expect(tale).to_be_in_viewport()
    assert page.evaluate("scrollY") == before


def test_filters_narrow_the_search_and_are_taken_away(harbour_page: Page) -> None:
    page = harbour_page
    page.goto("/?q=lighthouse")
    shown(page)
    authors = page.get_by_role("combobox", name="Author")
    expect(authors.get_by_role("option")).to_have_text(
        ["All authors", "Cy Field (30)", "Bob Rose (10)", "Ann Sea (4)"]
    )
    authors.select_option("Bob Rose")
    expect(page.get_by_role("status")).to_have_text("10 books for “lighthouse”")
    page.get_by_role("textbox", name="Title").fill("tale 05")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("1 book for “lighthouse”")
    expect(page).to_have_url(re.compile(r"author=Bob\+Rose&title=tale\+05"))
    page.get_by_role("link", name="Remove the filter Author: Bob Rose").click()
    page.get_by_role("link", name="Remove the filter Title: tale 05").click()
    expect(page.get_by_role("status")).to_have_text("44 books for “lighthouse”")


def test_a_misspelt_word_is_corrected(harbour_page: Page) -> None:
    page = harbour_page
    page.goto("/?q=lighthuose")
    shown(page)
    expect(page.get_by_role("heading", name="No results")).to_be_visible()
    page.get_by_role("link", name="lighthouse", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("44 books for “lighthouse”")


def test_a_slip_in_the_query_is_told(harbour_page: Page) -> None:
    page = harbour_page
    page.goto('/?q="lighthouse keeper')
    shown(page)
    expect(page.get_by_text("searched as plain words")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text(re.compile("^44 books"))


def test_nothing_found_offers_what_could_help(harbour_page: Page) -> None:
    page = harbour_page
    page.goto('/?q="keeper of a lighthouse"&author=Ann+Sea')
    shown(page)
    page.get_by_role("link", name="Search without the quotes").click()
    expect(page.get_by_role("status")).to_have_text(re.compile("^4 books"))
    page.go_back()
    page.get_by_role("link", name="Search without the filters").click()
    expect(page.get_by_role("status")).to_have_text(re.compile("^0 books"))
    page.get_by_role("link", name="Search whole books instead of passages").click()
    # Of whole books, the best 20 are found at most.
    expect(page.get_by_role("status")).to_have_text(re.compile("^20 books"))


def test_the_query_language_is_explained(harbour_page: Page) -> None:
    harbour_page.goto("/?q=lighthouse")
    harbour_page.get_by_text("How to search").click()
    expect(harbour_page.get_by_text("harpoon*")).to_be_visible()
