"""A served library to measure: the real command in a process of its own."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

COMMAND = [sys.executable, "-m", "gutenberg_explorer"]


def environment(data_dir: Path, **changes: str) -> dict[str, str]:
    """Return the environment to run the command in: no settings but these, and the test books."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GUTENBERG_", "OTEL_"))}
    shelf = os.environ.get("GUTENBERG_EXPLORER_SHELF", "auto")
    if corpus := os.environ.get("GUTENBERG_EXPLORER_TEST_CORPUS"):
        shelf = f"directory:{corpus}"
    ours = {"GUTENBERG_EXPLORER_DATA_DIR": str(data_dir), "GUTENBERG_EXPLORER_SHELF": shelf}
    return kept | ours | changes


@dataclass
class Server:
    """A running server: its address, its process, and how long it took to be ready in seconds."""

    url: str
    port: int
    process: subprocess.Popen[bytes]
    ready_after: float

    def get(self, path: str, **params: Any) -> Any:
        """Return the JSON at a path."""
        query = f"?{urllib.parse.urlencode(params)}" if params else ""
        with urllib.request.urlopen(self.url + path + query) as response:
            return json.load(response)

    def time_of_search(self, **params: Any) -> float:
        """Search, and return the length of the search's SERVER span in milliseconds."""
        trace_id = self.get("/search", **params)["trace_id"]
        (trace,) = self.get(f"/api/traces/{trace_id}")["data"]
        span = next(s for s in trace["spans"] if s["operationName"] == "GET /search")
        return float(span["duration"]) / 1000

    def resident_bytes(self, kind: str = "VmRSS") -> int:
        """Return the resident memory of the process; of the kind `RssAnon`, what no file holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith(f"{kind}:"))
        return int(line.split()[1]) * 1024


@contextmanager
def serving(
    env: dict[str, str], *options: str, output: int | IO[bytes] = subprocess.DEVNULL
) -> Iterator[Server]:
    """Serve for the length of a `with` block; ready when `/readyz` answers 200."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    started = time.perf_counter()
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port), *options], env=env, stdout=output
    )
    url = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                urllib.request.urlopen(f"{url}/readyz").close()
                break
            except urllib.error.URLError:
                if process.poll() is not None:
                    raise RuntimeError("the server ended") from None
                time.sleep(0.002)
        yield Server(url, port, process, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait()
