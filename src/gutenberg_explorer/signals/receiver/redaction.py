"""The text of queries in spans from outside, hashed or left out before anyone keeps them.

It stands in `search.query`, and in addresses, whatever the attribute is called that holds one
(`url.full`, `url.query`, `http.target`, a referer's): so each text is looked through for the
parameters into which a reader types.
"""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote_plus

from google.protobuf.internal.containers import RepeatedCompositeFieldContainer
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span

Redact = Callable[[str], str | None]
"""Returns what stands for a query's text; None: nothing does."""

_QUERY: Final = "search.query"
_TYPED: Final = frozenset({"q", "author", "title"})
# Named by OpenTelemetry's conventions for addresses.
_REDACTED: Final = "REDACTED"
_PARAMETER: Final = re.compile(r"(?:^|(?<=[?&#]))([^=&?#]+)=([^&#]*)")


def redact_spans(resource_spans: ResourceSpans, redact: Redact) -> None:
    """Redact the text of queries everywhere in `resource_spans`, in place."""
    _attributes(resource_spans.resource.attributes, redact)
    for scope_spans in resource_spans.scope_spans:
        _attributes(scope_spans.scope.attributes, redact)
        for span in scope_spans.spans:
            _span(span, redact)


def redact_address(text: str, redact: Redact) -> str:
    """Return `text` with the values of the parameters redacted into which a reader types."""

    def redacted(found: re.Match[str]) -> str:
        name, value = found.groups()
        if unquote_plus(name) not in _TYPED or not value:
            return found[0]
        return f"{name}={redact(unquote_plus(value)) or _REDACTED}"

    return _PARAMETER.sub(redacted, text) if "=" in text else text


def _span(span: Span, redact: Redact) -> None:
    span.name = redact_address(span.name, redact)
    if span.status.message:
        span.status.message = redact_address(span.status.message, redact)
    _attributes(span.attributes, redact)
    for event in span.events:
        event.name = redact_address(event.name, redact)
        _attributes(event.attributes, redact)
    for link in span.links:
        _attributes(link.attributes, redact)


def _attributes(attributes: RepeatedCompositeFieldContainer[KeyValue], redact: Redact) -> None:
    for at in reversed(range(len(attributes))):
        attribute = attributes[at]
        if attribute.key != _QUERY:
            _value(attribute.value, redact)
        elif kept := redact(attribute.value.string_value):
            attribute.value.string_value = kept
        else:
            del attributes[at]


def _value(value: AnyValue, redact: Redact) -> None:
    kind = value.WhichOneof("value")
    if kind == "string_value":
        value.string_value = redact_address(value.string_value, redact)
    elif kind == "array_value":
        for item in value.array_value.values:
            _value(item, redact)
    elif kind == "kvlist_value":
        _attributes(value.kvlist_value.values, redact)
