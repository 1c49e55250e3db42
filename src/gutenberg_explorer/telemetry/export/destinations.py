"""Where spans are handed over: a function of this process, or an OTLP endpoint."""

import random
import time
from collections.abc import Callable, Iterable, Mapping

from opentelemetry.context import attach, detach, set_value
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans

from gutenberg_explorer.telemetry.export.batch import Batcher, Forwarded, Item, spans_in
from gutenberg_explorer.telemetry.export.encoding import encode_spans, field
from gutenberg_explorer.telemetry.export.endpoint import Answer, OtlpEndpoint
from gutenberg_explorer.telemetry.recording.recorder import RecordedSpan
from gutenberg_explorer.telemetry.warner import Warner

SpanSink = Callable[[Iterable[ResourceSpans]], object]

# Between two attempts: doubled each time up to the most, so that an endpoint that is back is found
# soon, and a fifth more or less, so that many processes don't come at once.
_FIRST_WAIT, _LONGEST_WAIT, _JITTER = 0.5, 5.0, 0.2
# How long a batch is tried before it makes room for newer ones.
_KEEP_TRYING = 300.0
# So that libraries that are instrumented don't make spans of what sends spans.
_SUPPRESS = "suppress_instrumentation"


class SinkDestination:
    """Hands spans to a function of this process; one that fails costs the batch."""

    def __init__(self, sink: SpanSink, resource: Mapping[str, str], version: str) -> None:
        self._sink = sink
        self._resource = resource
        self._version = version
        self._warner = Warner("Spans could not be stored")

    def deliver(self, batch: list[Item], batcher: Batcher) -> None:
        """Hand over the spans of this process; those of others go to the function directly."""
        spans = [item for item in batch if isinstance(item, RecordedSpan)]
        began = time.monotonic()
        try:
            encoded = encode_spans(spans, self._resource, self._version)
            self._sink([ResourceSpans.FromString(encoded)])
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not end the exporting
            batcher.drop("unreachable", len(spans))
            batcher.stats.on_export(time.monotonic() - began, False)
            self._warner.warn(error)
        else:
            batcher.stats.exported += len(spans)
            batcher.stats.on_export(time.monotonic() - began, True)


class OtlpDestination:
    """Sends spans to an OTLP endpoint, and again where the specification asks for it."""

    def __init__(self, endpoint: OtlpEndpoint, resource: Mapping[str, str], version: str) -> None:
        self._endpoint = endpoint
        self._resource = resource
        self._version = version
        self._warner = Warner("The OTLP endpoint does not accept spans")

    def deliver(self, batch: list[Item], batcher: Batcher) -> None:
        """Send the spans of this process and of others in one request."""
        spans = spans_in(batch)
        token = attach(set_value(_SUPPRESS, True))
        try:
            answer = self._send(self._encoded(batch), batcher)
        finally:
            detach(token)
        if answer.accepted:
            rejected = min(answer.rejected, spans)
            batcher.stats.exported += spans - rejected
            if rejected:
                self._warner.warn(f"{rejected} of {spans} rejected ({answer.why})")
                batcher.drop("rejected", rejected)
        else:
            batcher.drop("unreachable" if answer.may_be_retried else "rejected", spans)

    def _encoded(self, batch: list[Item]) -> bytes:
        ours = [item for item in batch if isinstance(item, RecordedSpan)]
        parts = [encode_spans(ours, self._resource, self._version)] if ours else []
        parts += [item.encoded for item in batch if isinstance(item, Forwarded)]
        return b"".join(field(1, part) for part in parts)

    def _send(self, body: bytes, batcher: Batcher) -> Answer:
        """Send a request until it is taken or refused, or there is no more time for it.

        Once the process is told to end there is one attempt more, and no waiting.
        """
        gives_up = time.monotonic() + _KEEP_TRYING
        wait = _FIRST_WAIT
        while True:
            is_last = batcher.stopping.is_set()
            began = time.monotonic()
            answer = self._endpoint.send(body, timeout=max(0.1, batcher.deadline - began))
            batcher.stats.on_export(time.monotonic() - began, answer.accepted)
            if answer.accepted:
                return answer
            self._warner.warn(answer.why)
            if is_last or not answer.may_be_retried:
                return answer
            pause = wait * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - no secret
            pause = pause if answer.retry_after is None else answer.retry_after
            wait = min(2 * wait, _LONGEST_WAIT)
            if time.monotonic() + pause > gives_up:
                return answer
            batcher.stopping.wait(pause)
