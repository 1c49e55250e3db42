"""A program that sends one trace with OpenTelemetry's SDK for Python."""

import time
from collections.abc import Mapping

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, SpanContext, SpanKind, StatusCode, TraceFlags, TraceState
from opentelemetry.util.types import AttributeValue

SCHEMA = "https://opentelemetry.io/schemas/1.37.0"
EARLIER = SpanContext(
    0x5B8EFFF798038103D269B633813FC60C,
    0xEEE19B7EC3C1B174,
    is_remote=True,
    trace_flags=TraceFlags(TraceFlags.SAMPLED),
    trace_state=TraceState([("vendor", "a"), ("other", "b")]),
)
ATTRIBUTES: Mapping[str, AttributeValue] = {
    "shop.express": True,
    "shop.items": 2**63 - 1,
    "shop.amounts": [1.5, -0.25, 1e300, float("inf")],
    "shop.tags": ["новое", "新しい 📚", ""],
    "shop.notes": "first line\nsecond line\t\u202eright to left\u202c",
    "shop.rooms": [True, False],
    "error": "an attribute of this name is no error",
    "span.kind": "an attribute of this name is no kind",
}


def main() -> None:
    place = Resource.create({"deployment.environment.name": "test"}, schema_url=SCHEMA)
    provider = TracerProvider(resource=place)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    tracer = provider.get_tracer("shop", "1.2.0", SCHEMA, {"team": "books"})
    link = Link(EARLIER, {"reason": "retry"})
    with tracer.start_as_current_span(
        "POST /checkout", kind=SpanKind.SERVER, attributes=ATTRIBUTES, links=[link]
    ):
        reserve(tracer)
        pay(tracer)
        for name, kind in ("publish", SpanKind.PRODUCER), ("process", SpanKind.CONSUMER):
            time.sleep(0.002)
            tracer.start_span(f"orders {name}", kind=kind).end()
    provider.shutdown()


def reserve(tracer: trace.Tracer) -> None:
    with tracer.start_as_current_span("reserve stock") as span:
        time.sleep(0.002)
        span.add_event("stock.reserved", {"shop.left": 3, "event": "an attribute"})
        span.set_status(StatusCode.OK)


def pay(tracer: trace.Tracer) -> None:
    span = tracer.start_span("POST /pay", kind=SpanKind.CLIENT)
    span.record_exception(ValueError("the card was declined"))
    span.set_status(StatusCode.ERROR, "the card was declined")
    span.end()


if __name__ == "__main__":
    main()
