"""Spans and logs: the helper, the contract, the set-up. Knows no other part of the project."""

from gutenberg_explorer.telemetry.auto import trace_once
from gutenberg_explorer.telemetry.export import SpanSink
from gutenberg_explorer.telemetry.logs import LogFormat, configure_logging
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
    "now",
    "otlp_endpoint_is_set",
    "record_span",
    "span",
    "start",
    "trace_once",
]
