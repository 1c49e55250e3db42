"""`deploy-latest.sh` against a real API server whose controllers roll out and back.

What has no node to run on is stood in for: whether pods become ready, and jobs succeed, is told by
the tag of their image; a port that is forwarded leads to a backend beside the test.
"""

import http.server
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.server import Server, environment, serving
from tests.peers.kubernetes.cluster import Cluster, cluster, kubelet
from tests.peers.programs import program

pytestmark = pytest.mark.peers

ROOT = Path(__file__).resolve().parents[3]
NAMESPACE = "satomichi"
FORWARDING = """#!/bin/sh
case " $* " in
*" port-forward service/frontend-service :80 "*)
    echo "Forwarding from 127.0.0.1:{port} -> 8080"
    exec sleep 60
    ;;
*) exec {kubectl} "$@" ;;
esac
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster whose pods start, unless their image or their books are broken."""
    with cluster(tmp_path_factory.mktemp("cluster"), controllers=True) as opened:
        opened.kubectl("create", "namespace", NAMESPACE)
        with kubelet(opened, NAMESPACE, _works):
            yield opened


def _works(owner: str, image: str) -> bool:
    return ("no-books" if owner == "Job" else "broken") not in image


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory, library_dir: Path) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("backend") / "data"
    shutil.copytree(library_dir, folder)
    with serving(environment(folder)) as server:
        yield server


@pytest.fixture
def deploy(running: Cluster, backend: Server, tmp_path: Path) -> "Deploy":
    return Deploy(running, backend, tmp_path)


class Deploy:
    """Runs the script, and looks at what came of it."""

    def __init__(self, on: Cluster, backend: Server, folder: Path) -> None:
        self.on = on
        self.backend = backend
        forwarding = folder / "kubectl"
        forwarding.write_text(FORWARDING.format(port=backend.port, kubectl=program("kubectl")))
        forwarding.chmod(0o755)
        self._environment = on.environment | {"PATH": f"{folder}:{on.environment['PATH']}"}

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [ROOT / "deploy-latest.sh", *arguments],
            env=self._environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def succeeds(self, *arguments: str) -> str:
        done = self(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def fails(self, *arguments: str) -> str:
        done = self(*arguments)
        assert done.returncode == 1, done.stdout + done.stderr
        return done.stdout + done.stderr

    def versions(self) -> dict[str, str]:
        """Return the version of each Deployment, once all of its pods are of it and available."""
        found = {}
        for name in ("backend", "frontend"):
            rolled = ("rollout", "status", f"deployment/{name}", "--timeout=20s")
            self.on.kubectl(*rolled, "--namespace", NAMESPACE)
        for each in self.on.get("deployments", "--namespace", NAMESPACE)["items"]:
            template = each["spec"]["template"]
            (container,) = template["spec"]["containers"]
            version = container["image"].rpartition(":")[2]
            assert template["metadata"]["labels"]["tags.datadoghq.com/version"] == version
            found[each["metadata"]["name"]] = version
        return found


def _both(version: str) -> dict[str, str]:
    return {"backend": version, "frontend": version}


def test_a_version_is_deployed_and_searched(deploy: Deploy) -> None:
    said = deploy.succeeds("--yes", "1.0.0")
    assert "Version 1.0.0 is served." in said
    assert "ghcr.io/owner/gutenberg-explorer-backend:1.0.0" in said
    assert deploy.versions() == _both("1.0.0")
    found = re.search(r"Found, in trace ([0-9a-f]{32})", said)
    assert found
    (trace,) = deploy.backend.get(f"/api/traces/{found[1]}")["data"]
    assert {"GET /search", "perform_search"} <= {span["operationName"] for span in trace["spans"]}
    jobs = deploy.on.get("jobs", "--namespace", NAMESPACE)["items"]
    assert [job["status"]["succeeded"] for job in jobs] == [1]


def test_a_newer_version_takes_its_place(deploy: Deploy) -> None:
    deploy.succeeds("--yes", "1.1.0")
    assert "-        image: ghcr.io/owner/gutenberg-explorer-backend:1.1.0" in deploy.succeeds(
        "--yes", "v1.2.0"
    )
    assert deploy.versions() == _both("1.2.0")


def test_the_autoscaler_keeps_two_of_each(deploy: Deploy) -> None:
    deploy.succeeds("--yes", "2.0.0")
    for name in ("backend", "frontend"):
        scaled = ("deployment", name, "--namespace", NAMESPACE)
        deploy.on.kubectl("wait", "--for=jsonpath={.status.availableReplicas}=2", *scaled)
        # An apply leaves alone what the autoscaler has scaled to.
        deploy.on.run("scale", "--replicas=3", *scaled)
    deploy.succeeds("--yes", "2.0.1")
    for name in ("backend", "frontend"):
        scaled = ("deployment", name, "--namespace", NAMESPACE)
        assert deploy.on.get(*scaled)["spec"]["replicas"] >= 2


def test_other_images_can_be_deployed(deploy: Deploy) -> None:
    said = deploy.succeeds("--yes", "--images", "ghcr.io/someone/else", "3.0.0")
    assert "ghcr.io/someone/else-frontend:3.0.0" in said
    images = {
        container["image"]
        for each in deploy.on.get("deployments", "--namespace", NAMESPACE)["items"]
        for container in each["spec"]["template"]["spec"]["containers"]
    }
    assert images == {f"ghcr.io/someone/else-{name}:3.0.0" for name in ("backend", "frontend")}


def test_a_version_that_does_not_start_is_taken_back(deploy: Deploy) -> None:
    deploy.succeeds("--yes", "4.0.0")
    said = deploy.fails("--yes", "--timeout", "8s", "4.1.0-broken")
    assert "backend did not come up. Rolling back." in said
    assert "the previous version is served again" in said
    assert deploy.versions() == _both("4.0.0")


def test_a_version_that_finds_no_books_is_not_rolled_out(deploy: Deploy) -> None:
    deploy.succeeds("--yes", "5.0.0")
    deployments = deploy.on.get("deployments", "--namespace", NAMESPACE)["items"]
    before = [each["metadata"]["generation"] for each in deployments]
    said = deploy.fails("--yes", "5.1.0-no-books")
    assert "could not be indexed" in said
    deployments = deploy.on.get("deployments", "--namespace", NAMESPACE)["items"]
    assert [each["metadata"]["generation"] for each in deployments] == before


class _Wrong(http.server.BaseHTTPRequestHandler):
    """Finds something, in another trace than it was asked for."""

    def do_GET(self) -> None:
        body = b'{"total_results": 3, "results": []}'
        self.send_response(200)
        self.send_header("traceresponse", f"00-{'1' * 32}-{'2' * 16}-01")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def test_a_version_whose_search_has_no_trace_is_taken_back(deploy: Deploy) -> None:
    deploy.succeeds("--yes", "6.0.0")
    with http.server.HTTPServer(("127.0.0.1", 0), _Wrong) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        said = deploy.fails("--yes", "--url", f"http://127.0.0.1:{server.server_port}", "6.1.0")
        server.shutdown()
        thread.join()
    assert "the response has another trace id" in said
    assert "The search failed. Rolling back." in said
    assert deploy.versions() == _both("6.0.0")


def test_a_dry_run_changes_nothing(deploy: Deploy) -> None:
    deploy.succeeds("--yes", "7.0.0")

    def state() -> list[tuple[Any, ...]]:
        kinds = "deployments,jobs,configmaps,services,networkpolicies,ingresses"
        found = deploy.on.get(kinds, "--namespace", NAMESPACE)["items"]
        return [(each["kind"], each["metadata"]["uid"], each.get("spec")) for each in found]

    before = state()
    said = deploy.succeeds("--dry-run", "7.1.0")
    assert "+        image: ghcr.io/owner/gutenberg-explorer-backend:7.1.0" in said
    assert "Nothing was changed." in said
    assert state() == before


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("8.0.0",), "--yes is needed"),
        (("--yes", "8 0"), "is not a valid tag"),
        (("--overlay", "/etc", "8.0.0"), "is not an overlay"),
        (("--nonsense",), "there is no option"),
        (("--url",), "needs a value"),
    ],
)
def test_what_can_t_be_done_is_said(
    deploy: Deploy, arguments: tuple[str, ...], reason: str
) -> None:
    assert reason in deploy.fails(*arguments)


def test_the_first_version_has_nothing_before_it(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, backend: Server
) -> None:
    with cluster(tmp_path_factory.mktemp("empty"), controllers=True) as opened:
        deploy = Deploy(opened, backend, tmp_path)
        said = deploy.succeeds("--dry-run", "1.0.0")
        assert "Everything is new:\n" in said
        assert "Deployment backend" in said
        assert opened.run("get", "namespace", NAMESPACE).returncode
        # Its books are there, and yet it does not start.
        with kubelet(opened, NAMESPACE, lambda _, image: "backend" in image):
            said = deploy.fails("--yes", "--timeout", "8s", "1.0.0")
    assert "frontend: there is no earlier version to roll back to." in said
