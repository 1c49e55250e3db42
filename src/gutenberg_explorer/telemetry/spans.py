"""The one helper through which the backend opens spans."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextvars import Token
from types import TracebackType

from opentelemetry import trace
from opentelemetry.context import Context, attach, detach
from opentelemetry.trace import Link, Span, SpanContext, SpanKind, Status, StatusCode, TraceFlags
from opentelemetry.trace.propagation import set_span_in_context

from gutenberg_explorer.telemetry.names import AttributeName, SpanName

AttributeValue = str | bool | int | float
Attributes = Mapping[AttributeName, AttributeValue]

_SCOPE = "gutenberg_explorer"
_tracer: trace.Tracer = trace.get_tracer(_SCOPE)
_clock: Callable[[], int] = time.time_ns


def use_provider(
    provider: trace.TracerProvider | None, clock: Callable[[], int] = time.time_ns
) -> None:
    """Open all later spans with `provider` (None: OpenTelemetry's global one) and `clock` (ns)."""
    global _tracer, _clock  # noqa: PLW0603 - one set-up a process
    _tracer = trace.get_tracer(_SCOPE, tracer_provider=provider)
    _clock = clock


class span:  # noqa: N801 - reads as the statement that it is: `with span("search_api"):`
    """Open a span as the child of the current one, for the length of a `with` block.

    The block gets the span. An exception that leaves the block marks the span with `error.type`
    and the error status and goes on its way; it is not recorded as an event.
    """

    __slots__ = ("_arguments", "_span", "_token")

    def __init__(
        self,
        name: SpanName,
        attributes: Attributes | None = None,
        *,
        kind: SpanKind = SpanKind.INTERNAL,
        parent: Context | None = None,
        links: Sequence[Link] = (),
    ) -> None:
        self._arguments = (name, parent, kind, attributes, links)
        self._span: Span
        self._token: Token[Context]

    def __enter__(self) -> "OpenSpan":
        name, parent, kind, attributes, links = self._arguments
        self._span = _tracer.start_span(
            name,
            parent,
            kind,
            attributes,  # type: ignore[arg-type]  # a Mapping is invariant in its keys
            links,
            _clock(),
        )
        self._token = attach(set_span_in_context(self._span, parent))
        return OpenSpan(self._span)

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


class OpenSpan:
    """What a `with span(…)` block may do with its span: say more about it."""

    __slots__ = ("_span",)

    def __init__(self, open_span: Span) -> None:
        self._span = open_span

    def set(self, name: AttributeName, value: AttributeValue) -> None:
        """Set an attribute of the contract."""
        self._span.set_attribute(name, value)

    @property
    def ids(self) -> tuple[str, str]:
        """The trace id and the span id, in hexadecimal."""
        context = self._span.get_span_context()
        return f"{context.trace_id:032x}", f"{context.span_id:016x}"


def mark_error(failed: Span, error_type: str) -> None:
    """Give a span the error status, and `error.type`."""
    failed.set_attribute("error.type", error_type)
    failed.set_status(Status(StatusCode.ERROR))


def start_server_span(name: str, parent: Context, attributes: Mapping[str, AttributeValue]) -> Span:
    """Start a SERVER span that the caller ends with `end_span`, under the caller's `parent`."""
    return _tracer.start_span(name, parent, SpanKind.SERVER, attributes, (), _clock())


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
