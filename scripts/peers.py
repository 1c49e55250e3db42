"""Bring the programs that `make peers` tests against: `peers.py STEP TARGET INPUT…`.

What is built from source is kept in the user's cache folder, under a name that tells its inputs, so
that another checkout has it at once; `.tools/bin` points to it. A program that can't be had here is
left out with the reason, and its tests say so.
"""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from scripts.setup import (
    BIN,
    ROOT,
    Failed,
    Skipped,
    link,
    main,
    output,
    remove,
    replaced,
    run,
    say,
)

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


def packages() -> None:
    """Install Docker, Compose, nginx and etcd where they are missing; start none of them."""
    path = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"
    missing = [pack for name, pack in PACKAGES.items() if not shutil.which(name, path=path)]
    if not missing:
        return
    if os.getuid() != 0 or not Path("/etc/debian_version").exists():
        raise Skipped(f"{', '.join(missing)} can only be installed by root on Debian or Ubuntu.")
    say("Installing Docker, nginx and etcd …")
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


def kubernetes() -> None:
    """Build the API server and the controllers; etcd is Debian's (`etcd-server`)."""
    source = SOURCES / "kubernetes/apiserver"
    inputs = [source / "go.mod", source / "go.sum"]
    lines = inputs[0].read_text().splitlines()
    version = next(line.split()[1] for line in lines if line.strip().startswith(f"{KUBERNETES} v"))
    # kubectl refuses a server that names no version.
    named = f"-ldflags=-s -w -X k8s.io/component-base/version.gitVersion={version}"
    for program in ("kube-apiserver", "kube-controller-manager"):

        def build(folder: Path, program: str = program) -> None:
            package = f"{KUBERNETES}/cmd/{program}"
            go(source, "build", "-trimpath", named, "-o", folder / program, package)

        built(program, "Kubernetes", inputs, build)


def datadog_agent() -> None:
    """Bring the definition of the Operator's resource, checked by go.sum."""
    source = SOURCES / "kubernetes/crd"
    module = "github.com/DataDog/datadog-operator"
    definition = "config/crd/bases/v1/datadoghq.com_datadogagents.yaml"

    def build(folder: Path) -> None:
        go(source, "mod", "download", module)
        found = json.loads(output("go", "-C", str(source), "mod", "download", "-json", module))
        shutil.copy(Path(found["Dir"]) / definition, folder / "datadogagents.yaml")

    inputs = [source / "go.mod", source / "go.sum"]
    built("datadogagents.yaml", "the definition of DatadogAgent", inputs, build)


def actionlint() -> None:
    """Build what checks the workflows."""
    source = SOURCES / "workflows/actionlint"

    def build(folder: Path) -> None:
        package = "github.com/rhysd/actionlint/cmd/actionlint"
        go(source, "build", "-trimpath", "-ldflags=-s -w", "-o", folder / "actionlint", package)

    built("actionlint", "actionlint", [source / "go.mod", source / "go.sum"], build)


COLLECTOR = "go.opentelemetry.io/collector"
KUBERNETES = "k8s.io/kubernetes"
PACKAGES = {
    "dockerd": "docker.io",
    "docker-compose": "docker-compose",
    "debootstrap": "debootstrap",
    "iptables": "iptables",
    "nginx": "nginx",
    "envsubst": "gettext-base",
    "etcd": "etcd-server",
}
"""Each program with the package that has it."""

STEPS: dict[str, Callable[[], None]] = {
    step.__name__: step
    for step in (collector, agent, test_agent, packages, kubernetes, datadog_agent, actionlint)
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
        say(f"Building {what}. This takes some minutes, once …")
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
            "Go is not installed. It builds the programs that `make peers` tests against. Install "
            "Go 1.26 or newer, then run make again."
        )
    env = ("env", *(f"{name}={value}" for name, value in STATIC.items()))
    run(*env, program, *map(str, arguments), cwd=str(folder))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[2]), sys.argv[3:], STEPS))
