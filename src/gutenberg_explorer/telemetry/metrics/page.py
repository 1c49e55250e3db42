"""`/metrics`, the page that Prometheus reads, on a listener of its own."""

import errno
import logging
import multiprocessing
import socket
import socketserver
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any

from opentelemetry.exporter.prometheus import PrometheusMetricReader
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

logger = logging.getLogger(__name__)

# More worker processes than this nobody starts on one machine.
_WORKER_PORTS = 128
_LOOPBACK = "127.0.0.1"


class _Handler(BaseHTTPRequestHandler):
    """Answers `GET /metrics` and nothing else."""

    server: "_Listener"
    server_version = "gutenberg-explorer"
    sys_version = ""
    timeout = 10  # seconds for a request to arrive

    def do_GET(self) -> None:
        if self.path.split("?")[0] != "/metrics":
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        encode, media_type = choose_encoder(self.headers.get("Accept", ""))
        body = encode(self.server.registry)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: scrapes come every few seconds."""


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, host: str, port: int, registry: CollectorRegistry) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.registry = registry
        super().__init__((host, port), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        logger.debug("A scrape failed: %s", sys.exception())


def _listen(host: str, port: int, registry: CollectorRegistry) -> _Listener:
    """Listen on `port`, or as a worker process on the next that is free. Raises OSError."""
    # Only a server's own workers are children of a process of ours.
    is_worker = multiprocessing.parent_process() is not None
    last = port + _WORKER_PORTS if is_worker and port else port
    for each in range(port, min(last, 65_535) + 1):
        try:
            return _Listener(host, each, registry)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or each == last:
                raise OSError(
                    error.errno,
                    f"Can't listen on {host}:{port} for Prometheus ({error.strerror}): choose "
                    "another address with GUTENBERG_EXPLORER_METRICS_ADDRESS.",
                ) from None
    raise OSError(errno.EADDRINUSE, f"No port from {port} on is free for Prometheus.")


class MetricsPage:
    """The page at `address`, HOST:PORT or PORT alone for loopback. Raises OSError."""

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        registry = CollectorRegistry()
        self._listener = _listen(host.strip("[]") or _LOOPBACK, int(port), registry)
        self.reader = PrometheusMetricReader(scope_info_enabled=False, registry=registry)
        self._thread = threading.Thread(
            target=self._listener.serve_forever, name="metrics-page", daemon=True
        )

    @property
    def url(self) -> str:
        """Where the page is."""
        host, port = self._listener.server_address[:2]
        shown = f"[{host!s}]" if ":" in str(host) else host
        return f"http://{shown!s}:{port}/metrics"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()
        logger.info("Metrics for Prometheus: %s", self.url)

    def stop(self) -> None:
        """Answer no more."""
        if self._thread.is_alive():
            self._listener.shutdown()
        self._listener.server_close()
