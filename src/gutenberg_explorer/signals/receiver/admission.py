"""Which of the spans that arrive are let in, and as whose."""

import re
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans

from gutenberg_explorer.signals.errors import MalformedError
from gutenberg_explorer.signals.receiver.bounds import (
    Bounds,
    check_resource,
    check_scope,
    check_span,
)
from gutenberg_explorer.signals.receiver.redaction import Redact, redact_spans

FRONTEND_SERVICE: Final = "search-frontend"
MAX_SPANS: Final = 10_000
MAX_BROWSER_SPANS: Final = 512

_DAY_NS = 86_400 * 10**9
_MAX_AGE_NS = 7 * _DAY_NS
_MAX_AHEAD_NS = _DAY_NS
_MAX_SERVICE_CHARS = 255
# What the page alone knows of itself, besides its instance.
_SDK_ATTRIBUTES = frozenset(
    {"telemetry.sdk.name", "telemetry.sdk.language", "telemetry.sdk.version"}
)
_SDK_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What one sender may send."""

    browser: bool
    """A browser may send the page's own spans alone, and fewer at once."""

    frontend_resource: Mapping[str, str] = field(default_factory=dict)
    """The resource attributes that the page's spans get, whatever they came with."""

    bounds: Bounds = field(default_factory=Bounds)

    redact_query: Redact | None = None
    """What is done to the text of queries; None: it stays as it is."""

    @property
    def max_spans(self) -> int:
        """How many spans one request may carry."""
        return MAX_BROWSER_SPANS if self.browser else MAX_SPANS


@dataclass(frozen=True, slots=True)
class Admitted:
    """The spans that were let in, and what was left outside."""

    resource_spans: list[ResourceSpans]
    rejected: int = 0
    reason: str = ""


def check(
    request: ExportTraceServiceRequest, policy: Policy, *, now_ns: int | None = None
) -> Admitted:
    """Return the spans of `request` that `policy` lets in.

    Spans at impossible times (ended before they began, older than 7 days, more than a day ahead of
    `now_ns`) are left out and counted. Raises MalformedError for everything else that is wrong.
    `request` is changed in place: long values are clipped, the page's resource is set, and the text
    of queries is redacted.
    """
    now = time.time_ns() if now_ns is None else now_ns
    spans = sum(len(ss.spans) for rs in request.resource_spans for ss in rs.scope_spans)
    if spans > policy.max_spans:
        raise MalformedError(f"more than {policy.max_spans} spans")
    kept: list[ResourceSpans] = []
    rejected = 0
    for resource_spans in request.resource_spans:
        if not any(scope_spans.spans for scope_spans in resource_spans.scope_spans):
            continue
        _set_resource(resource_spans, policy)
        for scope_spans in resource_spans.scope_spans:
            check_scope(scope_spans, policy.bounds)
            for span in scope_spans.spans:
                check_span(span, policy.bounds)
            rejected += _leave_out(scope_spans, now)
        if any(scope_spans.spans for scope_spans in resource_spans.scope_spans):
            if policy.redact_query is not None:
                redact_spans(resource_spans, policy.redact_query)
            kept.append(resource_spans)
    reason = "spans that end before they start, more than 7 days ago or a day ahead are rejected"
    return Admitted(kept, rejected, reason if rejected else "")


def _set_resource(resource_spans: ResourceSpans, policy: Policy) -> None:
    resource = resource_spans.resource
    service = _service_name(resource)
    if service == FRONTEND_SERVICE:
        resource_spans.DiscardUnknownFields()  # type: ignore[no-untyped-call, unused-ignore]
        resource_spans.resource.CopyFrom(_frontend_resource(resource, policy.frontend_resource))
        resource_spans.schema_url = ""
    elif policy.browser:
        raise MalformedError(f"service.name must be {FRONTEND_SERVICE} here")
    else:
        check_resource(resource_spans, policy.bounds)


def _service_name(resource: Resource) -> str:
    names = [a.value.string_value for a in resource.attributes if a.key == "service.name"]
    if len(names) != 1 or not names[0].strip():
        raise MalformedError("every resource needs one service.name")
    if len(names[0]) > _MAX_SERVICE_CHARS:
        raise MalformedError(f"service.name is longer than {_MAX_SERVICE_CHARS} characters")
    return names[0]


def _frontend_resource(sent: Resource, attributes: Mapping[str, str]) -> Resource:
    values = {**attributes, "service.name": FRONTEND_SERVICE}
    values.pop("service.instance.id", None)
    for attribute in sent.attributes:
        text = attribute.value.string_value
        if attribute.key == "service.instance.id" and _is_uuid(text):
            values["service.instance.id"] = text.lower()
        elif attribute.key in _SDK_ATTRIBUTES and _SDK_VALUE.fullmatch(text):
            values[attribute.key] = text
    resource = Resource()
    for key, value in values.items():
        added = resource.attributes.add()
        added.key = key
        added.value.string_value = value
    return resource


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def _leave_out(scope_spans: ScopeSpans, now: int) -> int:
    """Remove the spans at impossible times; return how many there were."""
    good = [
        span
        for span in scope_spans.spans
        if now - _MAX_AGE_NS <= span.start_time_unix_nano <= span.end_time_unix_nano
        and span.end_time_unix_nano <= now + _MAX_AHEAD_NS
    ]
    rejected = len(scope_spans.spans) - len(good)
    if rejected:
        remaining = ScopeSpans(spans=good)
        del scope_spans.spans[:]
        scope_spans.spans.extend(remaining.spans)
    return rejected
