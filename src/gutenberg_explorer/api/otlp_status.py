"""Errors of the OTLP receiver: google.rpc.Status in the form that the request has.

https://opentelemetry.io/docs/specs/otlp/#failures
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from google.protobuf.json_format import MessageToJson
from google.rpc.code_pb2 import Code
from google.rpc.status_pb2 import Status
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from gutenberg_explorer.signals.otlp.body import JSON, PROTOBUF

PREFIX: Final = "/v1/"
"""What the addresses of the receiver begin with."""

# As google/rpc/code.proto maps them, and the nearest one where it maps none.
_CODES: Final[dict[int, int]] = {
    403: Code.PERMISSION_DENIED,
    404: Code.NOT_FOUND,
    405: Code.UNIMPLEMENTED,
    408: Code.DEADLINE_EXCEEDED,
    413: Code.RESOURCE_EXHAUSTED,
    429: Code.RESOURCE_EXHAUSTED,
    502: Code.UNAVAILABLE,
    503: Code.UNAVAILABLE,
    504: Code.DEADLINE_EXCEEDED,
}

_SCHEMA: Final[dict[str, object]] = {
    "type": "object",
    "description": "A google.rpc.Status, as OTLP/HTTP has it.",
    "properties": {
        "code": {"type": "integer", "description": "A google.rpc.Code."},
        "message": {"type": "string", "description": "What went wrong, for a developer."},
    },
    "required": ["code", "message"],
}


def is_of_receiver(scope: Scope) -> bool:
    """Return whether a request is for the receiver, which answers errors in its own form."""
    return scope["type"] == "http" and bool(scope["path"].startswith(PREFIX))


def form_of(content_type: str) -> str:
    """Return the type in which a request of that type is answered: JSON where it is unknown."""
    media = content_type.partition(";")[0].strip().lower()
    return PROTOBUF if media == PROTOBUF else JSON


def status_of(status: int, message: str) -> Status:
    """Return what says the same as an HTTP status."""
    other = Code.INTERNAL if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Code.INVALID_ARGUMENT
    return Status(code=_CODES.get(status, other), message=message)


def status_response(
    scope: Scope, status: int, message: str, headers: Mapping[str, str] | None
) -> Response:
    """Return an error as a google.rpc.Status in the form that the request has."""
    answer = status_of(status, message)
    form = form_of(Headers(scope=scope).get("content-type", ""))
    return Response(
        answer.SerializeToString() if form == PROTOBUF else MessageToJson(answer, indent=None),
        status,
        dict(headers or {}),
        form,
    )


def schemas() -> dict[str, object]:
    """Return the schema of a status in JSON, for an OpenAPI description."""
    return {"GoogleRpcStatus": _SCHEMA}


def responses(*statuses: int) -> dict[int | str, dict[str, object]]:
    """Return OpenAPI responses that describe a status for each of `statuses`."""
    return {int(status): described for status, described in described(*statuses).items()}


def described(*statuses: int) -> dict[str, dict[str, object]]:
    """Return the same, in the form of an OpenAPI document."""
    return {
        str(status): {
            "description": HTTPStatus(status).phrase,
            "content": {
                JSON: {"schema": {"$ref": "#/components/schemas/GoogleRpcStatus"}},
                PROTOBUF: {"schema": {"type": "string", "format": "binary"}},
            },
        }
        for status in statuses
    }
