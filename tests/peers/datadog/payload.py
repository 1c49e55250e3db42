"""The body of Datadog's `/api/v0.2/traces`, as far as it is looked at.

The format is `datadog/trace/{agent_payload,tracer_payload,span}.proto` of the Go module
github.com/DataDog/datadog-agent/pkg/proto; here stand the fields that are read, under its numbers.
"""

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_FIELD = descriptor_pb2.FieldDescriptorProto
_TYPES = {
    "string": _FIELD.TYPE_STRING,
    "int32": _FIELD.TYPE_INT32,
    "int64": _FIELD.TYPE_INT64,
    "uint64": _FIELD.TYPE_UINT64,
    "double": _FIELD.TYPE_DOUBLE,
}
# Each message's fields: the name, the number, and the type; `[]` follows one that is repeated. A
# map is a list of messages with a key and a value.
_MESSAGES = {
    "Meta": [("key", 1, "string"), ("value", 2, "string")],
    "Metric": [("key", 1, "string"), ("value", 2, "double")],
    "Span": [
        ("service", 1, "string"),
        ("name", 2, "string"),
        ("resource", 3, "string"),
        ("traceID", 4, "uint64"),
        ("spanID", 5, "uint64"),
        ("parentID", 6, "uint64"),
        ("start", 7, "int64"),
        ("duration", 8, "int64"),
        ("error", 9, "int32"),
        ("meta", 10, "Meta[]"),
        ("metrics", 11, "Metric[]"),
        ("type", 12, "string"),
    ],
    "TraceChunk": [("priority", 1, "int32"), ("spans", 3, "Span[]"), ("tags", 4, "Meta[]")],
    "TracerPayload": [
        ("chunks", 6, "TraceChunk[]"),
        ("tags", 7, "Meta[]"),
        ("env", 8, "string"),
        ("hostname", 9, "string"),
        ("appVersion", 10, "string"),
    ],
    "AgentPayload": [
        ("hostName", 1, "string"),
        ("env", 2, "string"),
        ("tracerPayloads", 5, "TracerPayload[]"),
        ("agentVersion", 7, "string"),
    ],
}


def _agent_payload() -> Any:
    """Return the class of `AgentPayload`."""
    file = descriptor_pb2.FileDescriptorProto(
        name="datadog_trace.proto", package="datadog.trace", syntax="proto3"
    )
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, number, kind in fields:
            of = kind.removesuffix("[]")
            label = _FIELD.LABEL_REPEATED if of != kind else _FIELD.LABEL_OPTIONAL
            added = message.field.add(name=field, number=number, label=label)
            if of in _TYPES:
                added.type = _TYPES[of]
            else:
                added.type, added.type_name = _FIELD.TYPE_MESSAGE, f".datadog.trace.{of}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    found = pool.FindMessageTypeByName("datadog.trace.AgentPayload")
    return message_factory.GetMessageClass(found)


AgentPayload: Any = _agent_payload()
