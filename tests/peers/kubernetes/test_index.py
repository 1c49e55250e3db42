"""The index job fills the volume; a pod copies its index from there, without a network."""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.peers.kubernetes.manifests import named, objects

pytestmark = pytest.mark.peers


@pytest.fixture(scope="module")
def commands() -> tuple[list[str], str]:
    """The commands of the job and of the pod's first container."""
    manifests = objects("overlays/local")
    (job,) = named(manifests, "Job", "index")["spec"]["template"]["spec"]["containers"]
    pod = named(manifests, "Deployment", "backend")["spec"]["template"]["spec"]
    (copying,) = pod["initContainers"]
    assert copying["command"] == ["sh", "-ec"]
    assert job["command"][0] == "gutenberg-explorer"
    return job["command"], copying["args"][0]


@pytest.fixture(scope="module")
def index_url(corpus_zip: Path) -> Iterator[str]:
    """NLTK's zip on a server, while there is one."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=corpus_zip.parent)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/{corpus_zip.name}"
        server.shutdown()


def _run(command: list[str], data: Path, url: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "GUTENBERG_EXPLORER_SHELF": "nltk",
        "GUTENBERG_EXPLORER_DATA_DIR": str(data),
        "GUTENBERG_EXPLORER_NLTK_URL": url,
    }
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def test_a_pod_copies_what_the_job_has_made(
    tmp_path: Path, commands: tuple[list[str], str], index_url: str
) -> None:
    job, copying = commands
    library, data = tmp_path / "library", tmp_path / "data"
    data.mkdir()
    made = _run([sys.executable, "-m", "gutenberg_explorer", *job[1:]], library, index_url)
    assert made.returncode == 0, made.stderr
    script = copying.replace("/library", str(library)).replace("/data", str(data))
    script = script.replace("gutenberg-explorer ", f"{sys.executable} -m gutenberg_explorer ")
    nowhere = "http://127.0.0.1:9/gutenberg.zip"
    for _ in range(2):  # also when the container is started again
        copied = _run(["sh", "-ec", script], data, nowhere)
        assert copied.returncode == 0, copied.stderr
        assert "18 books" in copied.stdout
        assert "all checksums match" in copied.stdout
    assert sorted(path.name for path in data.iterdir()) == ["index"]


def _of_other_books(library: Path) -> None:
    """Leave the library as it is: its books are not those that are set."""


def _of_format_3(library: Path) -> None:
    (folder,) = (library / "index" / "libraries").iterdir()
    generation = (folder / "CURRENT").read_text().strip()
    (folder / generation).rename(library / "index" / generation)
    shutil.rmtree(library / "index" / "libraries")
    (library / "index" / "CURRENT").write_text(generation)


def _damaged(library: Path) -> None:
    path = next((library / "index").glob("segments/*/positions"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("change", [_of_other_books, _of_format_3, _damaged])
def test_a_copy_that_is_unsound_is_not_served(
    tmp_path: Path,
    commands: tuple[list[str], str],
    index_url: str,
    library_dir: Path,
    change: Callable[[Path], None],
) -> None:
    library, data = tmp_path / "library", tmp_path / "data"
    data.mkdir()
    if change is _of_other_books:
        shutil.copytree(library_dir, library)
    else:
        assert (
            _run(
                [sys.executable, "-m", "gutenberg_explorer", *commands[0][1:]], library, index_url
            ).returncode
            == 0
        )
    change(library)
    script = commands[1].replace("/library", str(library)).replace("/data", str(data))
    script = script.replace("gutenberg-explorer ", f"{sys.executable} -m gutenberg_explorer ")
    copied = _run(["sh", "-ec", script], data, index_url)
    assert copied.returncode == 1
    (line,) = copied.stderr.splitlines()
    assert line.startswith("Error: ")
