"""What the tests of the page share with these."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium that ends with its module: while it runs, no test can run an event loop."""
    with chromium() as opened:
        yield opened
