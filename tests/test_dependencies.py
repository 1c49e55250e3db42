"""`make check` fails on an undeclared import, an unused dependency and a circle of imports."""

import os
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = ("src", "tests", "scripts", "benchmarks")
CHECKS = ("lint-imports", "deptry", "scripts.namespace_imports")


CLI = "src/gutenberg_explorer/cli/serve_command.py"
SEARCH = "src/gutenberg_explorer/search"


def steps() -> list[str]:
    """Return the commands of `make check` that are about imports."""
    printed = subprocess.check_output(["make", "--dry-run", "check"], cwd=ROOT, text=True)
    return [line for line in printed.splitlines() if any(check in line for check in CHECKS)]


def run(tree: Path) -> list[str]:
    """Run those commands on a copy of the project, and return what the failed ones print."""
    env = {**os.environ, "PYTHONPATH": str(tree / "src"), "NO_COLOR": "1"}
    failed = []
    for step in steps():
        done = subprocess.run(
            ["/bin/sh", "-c", step], cwd=tree, env=env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            failed.append(done.stdout + done.stderr)
    return failed


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a copy of the project's Python code, which uses the same environment."""
    others = shutil.ignore_patterns("__pycache__", "web", "node_modules")
    for folder in CODE:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=others)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    return tmp_path


def append(file: Path, *lines: str) -> None:
    with file.open("a", encoding="utf-8") as opened:
        opened.write("\n".join(("", *lines, "")))


def declare(tree: Path, table: str, *names: str) -> None:
    """Put dependencies at the head of a list in pyproject.toml."""
    file = tree / "pyproject.toml"
    text = file.read_text(encoding="utf-8")
    head = f"\n{table} = [\n"
    assert text.count(head) == 1
    file.write_text(text.replace(head, head + "".join(f'    "{name}",\n' for name in names)))


def test_the_checks_of_imports_pass(tree: Path) -> None:
    assert len(steps()) == 4
    assert run(tree) == []


def test_the_checks_of_imports_find_each_fault(tree: Path) -> None:
    semconv, common = (
        f"opentelemetry-{name}" for name in ("semantic-conventions", "exporter-otlp-proto-common")
    )
    append(tree / CLI, "import idna, nowhere, yaml", "import opentelemetry.semconv")
    append(tree / "tests/conftest.py", "import certifi")
    declare(tree, "dependencies", "h11", common)
    declare(tree, "dev", "wsproto")
    append(tree / SEARCH / "a.py", "from gutenberg_explorer.search import b")
    append(tree / SEARCH / "b.py", "from gutenberg_explorer.search import a")

    circles, package, everything, namespaces = run(tree)

    assert "No cycles are allowed in gutenberg_explorer.search" in circles
    assert "'idna' imported but it is a transitive dependency" in package
    assert "'nowhere' imported but missing from the dependency definitions" in package
    assert "'yaml' imported but declared as a dev dependency" in package
    assert "'h11' defined as a dependency but not used" in package
    assert "'certifi' imported but it is a transitive dependency" in everything
    assert "'wsproto' defined as a dependency but not used" in everything
    assert f"opentelemetry.semconv is from {semconv}, which is not declared" in namespaces
    assert f"{common} is declared and never imported" in namespaces


def test_an_exception_is_for_a_declared_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    declared = [
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
        *(each for extra in extras for each in extra),
    ]
    exceptions = project["tool"]["deptry"]["per_rule_ignores"]["DEP002"]
    names = {each.split(">")[0].split("=")[0] for each in declared}
    assert [each for each in exceptions if each not in names] == []
