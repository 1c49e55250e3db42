"""Which of the spans that arrive are let in, and as whose."""

import re
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from gutenberg_explorer.signals.outcome import Outcome
from gutenberg_explorer.signals.receiver.bounds import (
    SPAN_ID_BYTES,
    TRACE_ID_BYTES,
    Bounds,
    clip_resource,
    clip_scope,
    clip_span,
    valid_id,
)
from gutenberg_explorer.signals.receiver.redaction import Redact, redact_spans
from gutenberg_explorer.signals.service import UNKNOWN_SERVICE, usable_name

FRONTEND_SERVICE: Final = "search-frontend"

_DAY_NS = 86_400 * 10**9
_MAX_AGE_NS = 7 * _DAY_NS
_MAX_AHEAD_NS = _DAY_NS
# What the page alone knows of itself, besides its instance.
_SDK_ATTRIBUTES = frozenset(
    {"telemetry.sdk.name", "telemetry.sdk.language", "telemetry.sdk.version"}
)
_SDK_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}", re.ASCII)

WRONG_IDS: Final = "a trace id must have 16 bytes and a span id 8 bytes, not all zero"
WRONG_TIMES: Final = "the span ends before it starts, or is more than 7 days old or a day ahead"
WRONG_SERVICE: Final = f"service.name must be {FRONTEND_SERVICE} here"
MANY_ORIGINS: Final = "the resources and scopes of the request are too large"
NO_SERVICE: Final = f"the resource has no usable service.name, {UNKNOWN_SERVICE} is used"

_MAX_ORIGIN_BYTES: Final = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What one sender may send."""

    browser: bool
    """A browser may send the page's own spans alone."""

    frontend_resource: Mapping[str, str] = field(default_factory=dict)
    """The resource attributes that the page's spans get, whatever they came with."""

    bounds: Bounds = field(default_factory=Bounds)

    redact_query: Redact | None = None
    """What is done to the text of queries; None: it stays as it is."""


class Admission:
    """Lets the spans of one request in, part by part, and counts in `outcome` what becomes of them.

    Spans are changed in place: what is over a bound is clipped, the page's resource is set, and the
    text of queries is redacted.
    """

    def __init__(self, policy: Policy, outcome: Outcome, *, now_ns: int | None = None) -> None:
        self._policy = policy
        self._outcome = outcome
        self._now = time.time_ns() if now_ns is None else now_ns
        self._room = _MAX_ORIGIN_BYTES

    def admit(self, part: Iterable[ResourceSpans]) -> list[ResourceSpans]:
        """Return what the policy lets in.

        Left out are spans without valid ids, at impossible times (ended before they began, older
        than 7 days, more than a day ahead), of a service that the sender may not speak for, and of
        more resources and scopes than a request can have.
        """
        return [one for one in part if self._admits(one)]

    def _admits(self, resource_spans: ResourceSpans) -> bool:
        spans = sum(len(one.spans) for one in resource_spans.scope_spans)
        if not spans or not self._set_resource(resource_spans, spans):
            return False
        resource_bytes = resource_spans.resource.ByteSize()
        for scope_spans in resource_spans.scope_spans:
            if not scope_spans.spans:
                continue
            if changed := clip_scope(scope_spans, self._policy.bounds):
                self._outcome.change(changed, len(scope_spans.spans))
            # The store keeps a resource once more for each of its scopes.
            self._room -= resource_bytes + scope_spans.scope.ByteSize()
            if self._room < 0:
                self._outcome.leave_out(MANY_ORIGINS, len(scope_spans.spans))
                scope_spans.ClearField("spans")
            else:
                self._check_spans(scope_spans)
        if not any(scope_spans.spans for scope_spans in resource_spans.scope_spans):
            return False
        if self._policy.redact_query is not None:
            redact_spans(resource_spans, self._policy.redact_query)
        return True

    def _set_resource(self, resource_spans: ResourceSpans, spans: int) -> bool:
        policy = self._policy
        resource = resource_spans.resource
        service = usable_name(resource)
        if policy.browser and service == FRONTEND_SERVICE:
            resource_spans.DiscardUnknownFields()  # type: ignore[no-untyped-call, unused-ignore]
            resource.CopyFrom(_frontend_resource(resource, policy.frontend_resource))
            resource_spans.schema_url = ""
            return True
        if policy.browser:
            self._outcome.leave_out(WRONG_SERVICE, spans)
            return False
        if service is None:
            self._outcome.change([NO_SERVICE], spans)
        self._outcome.change(clip_resource(resource_spans, policy.bounds), spans)
        return True

    def _check_spans(self, scope_spans: ScopeSpans) -> None:
        """Leave out and clip; every span is on its own."""
        good: list[Span] = []
        for span in scope_spans.spans:
            if problem := self._problem(span):
                self._outcome.leave_out(problem)
                continue
            if changed := clip_span(span, self._policy.bounds):
                self._outcome.change(changed)
            good.append(span)
        if len(good) < len(scope_spans.spans):
            remaining = ScopeSpans(spans=good)
            del scope_spans.spans[:]
            scope_spans.spans.extend(remaining.spans)

    def _problem(self, span: Span) -> str:
        """Return why the span is left out; empty when it is not."""
        if not valid_id(span.trace_id, TRACE_ID_BYTES) or not valid_id(span.span_id, SPAN_ID_BYTES):
            return WRONG_IDS
        start, end, now = span.start_time_unix_nano, span.end_time_unix_nano, self._now
        if not now - _MAX_AGE_NS <= start <= end <= now + _MAX_AHEAD_NS:
            return WRONG_TIMES
        return ""


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
