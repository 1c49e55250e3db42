"""`gutenberg-explorer serve`."""

import logging
import os
import socket
from typing import TYPE_CHECKING

import click

from gutenberg_explorer.cli.ending import end_at_signals
from gutenberg_explorer.cli.one_line_errors import one_line_errors
from gutenberg_explorer.host_names import is_loopback
from gutenberg_explorer.settings import PREFIX, Settings

if TYPE_CHECKING:
    from gutenberg_explorer.runtime.backend import Backend

HOST, PORT = "127.0.0.1", 8000
ALLOWED_HOSTS = PREFIX + "ALLOWED_HOSTS"


def _bound_socket(host: str, port: int) -> socket.socket:
    """Return a socket that is bound, so that a taken port is known before any work is done."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise click.ClickException(
            f"Can't listen on {host}:{port} ({error.strerror}): choose another port with --port, "
            "or PORT= for make run."
        ) from None
    return bound


def _answer_any_host_unless_local(host: str) -> bool:
    """Allow all hosts where others than this machine may come in and nothing else is set.

    By the environment, so that processes started from here do the same.
    """
    if os.environ.get(ALLOWED_HOSTS, "").strip() or is_loopback(host):
        return False
    os.environ[ALLOWED_HOSTS] = "*"
    return True


def _opened(settings: Settings) -> "Backend":
    """Return a backend with an open index. The framework is not loaded yet: errors come early."""
    from gutenberg_explorer.corpus import CorpusError
    from gutenberg_explorer.index import UnusableIndex
    from gutenberg_explorer.progress import ProgressBars
    from gutenberg_explorer.runtime.backend import Backend

    with one_line_errors(CorpusError, UnusableIndex), ProgressBars() as progress:
        return Backend.open(settings, progress)


@click.command()
@click.option("--host", default=HOST, show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    default=PORT,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port to listen on.",
)
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="The number of worker processes.",
)
@click.option(
    "--max-requests",
    type=click.IntRange(1),
    help="Replace a worker process after about this many requests.",
)
def serve(host: str, port: int, workers: int, max_requests: int | None) -> None:
    """Serve the web page and the API."""
    if max_requests and workers == 1:
        raise click.UsageError(
            "--max-requests needs --workers 2 or more, so that another worker can take over."
        )
    answers_any_host = _answer_any_host_unless_local(host)
    with one_line_errors():
        settings = Settings.from_environment()
        listening = _bound_socket(host, port)
    with listening:
        end_at_signals(lambda _: 0)  # to be told to end is no failure
        backend = _opened(settings)
        if answers_any_host:
            logging.getLogger(__name__).warning(
                "The server answers to any host name. Set %s to the names it should answer to.",
                ALLOWED_HOSTS,
            )
        from gutenberg_explorer.api import server

        server.serve(backend, listening, workers=workers, max_requests=max_requests)
