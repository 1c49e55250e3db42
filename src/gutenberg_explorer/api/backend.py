"""What a running backend holds open: tracing, the trace store and the index."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans

from gutenberg_explorer import __version__, corpus, telemetry
from gutenberg_explorer.api.reload import IndexWatcher
from gutenberg_explorer.corpus import Progress
from gutenberg_explorer.index import Index, IndexStore, Library
from gutenberg_explorer.settings import Settings
from gutenberg_explorer.telemetry import Tracing, record, span
from gutenberg_explorer.traces import Limits, StoreError, TraceStore

if TYPE_CHECKING:
    from gutenberg_explorer.telemetry.log_export import LogExport
    from gutenberg_explorer.telemetry.meter import Meter

logger = logging.getLogger(__name__)


def open_library(settings: Settings, progress: Progress = corpus.no_progress) -> Library:
    """Return the library that the settings ask for; nothing is read or downloaded yet.

    Raises CorpusError when a shelf can't be what the setting says.
    """
    sources = corpus.Sources(
        folder=settings.data_dir / "books",
        nltk_url=settings.nltk_url,
        gutenberg_mirror=settings.gutenberg_mirror,
        gutenberg_pause=settings.gutenberg_pause,
        contact=settings.contact,
    )
    return Library(
        IndexStore(settings.data_dir),
        corpus.candidates(settings.shelf, sources, progress),
        lambda spec: corpus.shelf_of(spec, sources, progress),
        progress,
        settings.build_memory * 1024 * 1024,
    )


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


def _measure(index: Index) -> None:
    """Tell the metrics of the index that is served."""
    record("index.size", index.size)
    record("index.books", len(index.books))


def _end(*parts: "Tracing | Meter | LogExport | None") -> None:
    """End the parts of telemetry, the spans first: what became of them is measured and logged."""
    for part in parts:
        if part is not None:
            part.shutdown()


@dataclass(slots=True)
class Backend:
    """Everything that requests are answered from. Made by `open`, ended by `close`.

    `index` is another one after each update of the library: who needs two answers of one index
    takes it once.
    """

    settings: Settings
    tracing: Tracing
    trace_store: TraceStore | None
    library: Library
    index: Index
    metrics: "Meter | None" = None
    log_export: "LogExport | None" = None

    @classmethod
    def open(cls, settings: Settings, progress: Progress = corpus.no_progress) -> Self:
        """Start tracing and open the index, building it first where needed.

        Raises CorpusError when the books can't be had, OSError when the disk fails or the page for
        Prometheus can't be opened. A trace store that can't be opened costs the traces, not the
        search.
        """
        store = metrics = log_export = None
        if trace_store_is_on(settings):
            try:
                store = open_trace_store(settings)
            except StoreError as error:
                logger.warning("Traces are not kept: %s", error)
        tracing = telemetry.start(
            __version__, store.add if store else None, query_text=settings.query_text
        )
        telemetry.configure_logging(
            tracing.resource,
            settings.log_format,
            settings.log_level,
            datadog=settings.log_datadog == "on",
        )
        try:
            log_export = telemetry.start_log_export(__version__, tracing.resource)
            metrics = telemetry.start_metrics(
                __version__, tracing.resource, tracing.stats, settings.metrics_address
            )
            with span("app_startup") as starting:
                library = open_library(settings, progress)
                index, built = library.open_or_build()
                starting.set("index.state", "built" if built else "opened")
        except BaseException:
            _end(tracing, metrics, log_export)
            if store:
                store.close()
            raise
        _measure(index)
        return cls(settings, tracing, store, library, index, metrics, log_export)

    def watcher(self) -> IndexWatcher:
        """Return what exchanges the index for each newer one, once it is started."""

        def use(index: Index) -> None:
            self.index = index
            _measure(index)

        return IndexWatcher(self.library, lambda: self.index, use)

    @property
    def takes_page_spans_only(self) -> bool:
        """Whether programs may send no spans: they would not be kept, and are not passed on."""
        return self.tracing.exports and self.trace_store is None

    def admit_spans(self, resource_spans: list[ResourceSpans], *, from_page: bool) -> None:
        """Take spans from outside: keep them here, and pass the page's on to the OTLP endpoint.

        What a program sends is not passed on: it may be what a Collector got from here.
        Raises traces.StoreError.
        """
        if from_page:
            self.tracing.forward(resource_spans)
        if self.trace_store is not None:
            self.trace_store.add(resource_spans)

    def close(self) -> None:
        """Hand on all telemetry and close everything."""
        _end(self.tracing, self.metrics, self.log_export)
        if self.trace_store is not None:
            self.trace_store.close()
