"""A Deployment's pods, its Service and its rolling restart, out of processes of this machine.

Probes and times are those of the manifests. The Service does what kube-proxy does: a new connection
goes to a pod that is ready, one that is open stays where it is.
"""

import asyncio
import contextlib
import itertools
import shutil
import signal
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from benchmarks.server import COMMAND, environment
from tests.peers.collector.running import free_port
from tests.waiting import wait_until

BASE = Path(__file__).resolve().parents[2] / "deploy" / "kubernetes" / "base"


def deployment(name: str) -> dict[str, Any]:
    """Return the pod's spec of a Deployment in the manifests."""
    documents = yaml.safe_load_all((BASE / f"{name}.yaml").read_text())
    found = next(each for each in documents if each["kind"] == "Deployment")
    return dict(found["spec"]["template"]["spec"])


def setting(name: str) -> str:
    """Return the value of a setting of the manifests' backend."""
    generators = yaml.safe_load((BASE / "kustomization.yaml").read_text())["configMapGenerator"]
    literals = next(each for each in generators if each["name"] == "backend")["literals"]
    settings: dict[str, str] = dict(literal.split("=", 1) for literal in literals)
    return settings[name]


class Pod:
    """A backend: a process with a copy of the index, and its readiness as a kubelet sees it."""

    def __init__(self, folder: Path, library: Path, spec: dict[str, Any], **env: str) -> None:
        shutil.copytree(library, folder)
        self.port = free_port()
        self._probe = spec["containers"][0]["readinessProbe"]
        self._grace = spec["terminationGracePeriodSeconds"]
        self.is_ready = False
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--port", str(self.port)],
            env=environment(folder, **env),
            stdout=subprocess.DEVNULL,
        )
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        failures = 0
        while self.process.poll() is None:
            failures = 0 if self._answers() else failures + 1
            if not failures:
                self.is_ready = True
            elif failures >= self._probe["failureThreshold"]:
                self.is_ready = False
            # As the startup probe, until there is an answer.
            time.sleep(self._probe["periodSeconds"] if self.is_ready else 0.1)
        self.is_ready = False

    def _answers(self) -> bool:
        url = f"http://127.0.0.1:{self.port}{self._probe['httpGet']['path']}"
        try:
            urllib.request.urlopen(url, timeout=self._probe["timeoutSeconds"]).close()
        except OSError:
            return False
        return True

    def wait_until_ready(self) -> None:
        wait_until(lambda: self.is_ready, process=self.process)

    def end(self) -> int:
        """Tell it to end, wait as long as the manifests do, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(self._grace)


@dataclass
class Service:
    """One address before all pods."""

    pods: list[Pod] = field(default_factory=list)
    port: int = 0

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        loop = asyncio.new_event_loop()
        turns = itertools.count()

        async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            ready = [pod for pod in self.pods if pod.is_ready]
            pod = ready[next(turns) % len(ready)]
            try:
                up = await asyncio.open_connection("127.0.0.1", pod.port)
            except OSError:
                writer.transport.abort()
                return
            await asyncio.gather(_copy(reader, up[1]), _copy(up[0], writer))

        server = loop.run_until_complete(asyncio.start_server(forward, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        try:
            yield
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            server.close()
            for task in asyncio.all_tasks(loop):
                task.cancel()
            loop.run_until_complete(asyncio.sleep(0.1))
            loop.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, asyncio.CancelledError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()
