"""The images, built by a real Docker, and the real `compose.yaml`, run by it."""

import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.traces import backend_tree, search_tree
from tests.peers.containers import base_images
from tests.peers.containers.docker import Docker, daemon
from tests.peers.containers.load import SEARCHERS, searches
from tests.peers.containers.stack import Stack, build, up
from tests.waiting import wait_until

pytestmark = pytest.mark.peers

BACKEND, FRONTEND = "gutenberg-explorer-backend", "gutenberg-explorer-frontend"
TOOLS = "gcc cc g++ make uv node npm"


@pytest.fixture(scope="module")
def docker() -> Iterator[Docker]:
    with daemon() as running:
        base_images.bring(running)
        build(running)
        yield running


@pytest.fixture(scope="module")
def stack(
    docker: Docker, corpus_zip: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    with up(docker, tmp_path_factory.mktemp("stack"), corpus_zip) as running:
        yield running


def told(result: str) -> None:
    """Say what was measured, where pytest is asked to show it (-rP)."""
    sys.stdout.write(result + "\n")


# --- images


def in_image(docker: Docker, image: str, script: str, *more: str) -> str:
    options = ["--rm", "--network=none", "--read-only", "--entrypoint=sh", *more]
    return docker.run("run", *options, image, "-c", script)


@pytest.mark.parametrize(("image", "base"), [(BACKEND, "PYTHON"), (FRONTEND, "NGINX")])
def test_an_image_holds_what_runs_and_no_more(docker: Docker, image: str, base: str) -> None:
    assert in_image(docker, image, f"command -v {TOOLS} || true") == ""
    places = "/data /home /opt /root /tmp /usr/local /usr/share/gutenberg-explorer"
    unwanted = "-name .cache -o -name '*.whl' -o -name node_modules"
    found = in_image(docker, image, f"find {places} {unwanted} 2>/dev/null || true", "--user=0")
    assert found == ""
    names = (image, base_images.names()[f"{base}_IMAGE"])
    form = "{{.Size}}"
    size, of_base = (int(docker.run("image", "inspect", "--format", form, n)) for n in names)
    told(f"{image}: {size / 1e6:.0f} MB, {(size - of_base) / 1e6:.0f} MB of them ours")
    assert size - of_base < 200e6


@pytest.mark.parametrize("image", [BACKEND, FRONTEND])
def test_an_image_runs_as_a_number_that_is_not_roots(docker: Docker, image: str) -> None:
    user = docker.run("image", "inspect", "--format", "{{.Config.User}}", image)
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    assert in_image(docker, image, "id -u") == user.split(":")[0]


def test_the_modules_are_compiled(docker: Docker) -> None:
    script = "python -c 'import gutenberg_explorer.api.app as a; print(a.__cached__)'"
    compiled = in_image(docker, BACKEND, script)
    assert in_image(docker, BACKEND, f"ls {compiled}") == compiled


def test_an_image_can_have_the_books_inside(docker: Docker) -> None:
    """Nothing can be written where this one runs, and nothing needs to be."""
    name = "gutenberg-explorer-with-books"
    options = [
        "--network=host",
        "--target=with-books",
        "--build-arg=SHELF=starter",
        f"--tag={name}",
    ]
    docker.run("build", *options, "--file=deploy/images/backend.Dockerfile", ".", seconds=300)
    run = ["run", "--read-only", "--tmpfs=/tmp", "--network=none"]
    found = docker.run(*run, "--rm", name, "search", "author:shakespeare love")
    assert "(shakespeare-" in found
    started = docker.run(*run, "--detach", name)
    try:
        form = "{{.State.Health.Status}}"
        wait_until(lambda: docker.run("inspect", "--format", form, started) == "healthy")
    finally:
        docker.run("rm", "--force", started)


def test_the_backend_ends_at_once_when_it_is_told_to(docker: Docker, stack: Stack) -> None:
    # After so many seconds Docker kills it, which is another exit code.
    docker.run("stop", "--time=10", stack.container("backend"))
    state = stack.inspect("backend")["State"]
    stack.compose("start", "backend")
    stack.wait(f"{stack.page}/readyz")
    assert state["ExitCode"] == 0


# --- Compose


@pytest.mark.parametrize("service", ["backend", "frontend", "collector"])
def test_a_service_has_few_rights(stack: Stack, service: str) -> None:
    container = stack.inspect(service)
    host = container["HostConfig"]
    assert container["Config"]["User"].split(":")[0] not in ("", "0", "root")
    assert host["ReadonlyRootfs"] is True
    assert host["CapDrop"] == ["ALL"]
    assert "no-new-privileges:true" in host["SecurityOpt"]
    assert host["Memory"] > 0
    assert host["RestartPolicy"]["Name"] == "unless-stopped"
    assert {b["HostIp"] for p in host["PortBindings"].values() for b in p} == {"127.0.0.1"}


@pytest.mark.parametrize("service", ["backend", "frontend"])
def test_a_service_can_write_nowhere_but_to_its_own(stack: Stack, service: str) -> None:
    script = "for d in / /etc /opt /opt/* /usr /var; do touch $d/x 2>/dev/null && echo $d; done; :"
    assert stack.docker.run("exec", stack.container(service), "sh", "-c", script) == ""
    stack.docker.run("exec", stack.container(service), "touch", "/tmp/x")


def test_a_search_is_one_whole_trace_at_the_collector_and_on_the_page(
    stack: Stack, browser: Browser
) -> None:
    context = browser.new_context(base_url=stack.page, locale="en-US")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    with page.expect_response(re.compile(r"/search\?")) as answered:
        page.goto("/?q=love")
    answer = answered.value.json()
    expect(page.locator("main[data-search-state='done']")).to_be_visible()
    expected = search_tree(len(answer["results"]), answer["method"])
    wait_until(lambda: stack.tree(answer["trace_id"]) == [expected])
    assert stack.tree(answer["trace_id"]) == [expected]
    for service, span in stack.spans()[answer["trace_id"]]:
        assert service in ("search-backend", "search-frontend"), span
    page.goto(f"/traces/{answer['trace_id']}")
    rows = page.get_by_role("treegrid", name="Trace waterfall").get_by_role("row")
    expect(rows.filter(has_text="frontend_search")).to_have_count(1)
    expect(rows.filter(has_text="GET /search")).to_have_count(1)
    expect(rows.filter(has_text="generate_snippet").first).to_be_attached()
    context.close()
    assert errors == []


def whole(stack: Stack, trace_ids: set[str], snippets: int = 3) -> set[str]:
    """Return those of the traces that have arrived at the Collector's far end, whole."""
    spans = stack.spans()
    return {
        trace_id for trace_id in trace_ids if len(spans.get(trace_id, ())) == count_nodes(snippets)
    }


def count_nodes(snippets: int) -> int:
    waiting, count = [backend_tree(snippets, "tfidf")], 0
    while waiting:
        count += 1
        waiting += waiting.pop().children
    return count


def test_the_backend_is_restarted_under_load(stack: Stack) -> None:
    """Searches fail with a sentence meanwhile; those that were answered keep their traces."""
    with searches(stack.page) as answers:
        stack.docker.run("restart", "--time=20", stack.container("backend"))
        stack.wait(f"{stack.page}/readyz")
    assert answers.broken[:1] == []
    for status, media_type, problem in answers.refused:
        assert (status, media_type) == (502, "application/problem+json")
        assert problem["title"] == "Bad Gateway"
    assert answers.found
    wait_until(lambda: whole(stack, answers.trace_ids) == answers.trace_ids)
    told(f"{len(answers.found)} answered, {len(answers.refused)} refused")


def test_a_backend_with_another_address_is_found(stack: Stack) -> None:
    container = stack.container("backend")
    [network] = stack.inspect("backend")["NetworkSettings"]["Networks"]
    address = stack.inspect("backend")["NetworkSettings"]["Networks"][network]["IPAddress"]
    stack.docker.run("stop", "--time=20", container)
    # Docker gives the lowest address that is free.
    options = ["--rm", "--detach", f"--network={network}", "--entrypoint=sleep"]
    other = stack.docker.run("run", *options, BACKEND, "60")
    try:
        stack.docker.run("start", container)
        newer = stack.inspect("backend")["NetworkSettings"]["Networks"][network]["IPAddress"]
        assert newer != address
        stack.wait(f"{stack.page}/search?q=love")
    finally:
        stack.docker.run("rm", "--force", other)


def test_the_frontend_is_restarted_under_load(stack: Stack) -> None:
    """Who asks the backend itself notices nothing.

    nginx has the backend's name looked up once it listens: it may refuse what comes before that.
    """
    with searches(stack.page) as answers, searches(stack.backend) as direct:
        stack.docker.run("restart", "--time=10", stack.container("frontend"))
        stack.wait(f"{stack.page}/nginx-health")
    assert (direct.broken[:1], direct.refused[:1]) == ([], [])
    assert len(answers.refused) <= SEARCHERS
    assert answers.found
    ids = answers.trace_ids | direct.trace_ids
    wait_until(lambda: whole(stack, ids) == ids)
    told(f"{len(answers.found)} answered, {len(answers.broken)} without an answer")


def test_the_collector_is_restarted_under_load(stack: Stack) -> None:
    """No search notices, and every trace arrives."""
    with searches(stack.page) as answers:
        stack.docker.run("restart", "--time=10", stack.container("collector"))
        stack.wait(f"http://127.0.0.1:{stack.environ['COLLECTOR_HEALTH_PORT']}/")
    assert (answers.broken[:1], answers.refused[:1]) == ([], [])
    wait_until(lambda: whole(stack, answers.trace_ids) == answers.trace_ids)


def test_the_collector_is_killed_under_load(stack: Stack) -> None:
    """No search notices, and what has waited in the backend's queue arrives."""
    container = stack.container("collector")
    with searches(stack.page) as before:
        stack.docker.run("kill", container)
    with searches(stack.page) as meanwhile:
        time.sleep(3)
        stack.docker.run("start", container)
        stack.wait(f"http://127.0.0.1:{stack.environ['COLLECTOR_HEALTH_PORT']}/")
    for answers in (before, meanwhile):
        assert (answers.broken[:1], answers.refused[:1]) == ([], [])
    assert meanwhile.found
    wait_until(lambda: whole(stack, meanwhile.trace_ids) == meanwhile.trace_ids)
