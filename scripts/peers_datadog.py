"""The programs of the tests against Datadog's own: steps for scripts/peers.py."""

import sys
from pathlib import Path

from scripts.peers import SMALL, SOURCES, built, go
from scripts.setup import BIN, ROOT, run


def agent() -> None:
    """Build the trace part of the Datadog Agent."""
    folder = SOURCES / "agent"
    inputs = [folder / name for name in ("main.go", "go.mod", "go.sum")]

    def build(new: Path) -> None:
        go(folder, "build", *SMALL, "-o", new / "datadog-agent", ".")

    built("datadog-agent", "the Datadog Agent", inputs, build)


def test_agent() -> None:
    """Install Datadog's test agent into an environment of its own: it pins an older protobuf."""
    lock = ROOT / "requirements/test-agent.txt"

    def build(new: Path) -> None:
        venv = new / "venv"
        run(BIN / "uv", "venv", "--relocatable", "--python", sys.executable, venv)
        into = ("--python", venv / "bin/python", "--require-hashes")
        run(BIN / "uv", "pip", "install", *into, "-r", lock)
        (new / "ddapm-test-agent").symlink_to("venv/bin/ddapm-test-agent")

    built("ddapm-test-agent", "Datadog's test agent", [lock], build)
