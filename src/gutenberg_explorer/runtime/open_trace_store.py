"""The trace store that the settings ask for."""

from datetime import timedelta
from pathlib import Path

from gutenberg_explorer import telemetry
from gutenberg_explorer.settings import Settings
from gutenberg_explorer.signals import Limits, TraceStore


def trace_store_is_on(settings: Settings) -> bool:
    """Return whether traces are kept here: as set, else unless they go to an OTLP endpoint."""
    if settings.trace_store is None:
        return not telemetry.otlp_endpoint_is_set()
    return settings.trace_store == "on"


def trace_store_path(settings: Settings) -> Path:
    """Return the trace store's file."""
    return settings.data_dir / "traces.sqlite3"


def open_stored_traces(settings: Settings) -> TraceStore | None:
    """Open the trace store to read from it, None if there is none. Raises signals.StoreError."""
    return open_trace_store(settings) if trace_store_path(settings).exists() else None


def open_trace_store(settings: Settings) -> TraceStore:
    """Open the trace store. Raises signals.StoreError."""
    return TraceStore(
        trace_store_path(settings),
        Limits(
            max_traces=settings.trace_store_max_traces,
            max_bytes=settings.trace_store_max_bytes,
            max_age=timedelta(days=settings.trace_store_max_age_days),
            max_spans_per_trace=settings.trace_store_max_spans,
        ),
    )
