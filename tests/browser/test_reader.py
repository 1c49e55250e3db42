"""A person reads: from a passage that was found, from the library, and inside a book."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Response, expect

from gutenberg_explorer.runtime.backend import Backend
from tests.browser.harbour import CHAPTERS, VOYAGE, harpooner, voyage
from tests.browser.test_search import shown, submit
from tests.browser.traces import book_search_tree, stored_spans, wait_for_tree
from tests.telemetry.recording import attributes

pytestmark = pytest.mark.browser

READ = f"/read/{VOYAGE}"


def _text(page: Page) -> Locator:
    return page.get_by_role("region", name=re.compile("^Text, page"))


def _words(text: str | None) -> list[str]:
    return (text or "").replace("_", "").split()


def _find(page: Page, query: str) -> dict[str, Any]:
    """Search inside the open book, wait for the list, and return the API's answer."""
    page.get_by_role("searchbox", name="Search in this book").fill(query)
    with page.expect_response(re.compile(r"/books/[^/]+/search\?.*limit=20")) as answered:
        page.get_by_role("button", name="Find").click()
    response: Response = answered.value
    answer: dict[str, Any] = response.json()
    return answer


def test_a_passage_opens_the_book_where_it_stands(page: Page, served: tuple[str, Backend]) -> None:
    page.goto("/")
    best = submit(page, "love")["results"][0]
    shown(page)
    links = page.get_by_role("article").first.get_by_role("listitem").get_by_role("link")
    expect(links).to_have_count(len(best["passages"]))
    passage = best["passages"][-1]
    links.last.click()
    expect(page).to_have_url(
        re.compile(rf"/read/{best['id']}\?at={passage['start']}-{passage['end']}&q=love$")
    )
    target = page.locator(".target")
    expect(target.first).to_be_in_viewport()
    assert _words(" ".join(target.all_text_contents())) == _words(passage["text"])
    marked = [passage["text"][m["start"] : m["end"]] for m in passage["highlights"]]
    expect(target.locator("mark")).to_have_text(marked)
    expect(page.locator(":focus").locator(".target").first).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Hit \d+ of"))).to_be_visible()
    page.get_by_role("link", name="Back to the results").click()
    shown(page)
    expect(page).to_have_url(re.compile(r"/\?q=love$"))


def test_going_back_to_the_results_searches_nothing_again(page: Page) -> None:
    searches: list[str] = []
    page.on("request", lambda r: searches.append(r.url) if "/search?" in r.url else None)
    page.goto("/?q=love&sort=title")
    shown(page)
    page.get_by_role("article").first.get_by_role("heading").get_by_role("link").click()
    expect(_text(page)).to_be_visible()
    page.get_by_role("link", name="Back to the results").click()
    shown(page)
    assert len(searches) == 1


def test_hits_are_stepped_through_over_the_bounds_of_pages(harbour_page: Page) -> None:
    page = harbour_page
    page.goto(f"{READ}?q=harpooner")
    expect(page.get_by_text(f"{CHAPTERS} hits")).to_be_visible()
    for number in range(1, CHAPTERS + 1):
        page.keyboard.press("n")
        expect(page.get_by_text(f"Hit {number} of {CHAPTERS}", exact=True)).to_be_visible()
        expect(page.locator(".target")).to_contain_text(harpooner(number))
    expect(page.get_by_role("button", name="Next hit")).to_be_disabled()
    expect(_text(page)).to_have_accessible_name(re.compile(r"^Text, page (\d) of \1$"))
    page.get_by_role("button", name="Previous hit").click()
    expect(page.locator(".target")).to_contain_text(harpooner(CHAPTERS - 1))
    # One step back leads out of the stepping.
    page.go_back()
    expect(page.get_by_text(f"{CHAPTERS} hits")).to_be_visible()


def test_a_search_inside_a_book_lists_its_hits(harbour_page: Page) -> None:
    page = harbour_page
    page.goto(READ)
    assert _find(page, "harpooner")["total_passages"] == CHAPTERS
    hits = page.get_by_role("list", name="Hits").get_by_role("link")
    expect(hits).to_have_count(20)
    expect(hits.nth(4)).to_contain_text(harpooner(5)[:40])
    page.get_by_role("button", name="More hits").click()
    expect(hits).to_have_count(CHAPTERS)
    hits.nth(24).click()
    expect(page.get_by_text(f"Hit 25 of {CHAPTERS}", exact=True)).to_be_visible()
    expect(hits.nth(24)).to_have_attribute("aria-current", "true")


def test_hits_come_by_relevance_or_by_place(harbour_page: Page) -> None:
    page = harbour_page
    page.goto(READ)
    _find(page, "in chapter 30 the harpooner sharpened")
    hits = page.get_by_role("list", name="Hits").get_by_role("link")
    expect(hits.first).to_contain_text(harpooner(30)[:40])
    more = page.get_by_role("button", name="More hits")
    more.click()
    expect(hits).to_have_count(40)
    starts = hits.evaluate_all("links => links.map((link) => link.href)")
    assert len(set(starts)) == len(starts)
    hits.first.click()
    expect(hits.first).to_have_attribute("aria-current", "true")
    order = page.get_by_role("combobox", name="Sort by")
    order.focus()
    order.select_option("Place in the book")
    expect(page).to_have_url(re.compile(r"at=.*&order=place$"))
    expect(order).to_be_focused()
    expect(hits).to_have_count(20)
    expect(hits.first).to_contain_text("CHAPTER 1")
    # The steps go by place in either order.
    page.get_by_role("button", name="Next hit").click()
    expect(page.locator(".target").first).to_contain_text("CHAPTER 31")
    page.reload()
    expect(page.get_by_text(re.compile(r"^Hit \d+ of"))).to_be_visible()
    page.get_by_role("button", name="List all hits").click()
    expect(page.get_by_role("combobox", name="Sort by")).to_have_value("place")


def test_a_search_inside_a_book_is_one_whole_trace(page: Page, served: tuple[str, Backend]) -> None:
    page.goto("/")
    book = submit(page, "love")["results"][0]["id"]
    page.goto(f"/read/{book}")
    answer = _find(page, "love")
    expected = book_search_tree()
    assert wait_for_tree(served[1], answer["trace_id"], expected) == [expected]
    root = stored_spans(served[1], answer["trace_id"])[0][1]
    assert attributes(root) == {
        "search.query": "love",
        "search.method": "bm25",
        "search.results_count": answer["total_passages"],
        "book.id": book,
    }
    page.get_by_role("link", name="Trace of this search").click()
    expect(page.get_by_role("treegrid", name="Trace waterfall")).to_be_visible()


def test_a_whole_book_is_read_page_by_page(harbour_page: Page) -> None:
    page = harbour_page
    page.goto(READ)
    read: list[str] = []
    for number in range(1, 100):
        expect(_text(page)).to_have_accessible_name(re.compile(f"^Text, page {number} of"))
        read += _words(_text(page).inner_text())
        following = page.get_by_role("navigation", name="Pages of the book").get_by_role(
            "link", name="Next"
        )
        if following.count() == 0:
            break
        page.keyboard.press("]")
    assert number > 2
    assert read == _words(voyage())
    page.keyboard.press("ArrowLeft")
    expect(_text(page)).to_have_accessible_name(re.compile(f"^Text, page {number - 1} of"))
    expect(_text(page)).to_be_focused()
    expect(page).to_have_title(f"The Long Voyage, page {number - 1} · Gutenberg Explorer")


def test_the_contents_lead_through_the_book(harbour_page: Page) -> None:
    page = harbour_page
    page.goto(READ)
    contents = page.get_by_role("navigation", name="Contents")
    expect(contents.get_by_role("link")).to_have_count(CHAPTERS)
    contents.get_by_role("link", name="CHAPTER 30", exact=True).click()
    heading = _text(page).get_by_role("heading", name="CHAPTER 30", exact=True)
    expect(heading).to_be_in_viewport()
    expect(heading).to_be_focused()
    current = contents.locator("[aria-current]")
    expect(current).to_have_text("CHAPTER 30")
    expect(current).to_be_in_viewport()


def test_prose_is_reflowed_and_verse_keeps_its_lines(harbour_page: Page) -> None:
    harbour_page.goto(READ)
    prose = _text(harbour_page).get_by_role("paragraph").filter(has_text="The morning was").first
    assert "\n" not in prose.inner_text()
    song = _text(harbour_page).get_by_role("paragraph").filter(has_text="Haul away").first
    assert song.inner_text().splitlines() == [
        "Haul away the anchor,",
        "  Haul away the line,",
        "Never shall I see again",
        "  That lass of mine.",
    ]


def test_a_paragraph_has_a_link_that_leads_to_it(harbour_page: Page) -> None:
    page = harbour_page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{READ}?page=2")
    expect(_text(page)).to_have_accessible_name(re.compile("^Text, page 2"))
    paragraph = _text(page).get_by_role("paragraph").filter(has_text="harpooner").nth(1)
    paragraph.hover()
    paragraph.get_by_role("link", name="Link to this passage").click()
    expect(page.get_by_text("The link to this passage was copied.")).to_be_attached()
    text = paragraph.inner_text()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    page.goto("about:blank")
    page.goto(link)
    expect(page.locator(".target")).to_have_text(text)
    expect(page.locator(".target")).to_be_in_viewport()


def test_the_library_leads_to_the_reader(harbour_page: Page) -> None:
    page = harbour_page
    page.goto("/library")
    expect(page.get_by_role("list", name="Books").get_by_role("listitem")).to_have_count(45)
    page.get_by_role("radio", name="List").check()
    rows = page.get_by_role("table", name="Books").get_by_role("row")
    expect(rows).to_have_count(46)
    page.get_by_role("textbox", name="Author’s name").fill("ann sea")
    page.get_by_role("button", name="Filter").click()
    expect(rows).to_have_count(6)
    page.get_by_role("columnheader", name="Year").get_by_role("link").click()
    expect(rows.nth(1)).to_contain_text("1801")
    page.get_by_role("link", name="The Long Voyage").click()
    expect(page.get_by_role("heading", name="The Long Voyage", level=1)).to_be_visible()
    expect(_text(page)).to_contain_text("The morning was grey")


def test_the_text_looks_as_the_reader_likes(harbour_page: Page) -> None:
    page = harbour_page
    page.goto("/read/voyage")
    sheet = page.locator(".sheet")
    usual = _look(page)
    page.get_by_text("Aa", exact=True).click()
    page.get_by_role("slider", name="Text size").press("End")
    page.get_by_role("radio", name="Wide").check()
    page.get_by_role("radio", name="Sans-serif").check()
    chosen = _look(page)
    assert chosen["size"] == pytest.approx(1.6 * usual["size"], rel=0.01)
    assert chosen["measure"] > 1.2 * usual["measure"]
    assert chosen["face"] != usual["face"]
    page.reload()
    expect(sheet).to_be_visible()
    assert _look(page) == chosen


def _look(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.locator(".sheet > p").first.evaluate("""(text) => {
        const { fontSize, fontFamily, maxInlineSize } = getComputedStyle(text);
        const size = parseFloat(fontSize);
        return { size, measure: parseFloat(maxInlineSize) / size, face: fontFamily };
    }""")
    return found


def test_a_book_that_is_not_there_says_so(harbour_page: Page) -> None:
    harbour_page.goto("/read/nothing")
    expect(harbour_page.get_by_role("heading", name="Book not found")).to_be_visible()
