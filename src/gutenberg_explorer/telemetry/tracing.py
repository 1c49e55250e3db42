"""Set-up of tracing: who we are, where spans go, and how they are flushed."""

import time
import uuid
from collections.abc import Callable, Iterable

from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace.id_generator import IdGenerator

from gutenberg_explorer.telemetry.environment import otlp_endpoint_is_set, sdk_is_disabled
from gutenberg_explorer.telemetry.export.batch import (
    Batcher,
    Destination,
    Forwarded,
    batch_settings,
)
from gutenberg_explorer.telemetry.export.destinations import (
    OtlpDestination,
    SinkDestination,
    SpanSink,
)
from gutenberg_explorer.telemetry.export.endpoint import OtlpEndpoint
from gutenberg_explorer.telemetry.export.stats import ExportStats
from gutenberg_explorer.telemetry.fork import in_forked_child
from gutenberg_explorer.telemetry.query_text import QueryText, redact_attributes, redaction
from gutenberg_explorer.telemetry.recording.recorder import RandomIds, RecordedSpan, SpanRecorder
from gutenberg_explorer.telemetry.sampling import sampling_from
from gutenberg_explorer.telemetry.spans import use_recorder

BACKEND = "search-backend"
FRONTEND = "search-frontend"
NAMESPACE = "gutenberg-explorer"

STORE, OTLP = "store", "otlp"
_SHUTDOWN_SECONDS = 5.0


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


class Tracing:
    """The running set-up: made by `start`, ended by `shutdown`.

    `resource` says who we are. `stats` counts what became of the spans, by destination: `store` and
    `otlp`, where there is one. `sampling_ratio` is the share of new traces that are recorded.
    """

    def __init__(
        self, resource: dict[str, str], *, query_text: QueryText, sampling_ratio: float
    ) -> None:
        self.resource = resource
        self.redact_query = redaction(query_text)
        self.sampling_ratio = sampling_ratio
        self.stats: dict[str, ExportStats] = {}
        self._batchers: dict[str, Batcher] = {}
        in_forked_child(self._become_another)

    def _become_another(self) -> None:
        self.resource["service.instance.id"] = str(uuid.uuid4())

    def add(self, name: str, destination: Destination) -> None:
        """Send all spans that end from now on to a destination, too."""
        self.stats[name] = ExportStats()
        settings = batch_settings(local=name == STORE)
        self._batchers[name] = Batcher(destination, self.stats[name], settings)

    @property
    def frontend_resource(self) -> dict[str, str]:
        """The resource under which the web page's spans are kept."""
        shared = ("service.namespace", "service.version", "deployment.environment.name")
        return {"service.name": FRONTEND} | {key: self.resource[key] for key in shared}

    @property
    def exports(self) -> bool:
        """Whether spans go to an OTLP endpoint."""
        return OTLP in self._batchers

    def take(self, ended: RecordedSpan) -> None:
        """Queue an ended span of this process."""
        if self.redact_query is not None:
            redact_attributes(ended.attributes, self.redact_query)
        for batcher in self._batchers.values():
            batcher.put(ended)

    def forward(self, received: Iterable[ResourceSpans]) -> None:
        """Queue spans that others made for the OTLP endpoint, if there is one."""
        if remote := self._batchers.get(OTLP):
            for group in received:
                count = sum(len(scoped.spans) for scoped in group.scope_spans)
                remote.forward(Forwarded(group.SerializeToString(), count))

    def flush(self) -> None:
        """Hand all spans that have ended to the sink. The OTLP endpoint is not waited for."""
        if local := self._batchers.get(STORE):
            local.flush()

    def shutdown(self) -> None:
        """Hand on what is queued, for a few seconds at most, and end the set-up."""
        use_recorder(None)
        for batcher in self._batchers.values():
            batcher.shutdown(_SHUTDOWN_SECONDS)


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
    sampling = sampling_from()
    tracing = Tracing(
        resource_attributes(version), query_text=query_text, sampling_ratio=sampling.ratio
    )
    if sink is not None:
        tracing.add(STORE, SinkDestination(sink, tracing.resource, version))
    if otlp_endpoint_is_set() and not sdk_is_disabled():
        tracing.add(OTLP, OtlpDestination(OtlpEndpoint(), tracing.resource, version))
    use_recorder(SpanRecorder(sampling.sampler, tracing.take, ids or RandomIds(), clock))
    return tracing
