"""What the page does when something is not there: the server, the network, a part of the page."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, Route, expect

from tests.browser.conftest import serving_harbour
from tests.libraries import IndexedShelf
from tests.page import built_page
from tests.waiting import wait_until_ready

pytestmark = [pytest.mark.browser, pytest.mark.peers]

# A server of an old version keeps its own files; the installed ones are other tests' too.
SERVE = """
import sys
from pathlib import Path
from urllib.request import urlopen
from gutenberg_explorer.api import pages
pages.WEB = Path(sys.argv.pop(1))
from gutenberg_explorer.cli import main
main(prog_name="gutenberg-explorer")
"""
SECONDS = 10_000
"""How long the page may take to find a server again, in ms."""


class Server:
    """A server that can go and come back at the same address, with other files of the page."""

    def __init__(self, books: IndexedShelf, folder: Path, **environ: str) -> None:
        self.web = folder / "web"
        shutil.copytree(built_page(), self.web)
        for compressed in (*self.web.rglob("*.br"), *self.web.rglob("*.gz")):
            compressed.unlink()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self._port}"
        self._environ = os.environ | books.environment(folder / "data") | environ
        self._log = folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def runs(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        command = [sys.executable, "-c", SERVE, str(self.web), "serve", "--port", str(self._port)]
        with self._log.open("a") as log:
            self._process = subprocess.Popen(command, env=self._environ, stdout=log, stderr=log)
        wait_until_ready(self.address, self._process)

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def rebuild(self) -> None:
        """Give each script another name, as a build of a new version does."""
        scripts = list(self.web.glob("assets/*.js"))
        for path in (*scripts, self.web / "index.html"):
            text = path.read_text()
            for script in scripts:
                text = text.replace(script.stem, f"{script.stem}2")
            path.write_text(text)
        for script in scripts:
            script.rename(script.with_stem(f"{script.stem}2"))


@pytest.fixture(scope="module")
def shared(
    indexed_harbour: IndexedShelf, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    with closing(Server(indexed_harbour, tmp_path_factory.mktemp("resilience"))) as server:
        yield server


@pytest.fixture
def server(shared: Server) -> Server:
    """A server that runs when the test begins."""
    if not shared.runs:
        shared.start()
    return shared


@pytest.fixture
def context(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    opened = browser.new_context(base_url=server.address, locale="en-US")
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def search(page: Page, query: str) -> None:
    page.get_by_role("searchbox", name="Search the books").fill(query)
    page.get_by_role("button", name="Search", exact=True).click()


def look_again(page: Page) -> None:
    """Come back to the tab, which has the server asked at once."""
    # A page that has asked by itself may be loading anew just now: there is nothing to do then.
    with suppress(Error):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def panel(page: Page) -> Locator:
    return page.get_by_role("region", name="Trace of this search")


def test_a_search_goes_on_by_itself_when_the_server_is_back(page: Page, server: Server) -> None:
    page.goto("/")
    search(page, "lighthouse")
    expect(page.get_by_role("article").first).to_be_visible()
    before = panel(page).get_attribute("data-trace-id")
    server.close()
    search(page, "harpooner")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The server cannot be reached")
    expect(alert.get_by_role("timer")).to_have_text(re.compile(r"Trying again in \d+ second"))
    server.start()
    expect(page.get_by_role("article").first).to_contain_text("harpooner", timeout=SECONDS)
    expect(alert).to_have_count(0)
    assert panel(page).get_attribute("data-trace-id") not in (before, None)
    assert page.url.endswith("/?q=harpooner")
    page.go_back()
    expect(page.get_by_role("article").first).to_contain_text("lighthouse")
    with urlopen(f"{server.address}/api/traces?service=search-backend&limit=1000") as answer:
        assert b"readyz" not in answer.read()


def test_the_reader_need_not_wait(page: Page, server: Server) -> None:
    page.goto("/?q=lighthouse")
    expect(page.get_by_role("article").first).to_be_visible()
    page.route("**/readyz", lambda route: route.abort())
    server.close()
    search(page, "harpooner")
    button = page.get_by_role("button", name="Try now")
    expect(button).to_be_visible()
    server.start()
    button.click()
    expect(page.get_by_role("article").first).to_contain_text("harpooner")


def test_a_proxy_without_a_server_behind_it_is_waited_for_alike(page: Page) -> None:
    page.goto("/")
    behind = {"gone": True}

    def proxy(route: Route) -> None:
        if behind["gone"]:
            route.fulfill(status=502, content_type="text/html", body="<h1>502</h1>")
        else:
            route.continue_()

    page.route(re.compile(r"/(search|readyz)\b"), proxy)
    search(page, "harpooner")
    expect(page.get_by_role("alert")).to_contain_text("Trying again in")
    behind["gone"] = False
    expect(page.get_by_role("article").first).to_be_visible(timeout=SECONDS)


def test_what_is_there_stays_and_is_renewed(page: Page, server: Server) -> None:
    page.goto("/traces")
    rows = page.get_by_role("table").get_by_role("row")
    expect(rows.nth(1)).to_be_visible()
    server.close()
    page.get_by_role("button", name="Refresh").click()
    alert = page.get_by_role("alert")
    expect(alert).to_be_visible()
    expect(rows.nth(1)).to_be_visible()
    server.start()
    look_again(page)
    expect(alert).to_have_count(0)
    expect(rows.nth(1)).to_be_visible()


def test_a_book_opens_when_the_server_is_back(page: Page, server: Server) -> None:
    page.goto("/read/voyage")
    page.get_by_role("heading", level=1).wait_for()
    page.get_by_role("link", name="Library").first.click()
    page.get_by_role("link", name="Tale 07").wait_for()
    server.close()
    page.get_by_role("link", name="Tale 07").click()
    expect(page.get_by_role("alert")).to_contain_text("The server cannot be reached")
    server.start()
    look_again(page)
    expect(page.get_by_role("heading", level=1, name="Tale 07")).to_be_visible()


def test_a_part_of_the_page_waits_for_the_server_too(page: Page, server: Server) -> None:
    page.goto("/")
    server.close()
    page.get_by_role("link", name="Library").first.click()
    expect(page.get_by_role("alert")).to_contain_text("The server is not responding")
    server.start()
    look_again(page)
    expect(page.get_by_role("link", name="Tale 07")).to_be_visible()


def test_without_a_network_the_page_says_so_and_goes_on_with_it(
    page: Page, context: BrowserContext
) -> None:
    page.goto("/?q=lighthouse")
    expect(page.get_by_role("article").first).to_be_visible()
    context.set_offline(True)
    search(page, "harpooner")
    expect(page.get_by_role("alert")).to_contain_text("You are offline")
    context.set_offline(False)
    expect(page.get_by_role("article").first).to_contain_text("harpooner")


def test_an_old_tab_takes_up_the_new_version(page: Page, server: Server) -> None:
    page.goto("/")
    server.rebuild()
    page.evaluate("window.old = true")
    page.get_by_role("link", name="Library").first.click()
    expect(page.get_by_role("link", name="Tale 07")).to_be_visible()
    assert page.url.endswith("/library")
    assert page.evaluate("window.old") is None


def test_a_part_that_stays_away_does_not_reload_the_page_for_ever(page: Page) -> None:
    page.goto("/")
    page.route(re.compile("/assets/page-"), lambda route: route.fulfill(status=404))
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    page.get_by_role("link", name="Library").first.click()
    expect(page.get_by_role("alert")).to_contain_text("Reload it")
    page.wait_for_timeout(500)
    assert len(loads) == 1
    page.get_by_role("alert").get_by_role("link", name="Go to search").click()
    expect(page.get_by_role("searchbox", name="Search the books")).to_be_visible()


@pytest.mark.parametrize("body", ["{}", '{"books": null}', "<html>"])
def test_an_answer_of_another_version_does_not_blank_the_page(page: Page, body: str) -> None:
    page.route(re.compile(r"/books\?"), lambda route: route.fulfill(body=body))
    page.route(re.compile(r"/search\?"), lambda route: route.fulfill(body=body))
    page.goto("/library")
    alert = page.get_by_role("alert")
    expect(alert.get_by_role("button", name="Reload the page")).to_be_visible()
    page.goto("/")
    search(page, "whale")
    expect(alert.get_by_role("button", name="Reload the page")).to_be_visible()
    expect(page.get_by_role("link", name="Library").first).to_be_visible()


def test_a_search_does_not_wait_for_tracing(page: Page) -> None:
    page.route(re.compile("/assets/support-"), lambda _: None)
    page.clock.install(time=0)
    page.goto("/", wait_until="commit")
    page.get_by_role("searchbox", name="Search the books").focus()
    page.clock.pause_at(60)
    for query in ("lighthouse", "harpooner"):
        with page.expect_request(re.compile(r"/search\?")):
            search(page, query)
            page.clock.run_for(500)  # for all that waits in the page, no more time passes
        page.clock.run_for(500)
        expect(page.get_by_role("article").first).to_contain_text(query)


def test_a_search_does_not_wait_for_its_spans_to_be_taken(page: Page) -> None:
    page.route(re.compile("/v1/traces"), lambda _: None)
    page.goto("/?q=lighthouse")
    for query in ("lighthouse", "harpooner", "anchor"):
        search(page, query)
        expect(page.get_by_role("article").first).to_contain_text(query)


def test_without_a_trace_store_all_else_is_there(
    browser: Browser, indexed_harbour: IndexedShelf, tmp_path: Path
) -> None:
    with closing(Server(indexed_harbour, tmp_path, GUTENBERG_EXPLORER_TRACE_STORE="off")) as server:
        server.start()
        context = browser.new_context(base_url=server.address, locale="en-US")
        page = context.new_page()
        page.goto("/?q=harpooner")
        expect(page.get_by_role("article").first).to_be_visible()
        expect(panel(page)).to_contain_text("Traces are stored elsewhere")
        page.goto("/library")
        expect(page.get_by_role("link", name="Tale 07")).to_be_visible()
        page.goto("/traces")
        expect(page.get_by_role("main")).to_contain_text("Traces are stored elsewhere")
        page.goto(f"/traces/{'1' * 32}")
        expect(page.get_by_role("main")).to_contain_text("Traces are stored elsewhere")
        context.close()


def test_without_any_trace_the_list_says_so(
    browser: Browser, indexed_harbour: IndexedShelf, tmp_path: Path
) -> None:
    with serving_harbour(indexed_harbour, tmp_path, OTEL_TRACES_SAMPLER="always_off") as address:
        page = browser.new_page(locale="en-US")
        page.goto(f"{address}/traces")
        expect(page.get_by_role("main")).to_contain_text("No traces yet")
        page.close()
