"""A rolling restart of the backend behind nginx, as the manifests have it, while people search."""

import http.client
import threading
from pathlib import Path

import pytest

from benchmarks.judge import judge
from benchmarks.load import Load
from benchmarks.recorder import recording
from tests.peers.nginx.running import nginx
from tests.peers.rolling import Pod, Service, deployment, setting

pytestmark = pytest.mark.peers

RATE = 200.0
REPLICAS = 2


def _post(port: int) -> int | None:
    """Send spans (none) as the page does, which no proxy may send twice; return the status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        headers = {"Content-Type": "application/json", "Origin": f"http://127.0.0.1:{port}"}
        connection.request("POST", "/v1/traces", b'{"resourceSpans":[]}', headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def test_a_rolling_restart_costs_no_request_and_no_trace(tmp_path: Path, library_dir: Path) -> None:
    spec = deployment("backend")
    drain = setting("GUTENBERG_EXPLORER_DRAIN")
    names = iter(range(100))
    with recording(tmp_path) as recorder:

        def start() -> Pod:
            return Pod(
                tmp_path / f"pod-{next(names)}",
                library_dir,
                spec,
                OTEL_EXPORTER_OTLP_ENDPOINT=recorder.url,
                OTEL_METRICS_EXPORTER="none",
                OTEL_LOGS_EXPORTER="none",
                GUTENBERG_EXPLORER_DRAIN=drain,
            )

        service = Service([start() for _ in range(REPLICAS)])
        for pod in service.pods:
            pod.wait_until_ready()
        posted: list[int | None] = []
        searched: list[int] = []
        restarted = threading.Event()
        try:
            with (
                service.open(),
                nginx(tmp_path, f"http://127.0.0.1:{service.port}") as front,
            ):
                port = int(front.address.rpartition(":")[2])
                load = Load(port, 1_000_000, RATE)

                def post() -> None:
                    while not restarted.wait(0.05):
                        posted.append(_post(port))

                posting = threading.Thread(target=post)
                load.start()
                posting.start()
                for old in service.pods[:]:
                    new = start()
                    service.pods.append(new)
                    new.wait_until_ready()
                    before = len(load.done)
                    assert old.end() == 0
                    searched.append(len(load.done) - before)
                    service.pods.remove(old)
                load.stop()
                restarted.set()
                searches = load.join()
                posting.join()
        finally:
            exits = [pod.end() for pod in service.pods]
        verdict = judge(searches, recorder.received())
    assert exits == [0] * REPLICAS
    assert set(posted) == {200}
    # It serves on while it drains. A busy machine sends fewer searches than it is asked to.
    assert min(searched) > 0.5 * RATE * float(drain)
    assert verdict.failed == 0
    assert verdict.complete == verdict.answered == len(searches)
    assert not verdict.outside
