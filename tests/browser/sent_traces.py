"""Traces of other services, sent to a server as those services would send them."""

import os
import time
from collections.abc import Sequence
from urllib.request import Request, urlopen

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span, Status

from tests.signals.spans import request, resource_spans, span, text

US = 1_000
MS = 1_000_000
SECOND = 10**9
SERVER, CLIENT = Span.SPAN_KIND_SERVER, Span.SPAN_KIND_CLIENT
PRODUCER, CONSUMER = Span.SPAN_KIND_PRODUCER, Span.SPAN_KIND_CONSUMER


def send(address: str, service: str, *spans: Span) -> None:
    """Send spans of one service, and return once they are stored."""
    send_request(address, request(spans, service))


def send_request(address: str, body: ExportTraceServiceRequest) -> None:
    """Send spans of several services, and return once they are stored."""
    sent = Request(
        f"{address}/v1/traces",
        data=body.SerializeToString(),
        headers={"Content-Type": "application/x-protobuf"},
    )
    with urlopen(sent) as answer:
        assert answer.status == 200


class Sent:
    """A trace that is built span by span, and then sent as its services would send it."""

    def __init__(self) -> None:
        self.trace_id = os.urandom(16)
        self.began = time.time_ns() - 60 * SECOND
        self._spans: dict[str, list[Span]] = {}

    def add(
        self,
        service: str,
        name: str,
        at: int,
        length: int,
        parent: Span | None = None,
        **more: object,
    ) -> Span:
        """Add a span that starts `at` ns after the trace."""
        made = span(
            name,
            trace_id=self.trace_id,
            parent=parent.span_id if parent else b"",
            start_ns=self.began + at,
            duration_ns=length,
            **more,  # type: ignore[arg-type]
        )
        self._spans.setdefault(service, []).append(made)
        return made

    def to(self, address: str, *others: ResourceSpans) -> str:
        """Send everything in one request, and return the address of the trace's page."""
        groups = [resource_spans(spans, service) for service, spans in self._spans.items()]
        send_request(address, ExportTraceServiceRequest(resource_spans=[*groups, *others]))
        return f"/traces/{self.trace_id.hex()}"


def with_origin(service: str, spans: Sequence[Span]) -> ResourceSpans:
    """Return spans with everything that a resource and a scope can have."""
    made = resource_spans(spans, service, text("host.name", "north-1"))
    made.schema_url = "https://opentelemetry.io/schemas/1.30.0"
    made.resource.dropped_attributes_count = 2
    made.scope_spans[0].schema_url = "https://opentelemetry.io/schemas/1.24.0"
    made.scope_spans[0].scope.CopyFrom(
        InstrumentationScope(name="yard.http", version="4.5", attributes=[text("short", "h")])
    )
    return made


def send_skewed(address: str) -> dict[str, str]:
    """Send a trace of two processes whose clocks differ; return its id as `skewed`."""
    sent = Sent()
    page = sent.add("till", "pay", 0, 120 * MS, kind=SERVER)
    asked = sent.add("till", "POST /card", 10 * MS, 100 * MS, page, kind=CLIENT)
    answered = sent.add("bank", "POST /card", -30 * MS, 60 * MS, asked, kind=SERVER)
    sent.add("bank", "look up the card", -25 * MS, 40 * MS, answered)
    sent.to(address)
    return {"skewed": sent.trace_id.hex()}


def send_unusual(address: str) -> dict[str, str]:
    """Send a trace with all that the page points out.

    Returns its id as `unusual`, and that of the span with most details as `feed`.
    """
    sent = Sent()
    orphan = sent.add("yard", "count the hens", 0, 400 * US)
    orphan.parent_span_id = os.urandom(8)
    hen = sent.add("yard", "hen", 100 * US, 90 * US)
    egg = sent.add("yard", "egg", 120 * US, 50 * US, hen)
    hen.parent_span_id = egg.span_id
    sent.add("متجر", "طلب GET", 200 * US, 450, orphan, attributes=[text("مفتاح", "قيمة")])
    sent.add("stable", "", 210 * US, 999, orphan)
    for number in range(4):
        sent.add(f"field {number}", f"plough {number}", (220 + number) * US, 10 * US, orphan)
    feed = span(
        "feed the hens and whoever else has come to the yard by then",
        trace_id=sent.trace_id,
        parent=orphan.span_id,
        start_ns=sent.began + 300 * US,
        duration_ns=80 * US,
        attributes=[text("grain", "oats"), text("error", "none")],
        status=Status(code=Status.STATUS_CODE_ERROR, message="the hens were asleep"),
    )
    feed.trace_state = "farm=1"
    feed.dropped_attributes_count, feed.dropped_events_count, feed.dropped_links_count = 3, 1, 4
    feed.events.add(
        time_unix_nano=feed.start_time_unix_nano + 450,
        name="grain",
        attributes=[text("event", "harvest")],
        dropped_attributes_count=1,
    )
    feed.links.add(
        trace_id=os.urandom(16), span_id=os.urandom(8), attributes=[text("link.why", "planned")]
    )
    sent.to(address, with_origin("farm", [feed]))
    # Sent once more with other contents.
    send(address, "yard", span("a hen", trace_id=sent.trace_id, span_id=hen.span_id))
    return {"unusual": sent.trace_id.hex(), "feed": feed.span_id.hex()}
