"""The workflows and scripts that are run elsewhere, under the tools that judge them."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.peers.programs import program

pytestmark = pytest.mark.peers

ROOT = Path(__file__).resolve().parents[3]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SCRIPTS = (ROOT / "deploy-latest.sh", ROOT / ".ci" / "run", *ROOT.glob("deploy/**/*.sh"))
PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")


def _said(*command: str | Path) -> str:
    """Return what a tool objects to."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_actionlint_has_no_objection() -> None:
    shellcheck = f"-shellcheck={program('shellcheck')}"
    assert not _said(program("actionlint"), "-pyflakes=", shellcheck, *WORKFLOWS)


def test_zizmor_has_no_objection() -> None:
    assert not _said(program("zizmor"), "--offline", "--persona=pedantic", *WORKFLOWS)


def test_shellcheck_has_no_objection() -> None:
    assert not _said(program("shellcheck"), *SCRIPTS)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_of_others_are_pinned(workflow: Path) -> None:
    for line in workflow.read_text().splitlines():
        if "uses: " in line and "uses: ./" not in line:
            assert PINNED.search(line), line


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_do_nothing_but_what_its_jobs_name(workflow: Path) -> None:
    assert yaml.safe_load(workflow.read_text())["permissions"] == {}


def test_an_objection_is_seen(tmp_path: Path) -> None:
    mistyped = (ROOT / ".github" / "workflows" / "deploy.yml").read_text()
    bad = tmp_path / "bad.yml"
    bad.write_text(mistyped.replace("runs-on", "run-on", 1))
    assert "run-on" in _said(program("actionlint"), bad)
    bad.write_text(mistyped.replace("persist-credentials: false", "fetch-depth: 1"))
    assert "artipacked" in _said(program("zizmor"), "--offline", bad)
    script = tmp_path / "bad.sh"
    script.write_text("#!/bin/sh\nrm -rf $1/*\n")
    assert "SC2086" in _said(program("shellcheck"), script)
