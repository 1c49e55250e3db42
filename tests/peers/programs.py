"""The programs that `make peers` has set up."""

import os
import shutil
from pathlib import Path

import pytest

_BIN = Path(__file__).resolve().parent.parent.parent / ".tools" / "bin"


def program(name: str) -> Path:
    """Return a program's path: of those that were set up, or else of those on the PATH.

    Without it the test is skipped, with the reason; in CI that is a failure.
    """
    own = _BIN / name
    found = own if own.exists() else shutil.which(name)
    if found:
        return Path(found)
    reason = f"There is no {name} here: run `make peers`, which says why."
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
