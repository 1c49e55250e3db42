"""What holds the house together: locks, documents, version and package agree with each other."""

import email
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from gutenberg_explorer import __version__
from tests.browser.states import STATES, VIEWS, picture_name
from tests.page import built_page

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

FENCED = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^(?:\$ )?(?:[A-Z_]+=\S+ )*make ([a-z]\S*)", re.MULTILINE)
CODE_COMMAND = re.compile(r"`make ([a-z]+)[^`]*`")
LINK = re.compile(r"\]\(<?([^)\s>]+)[^)]*\)|(?:src|href|srcset)=\"([^\"]+)\"")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def normalised(requirement: str) -> str:
    match = re.match(r"[\w.-]+", requirement)
    assert match, requirement
    return re.sub(r"[-_.]+", "-", match[0]).lower()


def pins(lock: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    return dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))


# --- locks


@pytest.mark.parametrize(
    ("lock", "requirements"),
    [
        ("runtime", PROJECT["project"]["dependencies"]),
        ("dev", PROJECT["project"]["dependencies"]),
        ("dev", PROJECT["dependency-groups"]["dev"]),
        ("dev", PROJECT["project"]["optional-dependencies"]["datadog"]),
        ("build", PROJECT["build-system"]["requires"]),
        ("dev", PROJECT["build-system"]["requires"]),
    ],
)
def test_a_lock_pins_every_dependency(lock: str, requirements: list[str]) -> None:
    missing = {normalised(requirement) for requirement in requirements} - pins(lock).keys()
    assert not missing, "run `make lock`"


def test_the_locks_agree() -> None:
    dev = pins("dev")
    assert {**dev, **pins("runtime"), **pins("build")} == dev, "run `make lock`"


def test_the_build_requirement_is_the_locked_one() -> None:
    locked = pins("build")
    for requirement in PROJECT["build-system"]["requires"]:
        package, version = requirement.split("==")
        assert locked[package] == version


@pytest.mark.parametrize("lock", LOCKS, ids=name)
def test_a_lock_has_hashes_and_no_addresses(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert "--index-url" not in text
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert entries
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize(
    "folder",
    [
        "frontend",
        "requirements/lighthouse",
        "requirements/page-types",
        "tests/peers/clients/node",
    ],
)
def test_a_lock_of_npm_has_hashes_and_no_addresses(folder: str) -> None:
    lock = json.loads((ROOT / folder / "package-lock.json").read_text())
    packages = {path: package for path, package in lock["packages"].items() if path}
    assert packages
    assert [path for path, package in packages.items() if "integrity" not in package] == []
    assert [path for path, package in packages.items() if "resolved" in package] == []


def test_the_lock_of_crates_has_hashes_and_no_addresses() -> None:
    text = (ROOT / "tests/peers/clients/rust/crates.lock").read_text()
    assert "://" not in text
    crates = {crate["name"]: crate for crate in tomllib.loads(text)["package"]}
    own = crates.pop("rust-client")
    assert set(own["dependencies"]) <= crates.keys()
    assert [name for name, crate in crates.items() if "checksum" not in crate] == []


def test_the_lock_of_maven_has_hashes_and_no_addresses() -> None:
    lines = (ROOT / "tests/peers/clients/java/artifacts.txt").read_text().splitlines()
    assert lines
    artifact = re.compile(r"[\w.-]+:[\w.-]+:[\w.-]+ [0-9a-f]{64}")
    assert [line for line in lines if not artifact.fullmatch(line)] == []


# --- documents


def help_targets() -> set[str]:
    printed = subprocess.check_output(["make", "--no-print-directory", "help"], cwd=ROOT, text=True)
    return set(re.findall(r"^make (\S+)", printed, re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_a_document_names_real_commands(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    named = {target for block in FENCED.findall(text) for target in COMMAND.findall(block)}
    named.update(CODE_COMMAND.findall(FENCED.sub("", text)))
    assert named - help_targets() == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_a_document_links_to_files_that_exist(document: Path) -> None:
    text = FENCED.sub("", document.read_text(encoding="utf-8"))
    links = [markdown or html for markdown, html in LINK.findall(text)]
    paths = [link.split("#")[0] for link in links if not re.match(r"[a-z]+:|//|#", link)]
    assert [path for path in paths if not (document.parent / path).exists()] == []


def test_documents_show_the_pictures_that_tests_take() -> None:
    text = "".join(document.read_text(encoding="utf-8") for document in DOCUMENTS)
    shown = set(re.findall(r"images/([\w-]+\.png)", text))
    pictures = {path.name: path.stat().st_size for path in (ROOT / "docs/images").glob("*.png")}
    assert shown == pictures.keys()
    assert shown <= {picture_name(state, view) for state in STATES for view in VIEWS}
    assert sum(pictures.values()) < 2_500_000


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_a_document_names_tests_that_exist(document: Path) -> None:
    named = re.findall(r"\btests/[\w/]+\.py\b", document.read_text(encoding="utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_target_has_a_line_of_help() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*) \$\(GONE\)$", makefile, re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == help_targets()


# --- tests


def test_who_sends_sigint_starts_processes_that_heed_it() -> None:
    senders = {
        path: text
        for path in (ROOT / "tests").rglob("*.py")
        if "signal.SIGINT" in (text := path.read_text(encoding="utf-8"))
    }
    assert len(senders) > 1
    assert [name(path) for path, text in senders.items() if "interruptible()" not in text] == []


# --- names


def test_no_two_modules_share_a_name() -> None:
    modules = (ROOT / "src/gutenberg_explorer").rglob("*.py")
    names = Counter(path.name for path in modules if not path.name.startswith("__"))
    assert [name for name, count in names.items() if count > 1] == []


# --- version and package


def test_the_version_stands_in_one_place() -> None:
    assert "version" not in PROJECT["project"]
    assert PROJECT["project"]["dynamic"] == ["version"]
    literal = re.compile(rf"""["']{re.escape(__version__)}["']""")
    package = ROOT / "src/gutenberg_explorer"
    holders = [path for path in package.rglob("*.py") if literal.search(path.read_text())]
    assert holders == [package / "_version.py"]


def test_a_wheel_carries_the_page_and_the_command(tmp_path: Path) -> None:
    built_page()
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run([*build, "--directory", str(tmp_path)], cwd=ROOT, check=True)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        files = archive.namelist()
        [metadata] = [file for file in files if file.endswith(".dist-info/METADATA")]
        [entry_points] = [file for file in files if file.endswith("/entry_points.txt")]
        [licence] = [file for file in files if file.endswith("/licenses/LICENSE")]
        assert email.message_from_bytes(archive.read(metadata))["Version"] == __version__
        assert b"gutenberg-explorer = gutenberg_explorer.__main__:main" in archive.read(
            entry_points
        )
        assert archive.read(licence) == (ROOT / "LICENSE").read_bytes()
        page = archive.read("gutenberg_explorer/web/index.html").decode()
    scripts = re.findall(r'src="/(assets/[^"]+\.js)"', page)
    assert scripts
    assert {f"gutenberg_explorer/web/{script}" for script in scripts} <= set(files)
    foreign = [file for file in files if not re.match(r"gutenberg_explorer[/-]", file)]
    assert foreign == []
