"""The clients that are pointed at the app, each with its defaults where it has any."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from tests.peers.clients.recording import Recording
from tests.peers.collector.running import free_port
from tests.peers.datadog.processes import running
from tests.peers.programs import program
from tests.waiting import SECONDS, wait_until

HERE = Path(__file__).resolve().parent
LOCKS = HERE.parents[2] / "requirements"
PYTHON_SDK = (sys.executable, str(HERE / "python_sdk.py"))


@dataclass(frozen=True)
class Report:
    """What a client printed, and its exit status."""

    text: str
    status: int = 0


Send = Callable[[Recording, Path], Report]


@dataclass(frozen=True)
class Client:
    """A client, as it is called in documents; `complaint` matches a line about refused spans."""

    name: str
    version: str
    send: Send
    complaint: str = "(?i)error|warn|fail"

    def complaints(self, report: Report) -> list[str]:
        """Return what the client says of spans that were not taken."""
        lines = [line for line in report.text.splitlines() if re.search(self.complaint, line)]
        return lines or ([f"exit status {report.status}"] if report.status else [])


def pinned(pattern: str, *lock: str) -> str:
    """Return the version that a lock names."""
    found = re.search(pattern, HERE.joinpath(*lock).read_text())
    assert found, pattern
    return found[1]


def ran(*command: str | Path, folder: Path, **environ: str) -> Report:
    """Run a client to its end. It has no settings but those that are given."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=SECONDS,
        text=True,
        check=False,
    )
    return Report(done.stdout, done.returncode)


def java(recorded: Recording, folder: Path) -> Report:
    """Run a program under the Java agent, which is told the endpoint and nothing else."""
    jars = program("java-client")
    path = f"{jars}/classes:{jars}/opentelemetry-instrumentation-annotations.jar"
    return ran(
        program("java"),
        f"-javaagent:{jars}/opentelemetry-javaagent.jar",
        *("-cp", f"{path}:{jars}/opentelemetry-api.jar", "Shop"),
        folder=folder,
        OTEL_EXPORTER_OTLP_ENDPOINT=recorded.address,
    )


def node(protocol: str) -> Send:
    """Return what runs a program under Node's auto-instrumentation."""

    def send(recorded: Recording, _: Path) -> Report:
        register = "@opentelemetry/auto-instrumentations-node/register"
        return ran(
            *(program("node"), "--require", register, "shop.cjs"),
            folder=program("node-client"),
            OTEL_SERVICE_NAME="node-shop",
            OTEL_EXPORTER_OTLP_ENDPOINT=recorded.address,
            OTEL_EXPORTER_OTLP_PROTOCOL=protocol,
            # By itself it reports nothing, and sends metrics too.
            OTEL_LOG_LEVEL="warn",
            OTEL_METRICS_EXPORTER="none",
            # The others ask the addresses where clouds tell a machine what it is.
            OTEL_NODE_RESOURCE_DETECTORS="env,host,os,process,serviceinstance",
        )

    return send


def rust(protocol: str) -> Send:
    """Return what runs a program with the SDK for Rust."""

    def send(recorded: Recording, folder: Path) -> Report:
        return ran(
            program("rust-client"),
            folder=folder,
            OTEL_SERVICE_NAME="rust-shop",
            OTEL_EXPORTER_OTLP_ENDPOINT=recorded.address,
            OTEL_EXPORTER_OTLP_PROTOCOL=protocol,
        )

    return send


def python(recorded: Recording, folder: Path) -> Report:
    """Run a program with the SDK for Python, which compresses."""
    return ran(
        *PYTHON_SDK,
        folder=folder,
        OTEL_SERVICE_NAME="python-shop",
        OTEL_EXPORTER_OTLP_ENDPOINT=recorded.address,
        OTEL_EXPORTER_OTLP_COMPRESSION="gzip",
    )


def telemetrygen(recorded: Recording, folder: Path) -> Report:
    """Run the Collector's generator."""
    return ran(
        *(program("telemetrygen"), "traces", "--otlp-http", "--otlp-insecure"),
        *("--otlp-endpoint", recorded.address.removeprefix("http://")),
        *("--traces", "1", "--child-spans", "3", "--span-links", "2", "--status-code", "Error"),
        folder=folder,
    )


def rotel(recorded: Recording, folder: Path) -> Report:
    """Send the spans of the SDK for Python through rotel."""
    log = folder / "rotel.log"
    with through_rotel(recorded, log) as address:
        ran(
            *PYTHON_SDK,
            folder=folder,
            OTEL_SERVICE_NAME="rotel-shop",
            OTEL_EXPORTER_OTLP_ENDPOINT=address,
        )
        wait_until(lambda: recorded.of("/v1/traces"), "rotel")
    return Report(log.read_text())


@contextmanager
def through_rotel(recorded: Recording, log: Path) -> Iterator[str]:
    """Run rotel for the length of a `with` block, and yield where it takes OTLP over HTTP."""
    port = free_port()
    command: list[str | Path] = [
        *(program("rotel"), "start", "--exporter", "otlp"),
        *("--otlp-http-endpoint", f"127.0.0.1:{port}"),
        *("--otlp-grpc-endpoint", f"127.0.0.1:{free_port()}"),
        *("--otlp-exporter-endpoint", recorded.address, "--otlp-exporter-protocol", "http"),
    ]
    with running(command, port, log, {}):
        yield f"http://127.0.0.1:{port}"


def node_version() -> str:
    """Return the version of Node's auto-instrumentation."""
    packages = json.loads((HERE / "node/package-lock.json").read_text())["packages"]
    found: str = packages["node_modules/@opentelemetry/auto-instrumentations-node"]["version"]
    return found


_JAVA: Final = pinned(r"opentelemetry-javaagent:(\S+)", "java", "artifacts.txt")
_NODE: Final = node_version()
_RUST: Final = pinned(r'name = "opentelemetry-otlp"\nversion = "(.+)"', "rust", "crates.lock")
_GENERATOR: Final = pinned(r"cmd/telemetrygen v(\S+)", "go", "go.mod")
_ROTEL: Final = pinned(r"rotel==(\S+)", str(LOCKS / "rotel.txt"))

CLIENTS: Final = {
    "java": Client("OpenTelemetry Java agent", _JAVA, java, "Failed to export spans"),
    "node": Client("OpenTelemetry auto-instrumentation for Node", _NODE, node("http/protobuf")),
    "node-json": Client("OpenTelemetry auto-instrumentation for Node", _NODE, node("http/json")),
    "python": Client("OpenTelemetry SDK for Python", version("opentelemetry-sdk"), python),
    "rust": Client("OpenTelemetry SDK for Rust", _RUST, rust("http/protobuf")),
    "rust-json": Client("OpenTelemetry SDK for Rust", _RUST, rust("http/json")),
    "telemetrygen": Client("telemetrygen", _GENERATOR, telemetrygen),
    "rotel": Client("rotel", _ROTEL, rotel),
}
