"""The one helper through which the backend opens spans."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextvars import Token
from types import TracebackType
from typing import Self

from opentelemetry import trace
from opentelemetry.context import Context, attach, detach, get_current
from opentelemetry.trace import (
    INVALID_SPAN,
    Link,
    Span,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
)
from opentelemetry.trace.propagation import set_span_in_context

from gutenberg_explorer.telemetry.names import AttributeName, SpanName
from gutenberg_explorer.telemetry.recording.recorder import (
    AttributeValue,
    RecordedSpan,
    SpanRecorder,
)

Attributes = Mapping[AttributeName, AttributeValue]
StartSpan = Callable[
    [str, Span, Context, SpanKind, Mapping[str, AttributeValue] | None, Sequence[Link]], Span
]

# Where OpenTelemetry keeps the current span in a context.
_SPAN_KEY = next(iter(set_span_in_context(INVALID_SPAN, Context())))


def _start_none(
    name: str,
    above: Span,
    context: Context,
    kind: SpanKind,
    attributes: Mapping[str, AttributeValue] | None,
    links: Sequence[Link],
) -> Span:
    """Start nothing: what is done while nobody records."""
    return INVALID_SPAN


_start: StartSpan = _start_none
_clock: Callable[[], int] = time.time_ns


def use_recorder(recorder: SpanRecorder | None) -> None:
    """Open all later spans with `recorder`; None: record nothing."""
    global _start, _clock  # noqa: PLW0603 - one set-up a process
    _start = recorder.start if recorder else _start_none
    _clock = recorder.now if recorder else time.time_ns


class span:  # noqa: N801 - reads as the statement that it is: `with span("search_api"):`
    """Open a span as the child of the current one, for the length of a `with` block.

    The block may say more about the span with `set`. An exception that leaves the block marks the
    span with `error.type` and the error status and goes on its way; it is not recorded as an event.
    """

    __slots__ = ("_attributes", "_links", "_name", "_span", "_token")

    def __init__(
        self,
        name: SpanName,
        attributes: Attributes | None = None,
        *,
        links: Sequence[Link] = (),
    ) -> None:
        self._name = name
        self._attributes = attributes
        self._links = links
        self._span: Span
        self._token: Token[Context]

    def __enter__(self) -> Self:
        context = get_current()
        self._span = _start(
            self._name,
            context.get(_SPAN_KEY, INVALID_SPAN),  # type: ignore[arg-type]
            context,
            SpanKind.INTERNAL,
            self._attributes,  # type: ignore[arg-type]  # a Mapping is invariant in its keys
            self._links,
        )
        # As `set_span_in_context` does, with one copy in place of two.
        inner = Context(context)
        dict.__setitem__(inner, _SPAN_KEY, self._span)
        self._token = attach(inner)
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        detach(self._token)
        if error_type is not None:
            mark_error(self._span, error_type.__name__)
        self._span.end(_clock())

    def set(self, name: AttributeName, value: AttributeValue) -> None:
        """Set an attribute of the contract."""
        self._span.set_attribute(name, value)

    @property
    def ids(self) -> tuple[str, str]:
        """The trace id and the span id, in hexadecimal; empty where nothing is traced."""
        context = self._span.get_span_context()
        if not context.is_valid:
            return "", ""
        return f"{context.trace_id:032x}", f"{context.span_id:016x}"


def record_span(
    name: SpanName, started: int, ended: int, attributes: Attributes, error_type: str | None = None
) -> None:
    """Record work that is over as a child of the current span; times are in ns since 1970."""
    context = get_current()
    above: Span = context.get(_SPAN_KEY, INVALID_SPAN)  # type: ignore[assignment]
    done = _start(name, above, context, SpanKind.INTERNAL, attributes, ())  # type: ignore[arg-type]
    if isinstance(done, RecordedSpan):
        done.start_time = started
    if error_type is not None:
        mark_error(done, error_type)
    done.end(ended)


def mark_error(failed: Span, error_type: str) -> None:
    """Give a span the error status, and `error.type`."""
    failed.set_attribute("error.type", error_type)
    failed.set_status(StatusCode.ERROR)


def start_server_span(name: str, parent: Context, attributes: Mapping[str, AttributeValue]) -> Span:
    """Start a SERVER span under the caller's `parent`; who starts it ends it, by `now`."""
    above = trace.get_current_span(parent)
    return _start(name, above, parent, SpanKind.SERVER, attributes, ())


def now() -> int:
    """Return the time by the clock of all spans, in ns since 1970."""
    return _clock()


def link_to(trace_id: str, span_id: str) -> Link:
    """Return a link to the span with these hexadecimal ids."""
    return Link(SpanContext(int(trace_id, 16), int(span_id, 16), True, TraceFlags(1)))


def current_trace_id() -> str | None:
    """Return the current trace's id in hexadecimal, or None outside a trace."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None
