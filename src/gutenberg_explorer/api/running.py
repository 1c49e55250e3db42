"""The running backend, as requests find it."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, FastAPI, Request

from gutenberg_explorer.api.draining import Drain
from gutenberg_explorer.api.search_queue import SearchQueue
from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.signals import TokenBucket


@dataclass(slots=True)
class Running:
    """What every request of an app shares."""

    backend: Backend
    drain: Drain
    searches: SearchQueue
    span_rate: TokenBucket = field(default_factory=TokenBucket)

    def install(self, app: FastAPI) -> None:
        """Let the requests of `app` find this."""
        app.state.running = self


def running_of(request: Request) -> Running:
    """Return what the app of a request is running."""
    found: Running = request.app.state.running
    return found


async def _running(request: Request) -> Running:
    # A coroutine, because FastAPI calls plain functions in a thread.
    return running_of(request)


Here = Annotated[Running, Depends(_running)]
"""A route's parameter of this type is the running backend."""
