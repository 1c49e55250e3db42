"""The built page, which some tests need."""

import os
from pathlib import Path

import pytest

from gutenberg_explorer.api import pages


def built_page() -> Path:
    """Return the folder of the built page.

    A test that needs it is skipped with the reason where it is not built; in CI that is a failure.
    """
    if not (pages.WEB / "index.html").is_file():
        reason = "The page is not built: run `make test`."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return pages.WEB
