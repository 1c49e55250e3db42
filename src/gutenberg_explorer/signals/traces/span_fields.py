"""What a span's own fields say of it: its kind, its status and its parent.

Nothing else decides these. An attribute named `error`, `span.kind` or `otel.status_code` is a value
of the sender's own: it is shown, but it is neither a status nor a kind.
"""

from typing import Final, Literal

from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from gutenberg_explorer.signals.receiver.bounds import SPAN_ID_BYTES, valid_id
from gutenberg_explorer.signals.traces.model import SPAN_KINDS

StatusCode = Literal["unset", "ok", "error"]

_STATUSES: Final[dict[int, StatusCode]] = {
    Status.STATUS_CODE_OK: "ok",
    Status.STATUS_CODE_ERROR: "error",
}


def has_error(span: Span) -> bool:
    """Return whether the span's status is ERROR."""
    return span.status.code == Status.STATUS_CODE_ERROR


def status_of(span: Span) -> StatusCode:
    """Return the code of the span's status; a code that OTLP does not define is `unset`."""
    return _STATUSES.get(span.status.code, "unset")


def kind_name(kind: int) -> str:
    """Return the name of a kind by its number in OTLP, empty when unspecified or undefined."""
    return SPAN_KINDS[kind] if 0 <= kind < len(SPAN_KINDS) else ""


def parent_of(span: Span) -> bytes:
    """Return the id of the span's parent, empty when the span has none."""
    parent = span.parent_span_id
    return parent if valid_id(parent, SPAN_ID_BYTES) else b""
