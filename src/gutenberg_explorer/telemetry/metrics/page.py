"""`/metrics`, the page that Prometheus reads, on a listener of its own."""

import errno
import io
import logging
import multiprocessing
import socket
import socketserver
import sys
import threading
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from opentelemetry.exporter.prometheus import PrometheusMetricReader
from prometheus_client import CollectorRegistry, make_wsgi_app

from gutenberg_explorer.host_names import (
    ANY_HOST,
    LOCAL_HOSTS,
    host_name,
    host_names,
    is_address,
    is_loopback,
)

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

logger = logging.getLogger(__name__)

# More worker processes than this nobody starts on one machine.
_WORKER_PORTS = 128
_LOOPBACK = "127.0.0.1"
_SERVER = "gutenberg-explorer"  # and not which Python


class _Hosts:
    """The hosts that are answered to: those of the app, and the address that is listened on.

    Where others than this machine may come in, any IP address as well, by which Prometheus finds a
    pod: a page that has its own name point here (DNS rebinding) comes with that name.
    """

    def __init__(self, host: str, allowed: str | None) -> None:
        own = f"[{host}]" if ":" in host else host
        self._is_open = not is_loopback(host)
        self._names = {*host_names(allowed), *LOCAL_HOSTS, own.lower()}
        self._any = ANY_HOST in self._names or (self._is_open and allowed is None)

    def knows(self, header: str) -> bool:
        """Return whether a Host header names one of them."""
        name = host_name(header)
        return self._any or name in self._names or (self._is_open and is_address(name))


def _application(registry: CollectorRegistry, hosts: _Hosts) -> "WSGIApplication":
    """Return prometheus-client's application, which answers on any path, for `/metrics` alone."""
    metrics: WSGIApplication = make_wsgi_app(registry)

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]]) -> object:
            return start_response(status, [("Server", _SERVER), *headers])

        if not hosts.knows(environ.get("HTTP_HOST", "")):
            status = HTTPStatus.MISDIRECTED_REQUEST
        elif environ["PATH_INFO"] == "/metrics":
            return metrics(environ, cast("StartResponse", start))
        else:
            status = HTTPStatus.NOT_FOUND
        start(f"{status.value} {status.phrase}", [("Content-Type", "text/plain")])
        return [status.description.encode()]

    return answer


class _Handler(WSGIRequestHandler):
    """Answers one request, and logs nothing but failures."""

    server_version = _SERVER
    sys_version = ""
    timeout = 10  # seconds for a request to arrive

    def handle(self) -> None:
        self._errors = io.StringIO()
        super().handle()
        if failure := self._errors.getvalue():
            logger.debug("A scrape failed: %s", failure)

    def get_stderr(self) -> io.StringIO:
        """Return where a failure of the application is written."""
        return self._errors

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: scrapes come every few seconds."""


class _Listener(socketserver.ThreadingMixIn, WSGIServer):
    allow_reuse_port = False  # where two may listen on one port, no port is ever taken
    daemon_threads = True

    def __init__(
        self, host: str, port: int, registry: CollectorRegistry, allowed_hosts: str | None
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Handler)
        self.set_app(_application(registry, _Hosts(host, allowed_hosts)))

    def server_bind(self) -> None:
        """Bind without asking DNS for this machine's name, as HTTPServer does: it may take long."""
        socketserver.TCPServer.server_bind(self)
        host, self.server_port = self.server_address[:2]
        self.server_name = str(host)
        self.setup_environ()

    def handle_error(self, request: object, client_address: object) -> None:
        logger.debug("A scrape failed: %s", sys.exception())


def _listen(
    host: str, port: int, registry: CollectorRegistry, allowed_hosts: str | None
) -> _Listener:
    """Listen on `port`, or as a worker process on the next that is free. Raises OSError."""
    # Only a server's own workers are children of a process of ours.
    is_worker = multiprocessing.parent_process() is not None
    last = port + _WORKER_PORTS if is_worker and port else port
    for each in range(port, min(last, 65_535) + 1):
        try:
            return _Listener(host, each, registry, allowed_hosts)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or each == last:
                raise OSError(
                    error.errno,
                    f"Can't listen on {host}:{port} for Prometheus ({error.strerror}): choose "
                    "another address with GUTENBERG_EXPLORER_METRICS_ADDRESS.",
                ) from None
    raise OSError(errno.EADDRINUSE, f"There is no free port for Prometheus from {port} on.")


class MetricsPage:
    """The page at `address`, HOST:PORT or PORT alone for loopback. Raises OSError.

    It answers to the names that `allowed_hosts` lists, separated by commas; 421 to other hosts.
    """

    def __init__(self, address: str, allowed_hosts: str | None = None) -> None:
        host, _, port = address.rpartition(":")
        registry = CollectorRegistry()
        host = host.strip("[]") or _LOOPBACK
        self._listener = _listen(host, int(port), registry, allowed_hosts)
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
