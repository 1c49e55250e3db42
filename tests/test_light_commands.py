"""Commands that only list, or only fail, load neither a web framework nor a search engine."""

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
    run = _run(*command, GUTENBERG_EXPLORER_DATA_DIR=str(tmp_path / "data"))
    assert run.returncode == 0
    _assert_light(run)


def test_a_wrong_setting_is_found_before_the_framework_is_loaded() -> None:
    run = _run("serve", GUTENBERG_EXPLORER_SHELF="magic")
    assert run.returncode == 1
    _assert_light(run)


def _run(*command: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "gutenberg_explorer", *command],
        env=os.environ | environ,
        capture_output=True,
        text=True,
        check=False,
    )


def _assert_light(run: "subprocess.CompletedProcess[str]") -> None:
    lines = [line for line in run.stderr.splitlines() if line.startswith("import time:")]
    loaded = {line.rpartition("|")[2].strip() for line in lines}
    assert "gutenberg_explorer.cli" in loaded
    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()
    assert "gutenberg_explorer.api" not in loaded
