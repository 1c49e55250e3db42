"""An app's routes over a part of a backend: what a test names, and nothing else."""

from types import SimpleNamespace
from typing import Any, cast

from fastapi import FastAPI

from gutenberg_explorer.api.draining import Drain
from gutenberg_explorer.api.running import Running
from gutenberg_explorer.api.search_queue import SearchQueue
from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.settings import Settings


def part_of_backend(**attributes: Any) -> Any:
    """Return a backend that has these attributes, and a tracing that has nothing to flush."""
    tracing = SimpleNamespace(flush=lambda: None, frontend_resource={}, redact_query=None)
    defaults = {
        "settings": Settings(),
        "trace_store": None,
        "tracing": tracing,
        "takes_page_spans_only": False,
    }
    return SimpleNamespace(**(defaults | attributes))


def install(app: FastAPI, backend: Any) -> Running:
    """Let the requests of `app` find `backend`; return what they find."""
    running = Running(cast(Backend, backend), Drain(0), SearchQueue(1))
    running.install(app)
    return running


def running_of(app: object) -> Running:
    """Return what the requests of `app` find, to be changed by a test."""
    assert isinstance(app, FastAPI)
    running = app.state.running
    assert isinstance(running, Running)
    return running
