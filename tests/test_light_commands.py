"""Commands that only list load neither a web framework nor a search engine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.libraries import library_of, small_books

HEAVY = {"fastapi", "starlette", "uvicorn", "tantivy", "numpy"}


@pytest.mark.parametrize("command", [["traces", "list"], ["corpus", "list"]], ids=" ".join)
def test_a_list_loads_no_framework_and_no_engine(tmp_path: Path, command: list[str]) -> None:
    library_of(f"directory:{small_books(tmp_path / 'books')}", tmp_path / "data").build()
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "gutenberg_explorer", *command],
        env=os.environ | {"GUTENBERG_EXPLORER_DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line for line in run.stderr.splitlines() if line.startswith("import time:")]
    loaded = {line.rpartition("|")[2].strip() for line in lines}
    assert "gutenberg_explorer.cli" in loaded
    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()
    assert "gutenberg_explorer.api" not in loaded
