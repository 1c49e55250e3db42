"""A person searches, and the search is one whole trace."""

import re
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Status
from playwright.sync_api import BrowserContext, Page, Response, Route, expect

from gutenberg_explorer.runtime.backend import Backend
from tests.browser.traces import (
    Node,
    search_tree,
    stored_spans,
    wait_for_span,
    wait_for_tree,
)
from tests.telemetry.recording import attributes

pytestmark = pytest.mark.browser


def submit(page: Page, query: str) -> dict[str, Any]:
    """Type a query, submit it by the button and return the API's answer."""
    page.get_by_role("searchbox", name="Search the books").fill(query)
    with page.expect_response(re.compile(r"/search\?")) as answered:
        page.get_by_role("button", name="Search", exact=True).click()
    response: Response = answered.value
    answer: dict[str, Any] = response.json()
    return answer


def shown(page: Page) -> None:
    expect(page.locator("main[data-search-state='done']")).to_be_visible()


def test_a_search_shows_books_with_marked_passages(page: Page) -> None:
    page.goto("/")
    answer = submit(page, "love")
    shown(page)
    articles = page.get_by_role("list", name="Results").get_by_role("article")
    expect(articles).to_have_count(answer["total_results"])
    best = answer["results"][0]
    expect(articles.first.get_by_role("heading")).to_have_text(best["title"])
    marked = [
        passage["text"][m["start"] : m["end"]]
        for passage in best["passages"]
        for m in passage["highlights"]
    ]
    expect(articles.first.locator("mark")).to_have_text(marked)
    assert all(word.lower().startswith("lov") for word in marked)
    expect(page.get_by_role("status")).to_contain_text(f"{answer['total_results']} books")


def _check_trace(backend: Backend, answer: dict[str, Any]) -> None:
    """Compare the whole tree, and what belongs to the spans besides."""
    trace_id = answer["trace_id"]
    expected = search_tree(len(answer["results"]), answer["method"])
    assert wait_for_tree(backend, trace_id, expected) == [expected]
    spans = stored_spans(backend, trace_id)
    by_id = {span.span_id: span for _, span in spans}
    assert sum(not span.parent_span_id for _, span in spans) == 1
    for _, span in spans:
        assert span.trace_id.hex() == trace_id
        assert span.start_time_unix_nano <= span.end_time_unix_nano
        if span.parent_span_id:
            parent = by_id[span.parent_span_id]
            assert parent.start_time_unix_nano <= span.start_time_unix_nano
            assert span.end_time_unix_nano <= parent.end_time_unix_nano
    told = {span.name: attributes(span) for _, span in spans}
    assert told["frontend_search"] == {
        "search.query": answer["query"],
        "search.method": answer["method"],
        "search.results_count": answer["total_results"],
    }
    assert set(told["http_request"]) == {
        "http.request.method",
        "http.response.status_code",
        "server.address",
        "server.port",
        "url.full",
    }
    for _, span in spans:
        if span.name not in ("http_request", "GET /search"):
            assert not any(name.startswith(("http.", "url.")) for name in attributes(span))


def test_a_search_is_one_whole_trace(page: Page, served: tuple[str, Backend]) -> None:
    page.goto("/")
    answer = submit(page, "love")
    shown(page)
    assert answer["method"] == "bm25"
    _check_trace(served[1], answer)


def test_a_search_of_whole_books_is_one_whole_trace(
    page: Page, served: tuple[str, Backend]
) -> None:
    with page.expect_response(re.compile(r"/search\?")) as answered:
        page.goto("/?q=love&method=tfidf")
    shown(page)
    answer = answered.value.json()
    assert answer["method"] == "tfidf"
    _check_trace(served[1], answer)


def test_the_trace_is_whole_when_the_tab_is_closed_at_once(
    page: Page, served: tuple[str, Backend]
) -> None:
    page.goto("/")
    answer = submit(page, "love")
    page.get_by_role("article").first.wait_for()
    page.close(run_before_unload=True)
    _check_trace(served[1], answer)


def test_the_trace_is_whole_when_the_page_is_left_at_once(
    page: Page, served: tuple[str, Backend]
) -> None:
    page.goto("/")
    answer = submit(page, "love")
    page.get_by_role("article").first.wait_for()
    page.goto("about:blank")
    _check_trace(served[1], answer)


def test_a_shared_address_searches_and_is_traced(page: Page, served: tuple[str, Backend]) -> None:
    with page.expect_response(re.compile(r"/search\?")) as answered:
        page.goto("/?q=love")
    shown(page)
    _check_trace(served[1], answered.value.json())


def test_two_searches_are_two_traces(page: Page, served: tuple[str, Backend]) -> None:
    page.goto("/")
    first = submit(page, "love")
    shown(page)
    second = submit(page, "sea")
    expect(page.get_by_role("status")).to_contain_text("sea")
    assert first["trace_id"] != second["trace_id"]
    for answer in (first, second):
        _check_trace(served[1], answer)


def test_a_refused_search_says_why_and_is_a_trace(page: Page, served: tuple[str, Backend]) -> None:
    page.goto("/")
    problem = submit(page, "!!!")
    expect(page.locator("main[data-search-state='error']")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("no letter or digit")
    expected = search_tree(0)
    execute = expected.children[2]
    execute.children[0].children[0] = Node("GET /search", "search-backend", "SERVER")
    expected.children = [c for c in expected.children if c.name != "process_search_results"]
    assert wait_for_tree(served[1], problem["trace_id"], expected) == [expected]
    errors = {
        span.name: attributes(span)["error.type"]
        for _, span in stored_spans(served[1], problem["trace_id"])
        if "error.type" in attributes(span)
    }
    assert errors == {
        "frontend_search": "400",
        "api_request_execute": "400",
        "http_request": "400",
    }


def test_without_the_telemetry_chunk_search_works(page: Page) -> None:
    blocked: list[str] = []

    def block(route: Any) -> None:
        blocked.append(route.request.url)
        route.abort()

    page.context.route("**/assets/support-*.js", block)
    page.goto("/?q=love")
    shown(page)
    expect(page.get_by_role("article").first).to_be_visible()
    assert blocked


@pytest.mark.parametrize("status", [None, 403, 413, 429, 503])
def test_with_spans_refused_search_works(page: Page, status: int | None) -> None:
    refused: list[str] = []

    def refuse(route: Route) -> None:
        refused.append(route.request.url)
        if status is None:
            route.abort()
        else:
            route.fulfill(status=status, headers={"Retry-After": "1"})

    page.context.route("**/v1/traces", refuse)
    page.goto("/?q=love")
    shown(page)
    expect(page.get_by_role("article").first).to_be_visible()
    submit(page, "sea")
    expect(page.get_by_role("status")).to_contain_text("for “sea”")
    assert refused


def _hold(page: Page, query: str) -> list[str]:
    """Keep the searches for `query` from being answered; return their trace ids, as they come."""
    held: list[str] = []
    page.route(
        re.compile(rf"/search\?q={query}&"),
        lambda route: held.append(route.request.headers["traceparent"].split("-")[1]),
    )
    return held


def _wait_for_held(page: Page, held: list[str]) -> str:
    while not held:
        page.wait_for_timeout(10)
    return held[0]


def _check_given_up(backend: Backend, trace_id: str, error_type: str) -> None:
    wait_for_span(backend, trace_id, "frontend_search")
    told = {span.name: span for _, span in stored_spans(backend, trace_id)}
    assert set(told) == {
        "frontend_search",
        "update_ui_loading",
        "prepare_api_request",
        "api_request_execute",
        "http_request",
    }
    errors = {
        name: attributes(span)["error.type"]
        for name, span in told.items()
        if span.status.code == Status.STATUS_CODE_ERROR
    }
    given_up = ("frontend_search", "api_request_execute", "http_request")
    assert errors == dict.fromkeys(given_up, error_type)


def test_a_search_that_is_left_says_so(page: Page, served: tuple[str, Backend]) -> None:
    page.goto("/")
    held = _hold(page, "love")
    page.get_by_role("searchbox", name="Search the books").fill("love")
    page.get_by_role("button", name="Search", exact=True).click()
    trace_id = _wait_for_held(page, held)
    page.goto("about:blank")
    _check_given_up(served[1], trace_id, "page_left")


def test_a_tab_that_is_hidden_goes_on_with_its_search(
    page: Page, served: tuple[str, Backend]
) -> None:
    hide = """() => {
      Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""

    def hide_and_answer(route: Route) -> None:
        page.evaluate(hide)
        route.continue_()

    page.goto("/")
    page.route(re.compile(r"/search\?"), hide_and_answer)
    answer = submit(page, "love")
    shown(page)
    _check_trace(served[1], answer)


def test_a_search_that_is_overtaken_says_so(page: Page, served: tuple[str, Backend]) -> None:
    page.goto("/")
    held = _hold(page, "love")
    page.get_by_role("searchbox", name="Search the books").fill("love")
    page.get_by_role("button", name="Search", exact=True).click()
    trace_id = _wait_for_held(page, held)
    answer = submit(page, "sea")
    shown(page)
    _check_given_up(served[1], trace_id, "superseded")
    _check_trace(served[1], answer)


def test_nothing_is_asked_of_another_origin(page: Page, served: tuple[str, Backend]) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/?q=love")
    shown(page)
    page.get_by_role("link", name="Library").click()
    page.get_by_role("link", name="Traces").click()
    page.wait_for_load_state("networkidle")
    assert asked
    assert all(url.startswith((served[0], "data:")) for url in asked)


@pytest.fixture
def japanese(browser: Any, served: tuple[str, Backend]) -> Any:
    context: BrowserContext = browser.new_context(base_url=served[0], locale="ja-JP")
    yield context.new_page()
    context.close()


def test_the_language_is_the_browsers_and_can_be_changed(japanese: Page) -> None:
    japanese.goto("/")
    expect(japanese.locator("html")).to_have_attribute("lang", "ja")
    expect(japanese.get_by_role("searchbox")).to_be_visible()
    japanese.get_by_text("English", exact=True).click()
    expect(japanese.locator("html")).to_have_attribute("lang", "en")
    expect(japanese.get_by_role("searchbox", name="Search the books")).to_be_visible()
    japanese.reload()
    expect(japanese.locator("html")).to_have_attribute("lang", "en")


def test_light_or_dark_is_the_systems_and_can_be_chosen(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/")

    def paper() -> str:
        painted: str = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        return painted

    light = paper()
    page.get_by_role("radio", name="Dark").check()
    dark = paper()
    assert dark != light
    page.reload()
    expect(page.get_by_role("radio", name="Dark")).to_be_checked()
    assert paper() == dark
    page.emulate_media(color_scheme="dark")
    page.get_by_role("radio", name="Light").check()
    assert paper() == light
    page.get_by_role("radio", name="System").check()
    assert paper() == dark
