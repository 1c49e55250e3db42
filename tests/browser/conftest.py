"""A real server and a real Chromium.

Without a browser these tests are skipped with the reason, but in CI that is a failure.
"""

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Error, Page, Playwright, sync_playwright

from gutenberg_explorer.api import create_app
from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.settings import Settings
from tests.conftest import CORPUS_VARIABLE
from tests.libraries import IndexedShelf
from tests.page import built_page
from tests.waiting import wait_until, wait_until_ready

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
INSTALLED = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


def _launch(playwright: Playwright) -> Browser:
    found = next(filter(None, map(shutil.which, INSTALLED)), None)
    try:
        return playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
    except Error as error:
        reason = f"There is no browser: {error.message.splitlines()[0]}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a Chromium for the length of a `with` block."""
    with sync_playwright() as playwright:
        opened = _launch(playwright)
        yield opened
        opened.close()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A Chromium; it ends before tests elsewhere open one of their own, as Playwright asks."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="package")
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Backend]]:
    """Serve a library and the built page; yield the address and the backend.

    The library is the 18 books where they are at hand, and three small ones elsewhere.
    """
    built_page()
    large = CORPUS_VARIABLE in os.environ
    books: IndexedShelf = request.getfixturevalue(
        "indexed_18_books" if large else "indexed_small_books"
    )
    data_dir = books.copy_to(tmp_path_factory.mktemp("served"))
    settings = Settings(data_dir=data_dir, shelf=books.spec)
    with pytest.MonkeyPatch.context() as patched:
        for name in os.environ:
            if name.startswith("OTEL_"):
                patched.delenv(name)
        backend = Backend.open(settings)
    bound = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(backend), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    wait_until(lambda: server.started)
    yield f"http://127.0.0.1:{bound.getsockname()[1]}", backend
    server.should_exit = True
    thread.join()
    bound.close()


@contextmanager
def serving(folder: Path, environ: dict[str, str]) -> Iterator[str]:
    """Serve a library with these settings, log to `folder` and yield the address.

    In a process of its own: the spans of a process belong to one backend.
    """
    built_page()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gutenberg_explorer", "serve", "--port", str(port)]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, env=os.environ | environ, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(address, server)
        yield address
    finally:
        server.terminate()
        server.wait()


@contextmanager
def serving_harbour(books: IndexedShelf, folder: Path, **environ: str) -> Iterator[str]:
    """Serve the books of `tests/browser/harbour.py` from `folder` and yield the address."""
    with serving(folder, books.environment(folder / "data") | environ) as address:
        yield address


@pytest.fixture(scope="package")
def harbour(
    indexed_harbour: IndexedShelf, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Serve the books of `tests/browser/harbour.py` and yield the address."""
    with serving_harbour(indexed_harbour, tmp_path_factory.mktemp("harbour")) as address:
        yield address


@pytest.fixture(scope="package")
def unsampled(
    indexed_harbour: IndexedShelf, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Serve the same books without recording any trace; yield the address."""
    folder = tmp_path_factory.mktemp("unsampled")
    with serving_harbour(indexed_harbour, folder, OTEL_TRACES_SAMPLER="always_off") as address:
        yield address


@pytest.fixture(scope="package")
def elsewhere(
    indexed_harbour: IndexedShelf, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Serve the same books without keeping traces, and say where they are; yield the address."""
    folder = tmp_path_factory.mktemp("elsewhere")
    links = "Datadog=https://datadog.example.org/apm/trace/{trace_id}"
    with serving_harbour(
        indexed_harbour,
        folder,
        GUTENBERG_EXPLORER_TRACE_STORE="off",
        GUTENBERG_EXPLORER_TRACE_LINKS=links,
    ) as address:
        yield address


@pytest.fixture(scope="package")
def discreet(
    indexed_harbour: IndexedShelf, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """Serve the same books without keeping queries; yield the address and the data directory."""
    folder = tmp_path_factory.mktemp("discreet")
    with serving_harbour(
        indexed_harbour, folder, GUTENBERG_EXPLORER_QUERY_TEXT="hashed"
    ) as address:
        yield address, folder / "data"


@contextmanager
def watched(
    browser: Browser, address: str, locale: str = "en-US", **options: Any
) -> Iterator[Page]:
    """Open a page that fails the test when it writes an error to its console.

    `options` are those of a context of Playwright.
    """
    context = browser.new_context(base_url=address, locale=locale, **options)
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    yield opened
    context.close()
    # What a test provokes on purpose, the browser reports by itself.
    assert [e for e in errors if "Failed to load resource" not in e] == []


@pytest.fixture
def page(browser: Browser, served: tuple[str, Backend]) -> Iterator[Page]:
    """A page of the library that `served` serves."""
    with watched(browser, served[0]) as opened:
        yield opened


@pytest.fixture
def harbour_page(browser: Browser, harbour: str) -> Iterator[Page]:
    """A page of the library that `harbour` serves."""
    with watched(browser, harbour) as opened:
        yield opened


@pytest.fixture
def unsampled_page(browser: Browser, unsampled: str) -> Iterator[Page]:
    """A page of the library that `unsampled` serves."""
    with watched(browser, unsampled) as opened:
        yield opened


@pytest.fixture
def elsewhere_page(browser: Browser, elsewhere: str) -> Iterator[Page]:
    """A page of the library that `elsewhere` serves."""
    with watched(browser, elsewhere) as opened:
        yield opened


@pytest.fixture
def discreet_page(browser: Browser, discreet: tuple[str, Path]) -> Iterator[Page]:
    """A page of the library that `discreet` serves."""
    with watched(browser, discreet[0]) as opened:
        yield opened
