"""The page in each of its states: by which address, and what stands there once it has settled.

What holds for the page everywhere is tested over this list, and its pictures are taken from it.
"""

import json
import re
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.sent_traces import send_skewed, send_unusual

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
LANGUAGES = {"en": "English", "ja": "日本語"}
Scheme = Literal["light", "dark"]


class View(NamedTuple):
    """How the page is looked at."""

    language: str
    scheme: Scheme = "light"
    viewport: ViewportSize = DESKTOP


VIEWS = {
    "en": View("en"),
    "ja": View("ja"),
    "en-dark": View("en", "dark"),
    "en-phone": View("en", viewport=PHONE),
    "ja-phone": View("ja", "dark", PHONE),
}


class State(NamedTuple):
    """A state: its address, a selector to wait for, and a trace that has to be sent before.

    The address has places for what the library holds, and for what `send` returns.
    """

    address: str
    shows: str
    send: Callable[[str], dict[str, str]] | None = None


_DONE = "main[data-search-state='done']"
_TRACED = f"{_DONE} [data-trace-id] [aria-expanded]"
STATES = {
    "welcome": State("/", "main[data-search-state='idle']"),
    "results": State("/?q=love", _TRACED),
    "whole books": State("/?q=love&method=tfidf", _TRACED),
    "filters": State("/?q=love&author={author}&title={title}&sort=title", _TRACED),
    "nothing found": State("/?q=%22whale+garden+storm%22&book={book}", _TRACED),
    "refused": State("/?q=!!!", "main[data-search-state='error'] [role='alert']"),
    "library": State("/library", "main a[href^='/read/']"),
    "library as a list": State("/library?view=list", "main table"),
    "reader": State("/read/{book}", "main article, main .sheet"),
    "passage": State("/read/{book}?at={at}&q=%22white+whale%22", "main .target mark"),
    "hits": State("/read/{book}?q=%22white+whale%22", "main [data-find-state='done']"),
    "traces": State("/traces", "main [data-trace-id]"),
    "comparison": State("/traces/{trace}?with={other}", "main tbody tr"),
    "trace": State("/traces/{trace}", "main [role='treegrid'] [role='row'][aria-level='3']"),
    "details": State("/traces/{trace}?span={span}", "main [role='row'][aria-selected='true']"),
    "clock skew": State("/traces/{skewed}", "main .clock-notice", send_skewed),
    "unusual trace": State("/traces/{unusual}", "main .waterfall-service", send_unusual),
    "unusual span": State(
        "/traces/{unusual}?span={feed}", "main .span-details .links", send_unusual
    ),
    "no trace": State("/traces/00000000000000000000000000000001", "main .message"),
    "no book": State("/read/nothing", "main .message"),
    "not found": State("/nope", "main .message"),
}
# Here the page waits for spans that might still come.
SLOW = {"no trace"}

# What keeps a place stands there while something is on its way.
_SETTLED = """() => document.fonts.status === "loaded"
    && !document.querySelector("[aria-busy='true'], .skeleton, [class$='-loading']")"""

# What is out of sight is laid out late, and to axe and full pictures looks like what it is not.
_LAY_OUT = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { content-visibility: visible !important }");
    document.adoptedStyleSheets.push(sheet);
}"""


def _get(address: str, **params: str) -> Any:
    with urllib.request.urlopen(f"{address}?{urllib.parse.urlencode(params)}") as answer:
        return json.load(answer)


def find_places(browser: Browser, address: str) -> dict[str, str]:
    """Search in a page, and return what the addresses of the states need from this library."""
    page = browser.new_page(base_url=address)
    with page.expect_response(re.compile(r"/search\?")) as answered:
        page.goto("/?q=love")
    answer = answered.value.json()
    expect(page.locator(_TRACED).first).to_be_visible(timeout=10_000)
    page.close()
    best = next(result for result in answer["results"] if result["author"])
    other = _get(f"{address}/search", q='"white whale"', method="bm25")
    [whale, *_] = other["results"]
    passage = whale["passages"][0]
    [trace] = _get(f"{address}/api/traces/{answer['trace_id']}")["data"]
    return {
        "server": address,
        "author": urllib.parse.quote(best["author"]),
        "title": urllib.parse.quote(best["title"]),
        "book": whale["id"],
        "at": f"{passage['start']}-{passage['end']}",
        "trace": answer["trace_id"],
        "other": other["trace_id"],
        "span": next(s["spanID"] for s in trace["spans"] if s["operationName"] == "GET /search"),
    }


def show(page: Page, state: str, places: dict[str, str]) -> None:
    """Bring a page into a state, and wait until nothing more comes."""
    address, shows, send = STATES[state]
    # Sent only now, so that the list of traces and its picture are without them.
    sent = send(places["server"]) if send else {}
    page.goto(address.format(**places, **sent))
    page.locator(shows).first.wait_for(timeout=10_000)
    page.wait_for_function(_SETTLED)
    page.evaluate(_LAY_OUT)


def picture_name(state: str, view: str) -> str:
    """Return the name of the file that shows a state so."""
    return f"{state.replace(' ', '-')}-{view}.png"


def speak(page: Page, language: str) -> None:
    """Choose the page's language."""
    page.get_by_role("button", name=LANGUAGES[language]).click()
    page.locator(f"html[lang='{language}']").wait_for()


# Sideways there is nothing to scroll to, and no text runs out of its box or of the window. What
# ends in dots does so on purpose.
_MISFITS = """() => {
    const root = document.documentElement;
    const found = [];
    if (root.scrollWidth > root.clientWidth) found.push(`${root.scrollWidth} pixels wide`);
    const scrolls = (element) =>
        element && (/auto|scroll/.test(getComputedStyle(element).overflowX)
            || scrolls(element.parentElement));
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        const element = text.parentElement;
        const style = getComputedStyle(element);
        if (!text.data.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
        if (element.closest(".visually-hidden, .skip-link") || style.textOverflow === "ellipsis")
            continue;
        const range = document.createRange();
        range.selectNodeContents(text);
        const { left, right } = range.getBoundingClientRect();
        const outside = left < -1 || right > root.clientWidth + 1;
        const cut = style.overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1;
        if ((outside || cut) && !scrolls(element.parentElement)) found.push(text.data.trim());
    }
    return found;
}"""


def misfits(page: Page) -> list[str]:
    """Return what makes the page wider than the window, and the texts that are cut off."""
    found: list[str] = page.evaluate(_MISFITS)
    return found
