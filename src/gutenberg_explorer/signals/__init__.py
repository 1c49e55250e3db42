"""The OTLP/HTTP receiver, the local store of spans, and queries of it.

Imports no other part of the project, and not the OpenTelemetry SDK. It knows the page's service
(`search-frontend`) and the places of a query's text (`search.query`; `q`, `author`, `title`).
"""

from gutenberg_explorer.signals.errors import (
    ForbiddenError,
    MalformedError,
    OtlpError,
    StoreError,
    TooLargeError,
    UnsupportedMediaError,
)
from gutenberg_explorer.signals.jaeger.otlp_json import to_jaeger_v3
from gutenberg_explorer.signals.jaeger.trace_json import envelope, to_jaeger
from gutenberg_explorer.signals.otlp.body import decode, media_type
from gutenberg_explorer.signals.otlp.json_writer import to_otlp
from gutenberg_explorer.signals.otlp.limits import DecodeLimits
from gutenberg_explorer.signals.outcome import Outcome
from gutenberg_explorer.signals.receiver.admission import FRONTEND_SERVICE, Admission, Policy
from gutenberg_explorer.signals.receiver.bounds import Bounds
from gutenberg_explorer.signals.receiver.rate import TokenBucket
from gutenberg_explorer.signals.receiver.sender import forbid_other_sites, is_browser
from gutenberg_explorer.signals.traces.model import (
    SPAN_KINDS,
    Added,
    Limits,
    Operation,
    ServiceSpans,
    StoredTrace,
    Summaries,
    SummaryQuery,
    TraceQuery,
    TraceSummary,
)
from gutenberg_explorer.signals.traces.trace_store import TraceStore

__all__ = [
    "FRONTEND_SERVICE",
    "SPAN_KINDS",
    "Added",
    "Admission",
    "Bounds",
    "DecodeLimits",
    "ForbiddenError",
    "Limits",
    "MalformedError",
    "Operation",
    "OtlpError",
    "Outcome",
    "Policy",
    "ServiceSpans",
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
    "decode",
    "envelope",
    "forbid_other_sites",
    "is_browser",
    "media_type",
    "to_jaeger",
    "to_jaeger_v3",
    "to_otlp",
]
