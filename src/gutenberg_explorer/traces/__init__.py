"""The OTLP/HTTP receiver, the local store of spans, and queries of it.

Knows nothing of the rest of the application, nor of the OpenTelemetry SDK.
"""

from gutenberg_explorer.traces.admission import FRONTEND_SERVICE, Admitted, Policy, check
from gutenberg_explorer.traces.bounds import Bounds
from gutenberg_explorer.traces.errors import (
    ForbiddenError,
    MalformedError,
    OtlpError,
    StoreError,
    TooLargeError,
    UnsupportedMediaError,
)
from gutenberg_explorer.traces.jaeger import envelope, to_jaeger
from gutenberg_explorer.traces.model import (
    SPAN_KINDS,
    Limits,
    Operation,
    ServiceSpans,
    Stats,
    StoredTrace,
    Summaries,
    SummaryQuery,
    TraceQuery,
    TraceSummary,
)
from gutenberg_explorer.traces.otlp import decode, media_type
from gutenberg_explorer.traces.otlp_form import to_otlp
from gutenberg_explorer.traces.rate import TokenBucket
from gutenberg_explorer.traces.sender import forbid_other_sites, is_browser
from gutenberg_explorer.traces.store import TraceStore

__all__ = [
    "FRONTEND_SERVICE",
    "SPAN_KINDS",
    "Admitted",
    "Bounds",
    "ForbiddenError",
    "Limits",
    "MalformedError",
    "Operation",
    "OtlpError",
    "Policy",
    "ServiceSpans",
    "Stats",
    "StoreError",
    "StoredTrace",
    "Summaries",
    "SummaryQuery",
    "TokenBucket",
    "TooLargeError",
    "TraceQuery",
    "TraceStore",
    "TraceSummary",
    "UnsupportedMediaError",
    "check",
    "decode",
    "envelope",
    "forbid_other_sites",
    "is_browser",
    "media_type",
    "to_jaeger",
    "to_otlp",
]
