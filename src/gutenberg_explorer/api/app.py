"""The app factory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from gutenberg_explorer import __version__, telemetry
from gutenberg_explorer.api import (
    book_search,
    books,
    docs,
    gate,
    headers,
    health,
    jaeger_v3,
    otlp_cors,
    otlp_receiver,
    otlp_status,
    pages,
    problems,
    search,
    trace_links,
    trace_summaries,
    traces,
)
from gutenberg_explorer.api.draining import Drain, Leaving
from gutenberg_explorer.api.running import Running
from gutenberg_explorer.api.search_queue import SearchQueue
from gutenberg_explorer.host_names import host_names
from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.settings import Settings

# The books and the search are traced; what looks after them, and the traces themselves, are not.
TRACED = ("/books", "/search")

# What answers with data; beside it stand the API's description and the page.
DATA = (
    search,
    books,
    book_search,
    traces,
    jaeger_v3,
    trace_summaries,
    trace_links,
    otlp_receiver,
    health,
)
DESCRIPTION = "/openapi.json"


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI description; every error in it is a problem document."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title, version=app.version, summary=app.summary, routes=app.routes
        )
        schemas = schema.setdefault("components", {}).setdefault("schemas", {})
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        schemas |= problems.schemas() | otlp_status.schemas()
        for path, operations in schema["paths"].items():
            for operation in operations.values():
                operation["responses"].pop("422", None)
                if path not in gate.PROBES:
                    errors = otlp_status if path.startswith(otlp_status.PREFIX) else problems
                    operation["responses"] |= errors.described(*gate.REFUSALS)
        app.openapi_schema = schema
    return app.openapi_schema


def create_app(backend: Backend | None = None) -> FastAPI:
    """Return the app over `backend`, which it closes when it ends.

    Without one it opens what the environment's settings ask for, and raises as `Backend.open`.
    """
    opened = backend or Backend.open(Settings.from_environment())
    has_docs = opened.settings.api_docs == "on"

    searches = SearchQueue()
    drain = Drain(opened.settings.drain)

    async def set_up_threads() -> None:
        # The first use of a thread brings 60 ms of imports. Neither the start should have to wait
        # for them, nor the first reader.
        await asyncio.sleep(0.2)
        await run_in_threadpool(lambda: None)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        setting_up = asyncio.create_task(set_up_threads())
        looking_after = (opened.watcher(), opened.index_check())
        for each in looking_after:
            each.start()
        with drain.before_the_end():
            yield
        setting_up.cancel()
        for each in looking_after:
            await run_in_threadpool(each.stop)
        searches.close()
        opened.close()

    app = FastAPI(
        title="Gutenberg Explorer",
        version=__version__,
        summary="Full-text search over Project Gutenberg. Every search is one distributed trace.",
        lifespan=lifespan,
        openapi_url=DESCRIPTION if has_docs else None,
        docs_url=None,
        redoc_url=None,
        # Requests are traced by our own middleware; FastAPI's would make a second SERVER span.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    Running(opened, drain, searches).install(app)
    problems.install(app)
    for part in (*DATA, *([docs] if has_docs else []), pages):
        app.include_router(part.router)

    async def on_not_found(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        found = pages.other(request) if error.status_code == 404 else None
        return found or problems.from_http(request.scope, error)

    app.add_exception_handler(HTTPException, on_not_found)
    app.add_middleware(telemetry.TracingMiddleware, traced=TRACED)
    origins = otlp_cors.origins_of(opened.settings.otlp_allowed_origins)
    if origins:
        app.add_middleware(otlp_cors.OtlpCors, origins=origins)
    app.add_middleware(
        gate.Gate, hosts=host_names(opened.settings.allowed_hosts), otlp_origins=origins
    )
    app.add_middleware(headers.SecurityHeaders)
    app.add_middleware(Leaving, drain=drain)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    telemetry.trace_once(app)
    return app
