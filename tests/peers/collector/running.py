"""The real Collector, run with the configurations that ship."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from tests.peers.programs import program
from tests.waiting import answers, wait_until

CONFIGURATIONS = Path(__file__).resolve().parents[3] / "deploy" / "collector"
# Looks like a key to Datadog's own check, and is none.
DATADOG_KEY = "0" * 32


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def environment(folder: Path, environ: dict[str, str]) -> dict[str, str]:
    """Return the Collector's environment: nothing in it leads away from this machine."""
    return {
        "PATH": os.environ["PATH"],
        "DD_API_KEY": DATADOG_KEY,
        "DD_HOSTNAME": "test-host",
        "AWS_EC2_METADATA_DISABLED": "true",
        "QUEUE_DIR": str(folder / "queue"),
        **environ,
    }


class Collector:
    """A Collector with ports of its own; `change` is merged into its configurations.

    It is started, killed and started again with the same ports and the same queue.
    """

    def __init__(
        self,
        folder: Path,
        *configurations: str,
        change: dict[str, object] | None = None,
        **environ: str,
    ) -> None:
        names = ("grpc", "http", "jaeger_grpc", "jaeger_http", "health")
        self._ports = {name: free_port() for name in names}
        self._environ = environment(folder, environ)
        self._log = folder / "collector.log"
        self._process: subprocess.Popen[bytes] | None = None
        files = [CONFIGURATIONS / name for name in configurations]
        ports, changes = folder / "ports.yaml", folder / "change.yaml"
        ports.write_text(yaml.safe_dump(self._own_ports(files[0])))
        changes.write_text(yaml.safe_dump(change or {"extensions": {}}))
        self._command = [str(program("otelcol"))]
        self._command += [f"--config={file}" for file in (*files, ports, changes)]

    def _own_ports(self, main: Path) -> dict[str, object]:
        def at(name: str) -> dict[str, str]:
            return {"endpoint": self.address(name)}

        receivers: dict[str, object] = {
            "otlp": {"protocols": {"grpc": at("grpc"), "http": at("http")}}
        }
        if "jaeger" in yaml.safe_load(main.read_text())["receivers"]:
            own = {"grpc": at("jaeger_grpc"), "thrift_http": at("jaeger_http")}
            receivers["jaeger"] = {"protocols": own}
        return {
            "receivers": receivers,
            "extensions": {"health_check": at("health")},
            "service": {"telemetry": {"metrics": {"level": "none"}}},
        }

    def address(self, name: str) -> str:
        """Return the host and port of `grpc`, `http`, `jaeger_grpc`, `jaeger_http` or `health`."""
        return f"127.0.0.1:{self._ports[name]}"

    @property
    def url(self) -> str:
        """Where it takes OTLP over HTTP."""
        return f"http://{self.address('http')}"

    @property
    def log(self) -> str:
        """What it has printed."""
        return self._log.read_text()

    def start(self) -> None:
        """Start it, and return when it says that it is healthy."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environ, stdout=log, stderr=log
            )
        url = f"http://{self.address('health')}"
        try:
            wait_until(lambda: answers(url), "the Collector", process=self._process)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log[-2000:]}") from None

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Send it a signal, and wait until it has ended."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait()
            self._process = None


@contextmanager
def collector(
    folder: Path,
    *configurations: str,
    change: dict[str, object] | None = None,
    **environ: str,
) -> Iterator[Collector]:
    """Run a Collector for the length of a `with` block."""
    folder.mkdir(parents=True, exist_ok=True)
    running = Collector(folder, *configurations, change=change, **environ)
    try:
        running.start()
        yield running
    finally:
        running.stop()
