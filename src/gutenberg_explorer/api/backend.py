"""What a running backend holds open: tracing, the trace store and the index."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Self

from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans

from gutenberg_explorer import __version__, corpus, telemetry
from gutenberg_explorer.corpus import Progress, Shelf
from gutenberg_explorer.index import Index, IndexStore, open_or_build
from gutenberg_explorer.settings import Settings
from gutenberg_explorer.telemetry import Tracing, span
from gutenberg_explorer.traces import Limits, StoreError, TraceStore

logger = logging.getLogger(__name__)


def shelves(settings: Settings, progress: Progress = corpus.no_progress) -> list[Shelf]:
    """Return the shelves that the settings ask for, the preferred one first."""
    sources = corpus.Sources(
        folder=settings.data_dir / "books",
        nltk_url=settings.nltk_url,
        gutenberg_mirror=settings.gutenberg_mirror,
        gutenberg_pause=settings.gutenberg_pause,
        contact=settings.contact,
    )
    return corpus.candidates(settings.shelf, sources, progress)


def trace_store_is_on(settings: Settings) -> bool:
    """Return whether traces are kept here: as set, else unless they go to an OTLP endpoint."""
    if settings.trace_store is None:
        return not telemetry.otlp_endpoint_is_set()
    return settings.trace_store == "on"


def trace_store_path(settings: Settings) -> Path:
    """Return the trace store's file."""
    return settings.data_dir / "traces.sqlite3"


def open_trace_store(settings: Settings) -> TraceStore:
    """Open the trace store. Raises traces.StoreError."""
    return TraceStore(
        trace_store_path(settings),
        Limits(
            max_traces=settings.trace_store_max_traces,
            max_bytes=settings.trace_store_max_bytes,
            max_age=timedelta(days=settings.trace_store_max_age_days),
        ),
    )


@dataclass(frozen=True, slots=True)
class Backend:
    """Everything that requests are answered from. Made by `open`, ended by `close`."""

    settings: Settings
    tracing: Tracing
    trace_store: TraceStore | None
    index: Index

    @classmethod
    def open(cls, settings: Settings, progress: Progress = corpus.no_progress) -> Self:
        """Start tracing and open the index, building it first where needed.

        Raises CorpusError when the books can't be had, OSError when the disk fails. A trace store
        that can't be opened costs the traces, not the search.
        """
        store = None
        if trace_store_is_on(settings):
            try:
                store = open_trace_store(settings)
            except StoreError as error:
                logger.warning("Traces are not kept: %s", error)
        tracing = telemetry.start(__version__, store.add if store else None)
        telemetry.configure_logging(tracing.resource, settings.log_format, settings.log_level)
        try:
            with span("app_startup") as starting:
                index, built = open_or_build(
                    shelves(settings, progress), IndexStore(settings.data_dir), progress
                )
                starting.set("index.state", "built" if built else "opened")
        except BaseException:
            tracing.shutdown()
            if store:
                store.close()
            raise
        return cls(settings, tracing, store, index)

    def admit_spans(self, resource_spans: list[ResourceSpans]) -> None:
        """Take spans from outside: keep them here, and pass them on to the OTLP endpoint, if set.

        Raises traces.StoreError.
        """
        self.tracing.forward(resource_spans)
        if self.trace_store is not None:
            self.trace_store.add(resource_spans)

    def close(self) -> None:
        """Hand on all spans and close everything."""
        self.tracing.shutdown()
        if self.trace_store is not None:
            self.trace_store.close()
