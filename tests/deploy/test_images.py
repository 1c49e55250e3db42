"""The Dockerfiles, as far as they can be judged without building anything."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILES = sorted((ROOT / "deploy/images").glob("*.Dockerfile"))


def tool(name: str) -> str:
    """Return the path of a command of the development tools."""
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    assert found, f"{name} is missing: run `make test`"
    return found


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda file: str(file.name))
def test_hadolint_finds_nothing(file: Path) -> None:
    done = subprocess.run(
        [tool("hadolint"), "--no-color", str(file)], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("", 0)


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda file: str(file.name))
def test_what_a_dockerfile_begins_with_can_be_exchanged_and_is_of_one_version(file: Path) -> None:
    text = file.read_text()
    assert "# syntax=" not in text
    stages = set(re.findall(r" AS (\w[\w-]*)$", text, re.MULTILINE))
    bases = dict(re.findall(r"^ARG (\w+_IMAGE)=(\S+)$", text, re.MULTILINE))
    begun_with = re.findall(r"^FROM (?:--\S+ )?(\S+)", text, re.MULTILINE)
    assert begun_with
    assert {base for base in begun_with if base not in stages} == {f"${{{arg}}}" for arg in bases}
    for image in bases.values():
        assert re.search(r":\d+\.?\d*[\w.-]*$", image), image


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda file: str(file.name))
def test_an_image_runs_as_a_number_that_is_not_roots(file: Path) -> None:
    users = re.findall(r"^USER (\d+):(\d+)$", file.read_text(), re.MULTILINE)
    assert users
    assert all(int(user) and int(group) for user, group in users)
