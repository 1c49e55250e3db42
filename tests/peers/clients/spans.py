"""What a client sent and what the app returns of it, span by span."""

import base64
import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import Message as Protobuf
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span, TracesData

from tests.peers.clients.recording import Message

JSON = "application/json"
_IDS = {"traceId", "spanId", "parentSpanId"}
Id = tuple[str, str]


@dataclass(frozen=True)
class Sent:
    """A span with all that it belongs to."""

    span: Span
    scope: InstrumentationScope
    scope_schema: str
    resource: Resource
    resource_schema: str

    @property
    def id(self) -> Id:
        """Its trace's id and its own."""
        return self.span.trace_id.hex(), self.span.span_id.hex()

    @property
    def service(self) -> str:
        """The name of its service."""
        return next(
            pair.value.string_value
            for pair in self.resource.attributes
            if pair.key == "service.name"
        )

    def fields(self) -> dict[str, Any]:
        """Return every field by its name, attributes in the order of their keys."""
        return {
            **_plain(self.span),
            "scope": _plain(self.scope),
            "scope schema URL": self.scope_schema,
            "resource": _plain(self.resource),
            "resource schema URL": self.resource_schema,
        }


def request_of(message: Message) -> ExportTraceServiceRequest:
    """Return what a recorded request says."""
    body = bytes(message.body)
    if message.headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    if message.headers["content-type"] == JSON:
        return json_format.ParseDict(_with_bytes(json.loads(body)), ExportTraceServiceRequest())
    return ExportTraceServiceRequest.FromString(body)


def answer_of(message: Message) -> ExportTraceServiceResponse:
    """Return what the answer to a recorded request says."""
    if message.headers["content-type"] == JSON:
        return json_format.Parse(bytes(message.body), ExportTraceServiceResponse())
    return ExportTraceServiceResponse.FromString(bytes(message.body))


def stored(document: dict[str, Any]) -> list[Sent]:
    """Return the spans of an answer of `/api/traces/{trace_id}/otlp`."""
    return list(spans_of(json_format.ParseDict(_with_bytes(document), TracesData()).resource_spans))


def spans_of(resource_spans: Iterable[ResourceSpans]) -> Iterator[Sent]:
    """Yield each span alone."""
    for group in resource_spans:
        for scope_spans in group.scope_spans:
            for span in scope_spans.spans:
                yield Sent(
                    span,
                    scope_spans.scope,
                    scope_spans.schema_url,
                    group.resource,
                    group.schema_url,
                )


def differences(sent: Iterable[Sent], returned: Iterable[Sent]) -> list[str]:
    """Return where the spans that the app returns are not those that were sent, field by field."""
    before = [(each.id, each.fields()) for each in sent]
    after = {each.id: each.fields() for each in returned}
    found = [f"{each} was not sent" for each in after.keys() - dict(before).keys()]
    for each, fields in before:
        if each not in after:
            found.append(f"{each} is missing")
            continue
        names = sorted(fields.keys() | after[each].keys())
        found += [
            f"{each}, {name}: {fields.get(name)!r} is now {after[each].get(name)!r}"
            for name in names
            if fields.get(name) != after[each].get(name)
        ]
    return found


def _with_bytes(value: Any) -> Any:
    """Write ids as protobuf's own JSON does; OTLP writes them in hexadecimal digits."""
    if isinstance(value, list):
        return [_with_bytes(item) for item in value]
    if isinstance(value, dict):
        return {
            key: base64.b64encode(bytes.fromhex(item)).decode()
            if key in _IDS and isinstance(item, str)
            else _with_bytes(item)
            for key, item in value.items()
        }
    return value


def _plain(message: Protobuf) -> dict[str, Any]:
    """Return a message's fields, those with their default left out."""
    fields: dict[str, Any] = _sorted(json_format.MessageToDict(message))
    return fields


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(item) for key, item in value.items()}
    if isinstance(value, list):
        items = [_sorted(item) for item in value]
        pairs = all(isinstance(item, dict) and "key" in item for item in items)
        return sorted(items, key=lambda item: item["key"]) if pairs else items
    return value
