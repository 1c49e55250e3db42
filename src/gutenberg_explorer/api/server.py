"""Serving the app: in this process, or in several."""

import gc
import logging
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from gutenberg_explorer.api.app import create_app
from gutenberg_explorer.api.connection import BoundedConnection
from gutenberg_explorer.parent_process import when_parent_ends
from gutenberg_explorer.runtime.backend import Backend

logger = logging.getLogger(__name__)

# How long requests that are under way may take once the process is told to end (s).
_GRACE = 10
# A worker that does not react for so long is replaced (s). On a busy machine a start takes longer
# than uvicorn's 5 s, and each worker would be replaced before it could begin to serve.
_UNRESPONSIVE = 60
# A worker whose parent was killed has so long for its end (s): for requests, then for telemetry.
_ORPHANED = 2 * _GRACE


def create_worker_app() -> FastAPI:
    """Return the app for a worker process, which ends when its parent does."""
    when_parent_ends(_end_orphan)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    return create_app()


def _end_orphan() -> None:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(_ORPHANED)
    os._exit(1)


class _Supervisor(Multiprocess):
    """uvicorn's, which lets a worker start in peace and notices at once that one has ended."""

    @contextmanager
    def _starting(self) -> Iterator[None]:
        """Hold interrupts back from the processes that are started in the `with` block.

        One would end Python's own start with a traceback. It arrives once the worker can handle it.
        """
        resource_tracker.ensure_running()  # which would take interrupts out of the mask
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
            for worker in self.processes:
                # As long as this process has the worker's end of the pipe open too, it would wait
                # `_UNRESPONSIVE` seconds for the answer of a worker that has ended.
                worker.child_conn.close()

    def init_processes(self) -> None:
        with self._starting():
            super().init_processes()

    def keep_subprocess_alive(self) -> None:
        with self._starting():
            super().keep_subprocess_alive()

    def restart_all(self) -> None:
        with self._starting():
            super().restart_all()

    def handle_ttin(self) -> None:
        with self._starting():
            super().handle_ttin()


def serve(
    backend: Backend,
    listening: socket.socket,
    *,
    workers: int = 1,
    max_requests: int | None = None,
) -> None:
    """Serve until the process is told to end; then answer what is under way and hand on the spans.

    `workers` processes share the socket, each with a backend of its own. Each is replaced by
    another after `max_requests`, more or less, where it is given.
    """
    address, port = listening.getsockname()[:2]
    logger.info("%d books at http://%s:%d", len(backend.index.books), address, port)
    common: dict[str, Any] = {
        "http": BoundedConnection,
        "ws": "none",
        "server_header": False,
        "log_config": None,
        "access_log": False,
        "timeout_graceful_shutdown": _GRACE,
    }
    if workers == 1:
        config = uvicorn.Config(create_app(backend), **common)
        gc.freeze()
        gc.enable()
        uvicorn.Server(config).run(sockets=[listening])
        return
    # The index is there now, so that each worker opens it and none has to build it.
    backend.close()
    gc.enable()
    config = uvicorn.Config(
        f"{__name__}:{create_worker_app.__name__}",
        factory=True,
        workers=workers,
        timeout_worker_healthcheck=_UNRESPONSIVE,
        limit_max_requests=max_requests,
        limit_max_requests_jitter=(max_requests or 0) // 10,
        **common,
    )
    _Supervisor(config, [listening]).run()
