"""A ranking method, a shelf and an engine are added in one place each."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.libraries import small_books

ADDED = """
from pathlib import Path

from gutenberg_explorer.corpus import SHELVES, ShelfKind
from gutenberg_explorer.corpus.directory import DirectoryShelf
from gutenberg_explorer.search import ENGINES, METHODS, EngineKind, RankingMethod
from gutenberg_explorer.search.local.local_engine import LocalEngine

def reversed_bm25():
    from gutenberg_explorer.search.local import bm25

    return lambda index, request, budget: bm25.search(
        index, replace(request, query=request.query[::-1]), budget
    )

class Renaming(LocalEngine):
    def search(self, request, budget):
        found = super().search(request, budget)
        for hit in found.hits:
            hit.title = hit.title.upper()
        return found

SHELVES["attic"] = ShelfKind("attic", "PATH", "a folder", lambda at, *_: DirectoryShelf(Path(at)))
METHODS["backwards"] = RankingMethod("backwards", "reads the query backwards", reversed_bm25)
ENGINES["loud"] = EngineKind("loud", "writes titles in capitals", Renaming)
"""


def run(script: str, *arguments: str, **environ: str) -> str:
    """Return what a process prints that has added all three before anything else is imported."""
    return subprocess.check_output(
        [sys.executable, "-c", f"from dataclasses import replace\n{ADDED}\n{script}", *arguments],
        env=os.environ | environ,
        text=True,
    )


COMMAND = "from gutenberg_explorer.cli import main; main()"


@pytest.mark.parametrize(
    ("command", "named"),
    [(["search"], "[bm25|tfidf|backwards]"), (["corpus", "add"], "attic:PATH")],
)
def test_help_names_what_was_added(command: list[str], named: str) -> None:
    assert named in " ".join(run(COMMAND, *command, "--help").split())


def test_settings_describe_what_was_added() -> None:
    described: list[list[str]] = json.loads(
        run(
            "import json\n"
            "from gutenberg_explorer.settings import Settings\n"
            "print(json.dumps(list(Settings.describe())))"
        )
    )
    meanings = {variable: meaning for variable, meaning, _ in described}
    assert "`attic:PATH`: a folder" in meanings["GUTENBERG_EXPLORER_SHELF"]
    assert "`loud`: writes titles in capitals" in meanings["GUTENBERG_EXPLORER_ENGINE"]


def test_the_api_describes_what_was_added(tmp_path: Path) -> None:
    description: dict[str, Any] = json.loads(
        run(
            "import json\n"
            "from gutenberg_explorer.api import create_app\n"
            "app = create_app()\n"
            "print(json.dumps(app.openapi()))",
            GUTENBERG_EXPLORER_SHELF=f"attic:{small_books(tmp_path / 'books')}",
            GUTENBERG_EXPLORER_DATA_DIR=str(tmp_path / "data"),
        ).splitlines()[-1]
    )
    parameters = description["paths"]["/search"]["get"]["parameters"]
    (method,) = (each["schema"] for each in parameters if each["name"] == "method")
    assert method["enum"] == ["bm25", "tfidf", "backwards"]


def test_all_three_are_used(tmp_path: Path) -> None:
    settings = {
        "GUTENBERG_EXPLORER_SHELF": f"attic:{small_books(tmp_path / 'books')}",
        "GUTENBERG_EXPLORER_ENGINE": "loud",
        "GUTENBERG_EXPLORER_DATA_DIR": str(tmp_path / "data"),
    }
    run(COMMAND, "index", "build", **settings)
    found = run(COMMAND, "search", "--method", "backwards", "elahw", **settings)
    assert "THE WHALE (whale)" in found
