"""What the tests of the page share with these."""

from tests.browser.conftest import browser

__all__ = ["browser"]
