"""Set-up of tracing: who we are, where spans go, and how they are flushed."""

import logging
import os
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence

from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.id_generator import IdGenerator

from gutenberg_explorer.telemetry.encoding import resource_spans
from gutenberg_explorer.telemetry.forward import readable_spans
from gutenberg_explorer.telemetry.query_text import QueryText, redact_attributes, redaction
from gutenberg_explorer.telemetry.recorder import RandomIds, RecordedSpan, SpanRecorder
from gutenberg_explorer.telemetry.sampling import sampling_from, sdk_is_disabled
from gutenberg_explorer.telemetry.spans import use_recorder

logger = logging.getLogger(__name__)

BACKEND = "search-backend"
FRONTEND = "search-frontend"
NAMESPACE = "gutenberg-explorer"

# A search and its trace are looked at together, so the local store gets its spans sooner than the
# 5 s that OpenTelemetry allows a remote one; `OTEL_BSP_SCHEDULE_DELAY` still has the last word.
_LOCAL_DELAY_MS = 200
# 2,048, OpenTelemetry's default, are a quarter of a second of searches at full speed, and now and
# then SQLite writes for longer than that. 65,536 spans take about 40 MB.
_LOCAL_QUEUE = 65_536
# The store takes many spans in hardly more time than a few.
_LOCAL_BATCH = 4_096
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
    """Encodes recorded spans and hands them to a function; a failing one costs the batch."""

    def __init__(self, sink: SpanSink, resource: Mapping[str, str], version: str) -> None:
        self._sink = sink
        self._resource = resource
        self._version = version
        self._warned_at = float("-inf")

    def export(self, spans: Sequence[ReadableSpan | RecordedSpan]) -> SpanExportResult:
        recorded = [span for span in spans if isinstance(span, RecordedSpan)]
        try:
            self._sink([resource_spans(recorded, self._resource, self._version)])
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not end the exporting
            if time.monotonic() - self._warned_at > 60:
                self._warned_at = time.monotonic()
                logger.warning("%d spans were dropped: %s", len(spans), error)
            return SpanExportResult.FAILURE
        return SpanExportResult.SUCCESS


class _OtlpExporter(SpanExporter):
    """Sends recorded and forwarded spans by OpenTelemetry's own exporter."""

    def __init__(self, resource: Mapping[str, str], version: str) -> None:
        # Imported only where it is used: it brings an HTTP client, a fifth of a start's time.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )

        self._exporter = OTLPSpanExporter()
        self._resource = resource
        self._version = version

    def export(self, spans: Sequence[ReadableSpan | RecordedSpan]) -> SpanExportResult:
        recorded = [span for span in spans if isinstance(span, RecordedSpan)]
        forwarded = [span for span in spans if not isinstance(span, RecordedSpan)]
        ours = readable_spans([resource_spans(recorded, self._resource, self._version)])
        return self._exporter.export([*ours, *forwarded])

    def shutdown(self) -> None:
        self._exporter.shutdown()  # type: ignore[no-untyped-call]


class Tracing:
    """The running set-up: made by `start`, ended by `shutdown`."""

    def __init__(
        self,
        resource: Mapping[str, str],
        local: BatchSpanProcessor | None,
        remote: BatchSpanProcessor | None,
        *,
        query_text: QueryText,
        sampling_ratio: float,
    ) -> None:
        self.resource = resource
        self.redact_query = redaction(query_text)
        self.sampling_ratio = sampling_ratio
        """The share of new traces that are recorded, 0 to 1."""
        self._local = local
        self._remote = remote
        self._processors = [processor for processor in (local, remote) if processor]

    @property
    def frontend_resource(self) -> dict[str, str]:
        """The resource under which the web page's spans are kept."""
        shared = ("service.namespace", "service.version", "deployment.environment.name")
        return {"service.name": FRONTEND} | {key: self.resource[key] for key in shared}

    @property
    def exports(self) -> bool:
        """Whether spans go to an OTLP endpoint."""
        return self._remote is not None

    def take(self, ended: RecordedSpan) -> None:
        """Queue an ended span of this process."""
        if self.redact_query is not None:
            redact_attributes(ended.attributes, self.redact_query)
        for processor in self._processors:
            processor.on_end(ended)  # type: ignore[arg-type]  # it looks at the context alone

    def forward(self, received: Iterable[ResourceSpans]) -> None:
        """Queue spans that others made for the OTLP endpoint, if there is one."""
        if self._remote is not None:
            for forwarded in readable_spans(received):
                self._remote.on_end(forwarded)

    def flush(self) -> None:
        """Hand all spans that have ended to the sink. The OTLP endpoint is not waited for."""
        if self._local is not None:
            self._local.force_flush(_FLUSH_TIMEOUT_MS)

    def shutdown(self) -> None:
        """Hand on what is queued and end the set-up."""
        use_recorder(None)
        for processor in self._processors:
            processor.shutdown()  # type: ignore[no-untyped-call]


def _local_processor(exporter: SpanExporter) -> BatchSpanProcessor:
    def is_set(*variables: str) -> bool:
        return any(os.environ.get(variable) for variable in variables)

    # The two sizes must fit each other, so one that is set leaves both to OpenTelemetry.
    sizes_set = is_set("OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE")
    return BatchSpanProcessor(
        exporter,
        max_queue_size=None if sizes_set else _LOCAL_QUEUE,
        max_export_batch_size=None if sizes_set else _LOCAL_BATCH,
        schedule_delay_millis=None if is_set("OTEL_BSP_SCHEDULE_DELAY") else _LOCAL_DELAY_MS,
    )


def start(
    version: str,
    sink: SpanSink | None = None,
    *,
    query_text: QueryText = "plain",
    ids: IdGenerator | None = None,
    clock: Callable[[], int] = time.time_ns,
) -> Tracing:
    """Start tracing and return its set-up.

    Spans go to `sink`, and to the OTLP endpoint that OpenTelemetry's variables name, if any; they
    keep as much of the text of queries as `query_text` says.
    """
    resource = resource_attributes(version)
    local = remote = None
    if sink is not None:
        local = _local_processor(_SinkExporter(sink, resource, version))
    if otlp_endpoint_is_set() and not sdk_is_disabled():
        remote = BatchSpanProcessor(_OtlpExporter(resource, version))
    sampling = sampling_from()
    tracing = Tracing(resource, local, remote, query_text=query_text, sampling_ratio=sampling.ratio)
    use_recorder(SpanRecorder(sampling.sampler, tracing.take, ids or RandomIds(), clock))
    return tracing
