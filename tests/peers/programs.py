"""The programs that `make peers` has set up."""

import os
import shutil
import sys
from pathlib import Path

import pytest

_BIN = Path(__file__).resolve().parent.parent.parent / ".tools" / "bin"


def program(name: str) -> Path:
    """Return a program's path: of those that were set up, of Python packages, or on the PATH.

    Without it the test is skipped, with the reason; in CI that is a failure.
    """
    places = (_BIN / name, Path(sys.executable).with_name(name))
    found = next((place for place in places if place.exists()), None) or shutil.which(name)
    if found:
        return Path(found)
    reason = f"There is no {name} here: run `make peers`, which says why."
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
