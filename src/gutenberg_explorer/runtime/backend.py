"""What a running backend holds open: telemetry, the trace store, the index and its engine."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans

from gutenberg_explorer import __version__, corpus, telemetry
from gutenberg_explorer.corpus import Progress
from gutenberg_explorer.index import Library
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.runtime.index_check import IndexCheck
from gutenberg_explorer.runtime.index_watcher import IndexWatcher
from gutenberg_explorer.runtime.open_library import open_library
from gutenberg_explorer.runtime.open_trace_store import open_trace_store, trace_store_is_on
from gutenberg_explorer.search import ENGINES, SearchEngine
from gutenberg_explorer.settings import Settings
from gutenberg_explorer.signals import Added, StoreError, TraceStore
from gutenberg_explorer.telemetry import Tracing, record, span

if TYPE_CHECKING:
    from gutenberg_explorer.telemetry.logs.export import LogExport
    from gutenberg_explorer.telemetry.metrics.meter import Meter

logger = logging.getLogger(__name__)


def _measure(index: Index) -> None:
    """Tell the metrics of the index that is served."""
    record("index.size", index.size)
    record("index.books", len(index.books))


def _end(*parts: "Tracing | Meter | LogExport | None") -> None:
    """End the parts of telemetry, the spans first: what became of them is measured and logged."""
    for part in parts:
        if part is not None:
            part.shutdown()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One generation of the library: the books, and the engine that searches them."""

    index: Index
    engine: SearchEngine


def _snapshot(settings: Settings, index: Index) -> Snapshot:
    return Snapshot(index, ENGINES[settings.engine].open(index))


@dataclass(slots=True)
class Backend:
    """Everything that requests are answered from. Made by `open`, ended by `close`.

    `snapshot` is replaced after each update of the library: code that needs two answers of one
    generation reads it once.
    """

    settings: Settings
    tracing: Tracing
    trace_store: TraceStore | None
    library: Library
    snapshot: Snapshot
    let_go: Callable[[], None]
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
                logger.warning("Traces are not stored: %s", error)
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
                __version__,
                tracing.resource,
                tracing.stats,
                settings.metrics_address,
                settings.allowed_hosts,
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
        snapshot = _snapshot(settings, index)
        held = library.hold(index)
        return cls(settings, tracing, store, library, snapshot, held, metrics, log_export)

    @property
    def index(self) -> Index:
        """The index of the current generation."""
        return self.snapshot.index

    def watcher(self) -> IndexWatcher:
        """Return what exchanges the index for each newer one, once it is started."""

        def use(index: Index) -> None:
            self.snapshot = _snapshot(self.settings, index)
            _measure(index)

        return IndexWatcher(self.library, lambda: self.index, use)

    def index_check(self) -> IndexCheck:
        """Return what checks the rest of each index, once it is started."""
        return IndexCheck(self.library, lambda: self.index)

    @property
    def takes_page_spans_only(self) -> bool:
        """Whether programs may send no spans: they would not be kept, and are not passed on."""
        return self.tracing.exports and self.trace_store is None

    def admit_spans(self, resource_spans: list[ResourceSpans], *, from_page: bool) -> Added:
        """Take spans from outside: keep them here, and pass the page's on to the OTLP endpoint.

        What a program sends is not passed on: it may be what a Collector got from here.
        Returns what became of the spans in the store, if there is one. Raises signals.StoreError.
        """
        if from_page:
            self.tracing.forward(resource_spans)
        return Added() if self.trace_store is None else self.trace_store.add(resource_spans)

    def close(self) -> None:
        """Hand on all telemetry and close everything."""
        _end(self.tracing, self.metrics, self.log_export)
        self.let_go()
        if self.trace_store is not None:
            self.trace_store.close()
