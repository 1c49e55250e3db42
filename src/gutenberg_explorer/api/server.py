"""Serving the app: in this process, or in several."""

import gc
import logging
import socket
from typing import Any

import uvicorn
from uvicorn.supervisors import Multiprocess

from gutenberg_explorer.api.app import create_app
from gutenberg_explorer.api.connection import BoundedConnection
from gutenberg_explorer.runtime.backend import Backend

logger = logging.getLogger(__name__)

_FACTORY = f"{create_app.__module__}:{create_app.__name__}"
# How long requests that are under way may take once the process is told to end (s).
_GRACE = 10
# A worker that does not react for so long is replaced (s). On a busy machine a start takes longer
# than uvicorn's 5 s, and each worker would be replaced before it could begin to serve.
_UNRESPONSIVE = 60


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
        _FACTORY,
        factory=True,
        workers=workers,
        timeout_worker_healthcheck=_UNRESPONSIVE,
        limit_max_requests=max_requests,
        limit_max_requests_jitter=(max_requests or 0) // 10,
        **common,
    )
    Multiprocess(config, [listening]).run()
