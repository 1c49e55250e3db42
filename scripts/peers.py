"""Bring the programs that `make peers` tests against: `peers.py STEP TARGET INPUT…`.

What is built from source is kept in the user's cache folder, under a name that tells its inputs, so
that another checkout has it at once; `.tools/bin` points to it. A program that can't be had here is
left out with the reason, and its tests say so.
"""

import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from scripts.setup import BIN, ROOT, Failed, Skipped, link, main, remove, replaced, run, say

SOURCES = ROOT / "tests/peers"
STATIC = {"CGO_ENABLED": "0"}
SMALL = ("-trimpath", "-ldflags=-s -w")


def collector() -> None:
    """Build the OpenTelemetry Collector with its own builder."""

    def build(folder: Path) -> None:
        builder = folder / "builder"
        go(SOURCES / "collector/builder", "build", "-o", builder, f"{COLLECTOR}/cmd/builder")
        manifest = SOURCES / "collector/builder.yaml"
        generate = ("--skip-compilation", "--skip-get-modules", "--config", manifest)
        run(builder, *generate, cwd=str(folder))
        source = folder / "source"
        # The builder's own would take whatever the network has; these name a hash for each module.
        for lock in ("go.mod", "go.sum"):
            shutil.copy(str(SOURCES / "collector" / lock), str(source / lock))
        go(source, "build", *SMALL, "-o", folder / "otelcol", ".")
        remove(source)
        remove(builder)

    inputs = ("builder.yaml", "go.mod", "go.sum", "builder/go.mod", "builder/go.sum")
    built("otelcol", "the Collector", [SOURCES / "collector" / name for name in inputs], build)


def agent() -> None:
    """Build the trace part of the Datadog Agent."""
    folder = SOURCES / "agent"

    def build(new: Path) -> None:
        go(folder, "build", *SMALL, "-o", new / "datadog-agent", ".")

    inputs = [folder / name for name in ("main.go", "go.mod", "go.sum")]
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


def docker() -> None:
    """Install Docker, Compose, debootstrap and nginx where they are missing; start none of them."""
    path = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"
    missing = [pack for name, pack in PACKAGES.items() if not shutil.which(name, path=path)]
    if not missing:
        return
    if os.getuid() != 0 or not Path("/etc/debian_version").exists():
        raise Skipped(f"Only root on Debian or Ubuntu can be given {', '.join(missing)}.")
    say("Installing Docker and nginx …")
    # A package's script would start the daemon; the tests start one of their own.
    policy = Path("/usr/sbin/policy-rc.d")
    ours = not policy.exists()
    if ours:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    try:
        run("apt-get", "--quiet", "--yes", "update")
        run("apt-get", "--quiet", "--yes", "install", "--no-install-recommends", *missing)
    except Failed as error:
        raise Skipped(f"{', '.join(missing)} could not be installed.") from error
    finally:
        if ours:
            policy.unlink()


COLLECTOR = "go.opentelemetry.io/collector"
PACKAGES = {
    "dockerd": "docker.io",
    "docker-compose": "docker-compose",
    "debootstrap": "debootstrap",
    "iptables": "iptables",
    "nginx": "nginx",
    "envsubst": "gettext-base",
}
"""Each program with the package that has it."""

STEPS: dict[str, Callable[[], None]] = {
    step.__name__: step for step in (collector, agent, test_agent, docker)
}


# --- what the steps are made of


def cache() -> Path:
    """Return the folder of what is built once for all checkouts."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache")
    return base.expanduser() / "gutenberg-explorer/peers"


def built(program: str, what: str, inputs: Sequence[Path], build: Callable[[Path], None]) -> None:
    """Let `.tools/bin` have a program: from the cache, or else as `build` leaves it in a folder."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in inputs)).hexdigest()[:12]
    folder = cache() / f"{program}-{digest}"
    if not (folder / program).exists():
        say(f"Building {what}; this takes minutes, once …")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with replaced(folder) as new:
            new.mkdir()
            build(new)
    link(program, str(folder / program))


def go(folder: Path, *arguments: object) -> None:
    """Run Go in a folder."""
    program = shutil.which("go") or shutil.which("/usr/local/go/bin/go")
    if not program:
        raise Skipped(
            "Go is not installed, with which the programs are built that `make peers` tests "
            "against. Install Go 1.26 or newer, then run make again."
        )
    env = ("env", *(f"{name}={value}" for name, value in STATIC.items()))
    run(*env, program, *map(str, arguments), cwd=str(folder))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[2]), sys.argv[3:], STEPS))
