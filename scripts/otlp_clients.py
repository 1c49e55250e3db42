"""Bring the OTLP clients that `make peers` points at the app: `otlp_clients.py STEP TARGET INPUT…`.

Like the programs of `peers.py`, each is built once into the user's cache folder, and a client that
can't be had here is left out with the reason.
"""

import hashlib
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from scripts.peers import built, go
from scripts.setup import BIN, NPM_CI, ROOT, Failed, Skipped, main, npm, remove, run

SOURCES = ROOT / "tests/peers/clients"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy"


def java_client() -> None:
    """Bring OpenTelemetry's Java agent, and compile a program for it to trace."""
    source = SOURCES / "java"
    lock, program = source / "artifacts.txt", source / "Shop.java"

    def build(new: Path) -> None:
        folder = new / "java-client"
        jars = [artifact(line, folder) for line in lock.read_text().splitlines()]
        classes = folder / "classes"
        path = ":".join(map(str, jars))
        run(tool("javac", "a JDK"), "-cp", path, "-d", classes, program)

    built("java-client", "the Java client", [lock, program], build)


def artifact(line: str, folder: Path) -> Path:
    """Bring one artifact of Maven, `GROUP:NAME:VERSION SHA256`. Raises Failed if it is another."""
    coordinates, digest = line.split()
    _, name, version = coordinates.split(":")
    maven = tool("mvn", "Maven")
    run(maven, "-B", "-q", COPY, f"-Dartifact={coordinates}", f"-DoutputDirectory={folder}")
    jar = folder / f"{name}-{version}.jar"
    if hashlib.sha256(jar.read_bytes()).hexdigest() != digest:
        raise Failed(f"{coordinates} does not have the SHA-256 of {line}.")
    return jar.rename(folder / f"{name}.jar")


def node_client() -> None:
    """Install Node's auto-instrumentation, and a program for it to trace."""
    inputs = [SOURCES / "node" / name for name in ("package.json", "package-lock.json", "shop.cjs")]

    def build(new: Path) -> None:
        folder = new / "node-client"
        folder.mkdir()
        for path in inputs:
            shutil.copy(path, folder)
        npm("ci", *NPM_CI, cwd=folder)

    built("node-client", "the Node client", inputs, build)


def rust_client() -> None:
    """Build a program with the OpenTelemetry SDK for Rust."""
    source = SOURCES / "rust"
    inputs = [source / name for name in ("Cargo.toml", "crates.lock", "src/main.rs")]

    def build(new: Path) -> None:
        cargo = tool("cargo", "Rust")
        folder = new / "source"
        shutil.copytree(source, folder)
        # The lock in the repository names no registry; Cargo's own says which one it uses.
        run(cargo, "generate-lockfile", cwd=folder)
        lock = folder / "Cargo.lock"
        [registry] = set(re.findall(r"^source = .*\n", lock.read_text(), re.MULTILINE))
        pinned = (folder / "crates.lock").read_text()
        lock.write_text(re.sub(r"^(?=checksum = )", registry, pinned, flags=re.MULTILINE))
        run(cargo, "build", "--locked", cwd=folder)
        shutil.move(folder / "target/debug/rust-client", new)
        remove(folder)

    built("rust-client", "the Rust client", inputs, build)


def telemetrygen() -> None:
    """Build the Collector's generator of spans."""
    source = SOURCES / "go"
    package = "github.com/open-telemetry/opentelemetry-collector-contrib/cmd/telemetrygen"

    def build(new: Path) -> None:
        small = ("-trimpath", "-ldflags=-s -w")
        go(source, "build", *small, "-o", new / "telemetrygen", package)

    built("telemetrygen", "telemetrygen", [source / "go.mod", source / "go.sum"], build)


def rotel() -> None:
    """Install rotel, a collector written in Rust."""
    lock = ROOT / "requirements/rotel.txt"

    def build(new: Path) -> None:
        into = ("--python", sys.executable, "--target", new / "packages")
        try:
            run(BIN / "uv", "pip", "install", *into, "--require-hashes", "--no-build", "-r", lock)
        except Failed as error:
            raise Skipped("rotel could not be installed: not every machine has one.") from error
        (new / "rotel").symlink_to("packages/rotel/rotel-agent")

    built("rotel", "rotel", [lock], build)


STEPS: dict[str, Callable[[], None]] = {
    step.__name__: step for step in (java_client, node_client, rust_client, telemetrygen, rotel)
}


def tool(program: str, name: str) -> str:
    """Return the path of a program on this machine. Raises Skipped where there is none."""
    found = shutil.which(program)
    if not found:
        raise Skipped(f"{name} is not installed. A client that `make peers` tests needs it.")
    return found


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[2]), sys.argv[3:], STEPS))
