"""Spans, metrics and logs: the helpers, the contract, the set-up. Knows no other part."""

from gutenberg_explorer.telemetry.auto import trace_once
from gutenberg_explorer.telemetry.export import SpanSink
from gutenberg_explorer.telemetry.logs import LogFormat, configure_logging, start_log_export
from gutenberg_explorer.telemetry.metrics import measured, record, start_metrics
from gutenberg_explorer.telemetry.middleware import ERROR_TYPE, TracingMiddleware
from gutenberg_explorer.telemetry.names import AttributeName
from gutenberg_explorer.telemetry.provider import Tracing, otlp_endpoint_is_set, start
from gutenberg_explorer.telemetry.query_text import QueryText
from gutenberg_explorer.telemetry.recorder import AttributeValue
from gutenberg_explorer.telemetry.spans import (
    Attributes,
    current_trace_id,
    link_to,
    now,
    record_span,
    span,
)

__all__ = [
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
