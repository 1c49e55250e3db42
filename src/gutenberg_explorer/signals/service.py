"""Whose a span is: the name that its resource gives."""

from typing import Final

from opentelemetry.proto.resource.v1.resource_pb2 import Resource

UNKNOWN_SERVICE: Final = "unknown_service"
"""What OpenTelemetry calls a service without a name."""

SERVICE_NAME: Final = "service.name"

_MAX_CHARS = 255


def usable_name(resource: Resource) -> str | None:
    """Return the resource's one `service.name`.

    None when it is missing, blank, given twice, longer than 255 characters or not a string.
    """
    names = [a.value.string_value for a in resource.attributes if a.key == SERVICE_NAME]
    if len(names) == 1 and names[0].strip() and len(names[0]) <= _MAX_CHARS:
        return names[0]
    return None
