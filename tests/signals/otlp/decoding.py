"""Bodies decoded at once, and what was left out of them."""

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans

from gutenberg_explorer.signals import DecodeLimits, Outcome, decode

LIMITS = DecodeLimits()


def parts_of(
    body: bytes,
    content_type: str,
    encoding: str = "",
    limits: DecodeLimits = LIMITS,
    outcome: Outcome | None = None,
) -> list[list[ResourceSpans]]:
    return list(decode(bytearray(body), content_type, encoding, limits, outcome or Outcome()))


def whole(
    body: bytes,
    content_type: str,
    encoding: str = "",
    limits: DecodeLimits = LIMITS,
    outcome: Outcome | None = None,
) -> ExportTraceServiceRequest:
    parts = parts_of(body, content_type, encoding, limits, outcome)
    return ExportTraceServiceRequest(resource_spans=[one for part in parts for one in part])
