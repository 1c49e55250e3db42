"""Set-up of tracing: who we are, where spans go, and how they are flushed."""

import logging
import os
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence

from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.id_generator import IdGenerator, RandomIdGenerator

from gutenberg_explorer.telemetry.forward import readable_spans
from gutenberg_explorer.telemetry.spans import use_provider

logger = logging.getLogger(__name__)

BACKEND = "search-backend"
FRONTEND = "search-frontend"
NAMESPACE = "gutenberg-explorer"

# A search and its trace are looked at together, so the local store gets its spans sooner than the
# 5 s that OpenTelemetry allows a remote one; `OTEL_BSP_SCHEDULE_DELAY` still has the last word.
_LOCAL_DELAY_MS = 200
_FLUSH_TIMEOUT_MS = 5_000

SpanSink = Callable[[Iterable[ResourceSpans]], object]


def otlp_endpoint_is_set(environ: Mapping[str, str] = os.environ) -> bool:
    """Return whether OpenTelemetry's variables name an OTLP endpoint for traces."""
    if environ.get("OTEL_TRACES_EXPORTER", "").strip() == "none":
        return False
    names = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
    return any(environ.get(name, "").strip() for name in names)


def resource_attributes(version: str) -> dict[str, str]:
    """Return the backend's resource; `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME` win."""
    ours = {
        "service.name": BACKEND,
        "service.namespace": NAMESPACE,
        "service.version": version,
        "deployment.environment.name": "local",
        "service.instance.id": str(uuid.uuid4()),
    }
    found = {key: str(value) for key, value in Resource.create().attributes.items()}
    if found.get(SERVICE_NAME, "").startswith("unknown_service"):
        del found[SERVICE_NAME]
    return {**ours, **found}


class _SinkExporter(SpanExporter):
    """Hands finished spans to a function, as OTLP messages; a failing one costs the batch."""

    def __init__(self, sink: SpanSink) -> None:
        self._sink = sink
        self._warned_at = float("-inf")

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        try:
            self._sink(encode_spans(spans).resource_spans)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not end the exporting
            if time.monotonic() - self._warned_at > 60:
                self._warned_at = time.monotonic()
                logger.warning("%d spans were dropped: %s", len(spans), error)
            return SpanExportResult.FAILURE
        return SpanExportResult.SUCCESS


class Tracing:
    """The running set-up: made by `start`, ended by `shutdown`."""

    def __init__(
        self,
        provider: TracerProvider,
        resource: Mapping[str, str],
        remote: BatchSpanProcessor | None,
    ) -> None:
        self._provider = provider
        self._remote = remote
        self.resource = resource

    @property
    def frontend_resource(self) -> dict[str, str]:
        """The resource under which the web page's spans are kept."""
        shared = ("service.namespace", "service.version", "deployment.environment.name")
        return {"service.name": FRONTEND} | {key: self.resource[key] for key in shared}

    @property
    def exports(self) -> bool:
        """Whether spans go to an OTLP endpoint."""
        return self._remote is not None

    def forward(self, resource_spans: Iterable[ResourceSpans]) -> None:
        """Put spans that others made into the queue of the OTLP endpoint, if there is one."""
        if self._remote is not None:
            for forwarded in readable_spans(resource_spans):
                self._remote.on_end(forwarded)

    def flush(self) -> None:
        """Wait until all spans ended so far are handed on, for 5 seconds at most."""
        self._provider.force_flush(_FLUSH_TIMEOUT_MS)

    def shutdown(self) -> None:
        """Hand on what is queued and end the set-up."""
        use_provider(None)
        self._provider.shutdown()


def start(
    version: str,
    sink: SpanSink | None = None,
    *,
    id_generator: IdGenerator | None = None,
    clock: Callable[[], int] = time.time_ns,
) -> Tracing:
    """Start tracing and return its set-up.

    Spans go to `sink`, and to the OTLP endpoint that OpenTelemetry's variables name, if any.
    """
    resource = resource_attributes(version)
    provider = TracerProvider(
        resource=Resource(resource),
        id_generator=id_generator or RandomIdGenerator(),
        span_limits=SpanLimits(max_attribute_length=4_096),
        shutdown_on_exit=False,
    )
    if sink is not None:
        delay = None if os.environ.get("OTEL_BSP_SCHEDULE_DELAY") else _LOCAL_DELAY_MS
        provider.add_span_processor(
            BatchSpanProcessor(_SinkExporter(sink), schedule_delay_millis=delay)
        )
    remote = None
    if otlp_endpoint_is_set():
        # Imported only where it is used: it brings an HTTP client, a third of a start's time.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )

        remote = BatchSpanProcessor(OTLPSpanExporter())
        provider.add_span_processor(remote)
    use_provider(provider, clock)
    return Tracing(provider, resource, remote)
