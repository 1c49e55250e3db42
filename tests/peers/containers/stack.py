"""The real `compose.yaml`, brought up with ports and books of the test's."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.browser.traces import Node
from tests.peers.collector.running import free_port
from tests.peers.containers.docker import ROOT, Docker
from tests.waiting import answers, wait_until

PROJECT = "explorer-test"
_PORTS = (
    "BACKEND_PORT",
    "FRONTEND_PORT",
    "OTLP_GRPC_PORT",
    "OTLP_HTTP_PORT",
    "COLLECTOR_HEALTH_PORT",
    "JAEGER_GRPC_PORT",
    "JAEGER_THRIFT_PORT",
)
_BATCH = '{"resourceSpans":'
_KINDS = ("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER")


def build(docker: Docker) -> None:
    """Build the images that `compose.yaml` builds, with the machine's own network."""
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    for service in services.values():
        if build := service.get("build"):
            options = ["--network=host", "--tag", service["image"], "--file", build["dockerfile"]]
            docker.run("build", *options, str(ROOT / build["context"]), seconds=600)


class Stack:
    """The services that run, and what the Collector has written of their spans."""

    def __init__(self, docker: Docker, folder: Path, shelf: Path) -> None:
        self.docker = docker
        self.recorded = folder / "recorded"
        self.recorded.mkdir(mode=0o777)
        self.recorded.chmod(0o777)
        self.environ = {name: str(free_port()) for name in _PORTS}
        (self.recorded / "change.yaml").write_text(yaml.safe_dump(_RECORD))
        books = folder / "shelf.zip"
        shutil.copy(shelf, books)
        books.chmod(0o644)
        override = folder / "override.yaml"
        override.write_text(yaml.safe_dump(_override(self.recorded, books)))
        self.files = [ROOT / "compose.yaml", override]

    def compose(self, *command: str, seconds: float = 120) -> str:
        """Run a command of Compose on it."""
        command = ("--project-name", PROJECT, *command)
        return self.docker.compose(self.files, *command, seconds=seconds, **self.environ)

    @property
    def page(self) -> str:
        """Where the page is, by a name that the backend allows."""
        return f"http://localhost:{self.environ['FRONTEND_PORT']}"

    @property
    def backend(self) -> str:
        """Where the backend itself is."""
        return f"http://127.0.0.1:{self.environ['BACKEND_PORT']}"

    def container(self, service: str) -> str:
        """Return the id of a service's container."""
        return self.compose("ps", "-q", service)

    def inspect(self, service: str) -> dict[str, Any]:
        """Return what Docker tells of a service's container."""
        found: dict[str, Any] = json.loads(self.docker.run("inspect", self.container(service)))[0]
        return found

    def wait(self, url: str) -> None:
        """Return once this address answers 200. Raises AssertionError."""
        wait_until(lambda: answers(url), url)

    def spans(self) -> dict[str, list[tuple[str, dict[str, Any]]]]:
        """Return the spans at the Collector's far end with their services, by their traces."""
        file = self.recorded / "spans.jsonl"
        found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        for line in file.read_text().splitlines() if file.exists() else ():
            try:
                # A line that a killed Collector has not ended is gone on with by the next one.
                batch = json.loads(line[line.rindex(_BATCH) :])
            except ValueError:  # is being written
                continue
            for group in batch["resourceSpans"]:
                told = {a["key"]: a["value"] for a in group["resource"]["attributes"]}
                service = told["service.name"]["stringValue"]
                for scope in group["scopeSpans"]:
                    for span in scope["spans"]:
                        found.setdefault(span["traceId"], []).append((service, span))
        return found

    def tree(self, trace_id: str) -> list[Node]:
        """Return a trace at the Collector's far end as trees: one, where every parent is there."""
        return tree(self.spans().get(trace_id, []))


def tree(spans: list[tuple[str, dict[str, Any]]]) -> list[Node]:
    """Return spans in OTLP's JSON form as trees."""
    ordered = sorted(
        spans, key=lambda s: (int(s[1]["startTimeUnixNano"]), int(s[1]["endTimeUnixNano"]))
    )
    nodes = {s["spanId"]: Node(s["name"], service, _KINDS[s["kind"]]) for service, s in ordered}
    roots: list[Node] = []
    for _, span in ordered:
        parent = nodes.get(span.get("parentSpanId", ""))
        (parent.children if parent else roots).append(nodes[span["spanId"]])
    return roots


@contextmanager
def up(docker: Docker, folder: Path, shelf: Path) -> Iterator[Stack]:
    """Run the whole system for the length of a `with` block."""
    stack = Stack(docker, folder, shelf)
    down = ("down", "--volumes", "--remove-orphans", "--timeout", "5")
    stack.compose(*down)
    try:
        stack.compose("up", "--detach", seconds=180)
        yield stack
    finally:
        (folder / "logs").write_text(stack.compose("logs", "--no-color"))
        stack.compose(*down)


# One pipeline more: all that arrives, into a file.
_RECORD = {
    "exporters": {"file/recorded": {"path": "/recorded/spans.jsonl", "append": True}},
    "service": {
        "pipelines": {"traces/recorded": {"receivers": ["otlp"], "exporters": ["file/recorded"]}}
    },
}


def _override(recorded: Path, books: Path) -> dict[str, Any]:
    return {
        "services": {
            "backend": {
                "environment": {"GUTENBERG_EXPLORER_SHELF": "directory:/shelf.zip"},
                "volumes": [f"{books}:/shelf.zip:ro"],
            },
            "collector": {
                "command": [
                    "--config=/etc/collector/dev.yaml",
                    "--config=/recorded/change.yaml",
                ],
                "volumes": [f"{recorded}:/recorded"],
            },
        }
    }
