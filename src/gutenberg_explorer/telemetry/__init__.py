"""Spans, metrics and logs: the helpers, the contract, the set-up. Knows no other part."""

from gutenberg_explorer.telemetry.auto_instrumentation import trace_once
from gutenberg_explorer.telemetry.environment import otlp_endpoint_is_set
from gutenberg_explorer.telemetry.export.destinations import SpanSink
from gutenberg_explorer.telemetry.logs.lines import LogFormat, configure_logging
from gutenberg_explorer.telemetry.logs.start_log_export import start_log_export
from gutenberg_explorer.telemetry.metrics.measurements import measured, record
from gutenberg_explorer.telemetry.metrics.start_metrics import start_metrics
from gutenberg_explorer.telemetry.middleware import (
    CLIENT_CLOSED_REQUEST,
    ERROR_TYPE,
    TracingMiddleware,
)
from gutenberg_explorer.telemetry.names import AttributeName
from gutenberg_explorer.telemetry.query_text import QueryText
from gutenberg_explorer.telemetry.recording.recorder import AttributeValue
from gutenberg_explorer.telemetry.spans import (
    Attributes,
    current_trace_id,
    link_to,
    now,
    record_span,
    span,
)
from gutenberg_explorer.telemetry.tracing import Tracing, start

__all__ = [
    "CLIENT_CLOSED_REQUEST",
    "ERROR_TYPE",
    "AttributeName",
    "AttributeValue",
    "Attributes",
    "LogFormat",
    "QueryText",
    "SpanSink",
    "Tracing",
    "TracingMiddleware",
    "configure_logging",
    "current_trace_id",
    "link_to",
    "measured",
    "now",
    "otlp_endpoint_is_set",
    "record",
    "record_span",
    "span",
    "start",
    "start_log_export",
    "start_metrics",
    "trace_once",
]
