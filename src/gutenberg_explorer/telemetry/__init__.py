"""Spans and logs: the helper, the contract, the set-up. Knows no other part of the project."""

from gutenberg_explorer.telemetry.logs import LogFormat, configure_logging
from gutenberg_explorer.telemetry.middleware import ERROR_TYPE, TracingMiddleware
from gutenberg_explorer.telemetry.provider import SpanSink, Tracing, otlp_endpoint_is_set, start
from gutenberg_explorer.telemetry.spans import Attributes, current_trace_id, link_to, span

__all__ = [
    "ERROR_TYPE",
    "Attributes",
    "LogFormat",
    "SpanSink",
    "Tracing",
    "TracingMiddleware",
    "configure_logging",
    "current_trace_id",
    "link_to",
    "otlp_endpoint_is_set",
    "span",
    "start",
]
