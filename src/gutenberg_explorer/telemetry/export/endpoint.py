"""The OTLP/HTTP endpoint for spans, by OpenTelemetry's variables.

https://opentelemetry.io/docs/specs/otel/protocol/exporter
"""

import gzip
import logging
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from opentelemetry.util.re import parse_env_headers

from gutenberg_explorer.retry_after import seconds_to_wait
from gutenberg_explorer.telemetry.fork import in_forked_child

if TYPE_CHECKING:
    import requests

logger = logging.getLogger(__name__)

_RETRYABLE = {429, 502, 503, 504}
_MAX_ANSWER = 64 * 1024
_MAX_RETRY_AFTER = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one attempt to send a request.

    `status` is None when no answer came, and `why` says what did. `retry_after` is the seconds that
    the endpoint asks to wait. `rejected` spans of an accepted request were not taken.
    """

    status: int | None
    why: str = ""
    retry_after: float | None = None
    rejected: int = 0

    @property
    def accepted(self) -> bool:
        """Whether the request was taken."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def may_be_retried(self) -> bool:
        """Whether the specification lets the same request be sent again."""
        return self.status is None or self.status in _RETRYABLE


class OtlpEndpoint:
    """One endpoint, and the connection to it; used by one thread at a time."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        # Imported only where it is used: an HTTP client is a fifth of a start's time.
        import requests  # noqa: PLC0415

        def setting(name: str) -> str:
            for variable in (f"OTEL_EXPORTER_OTLP_TRACES_{name}", f"OTEL_EXPORTER_OTLP_{name}"):
                if value := environ.get(variable, "").strip():
                    return value
            return ""

        protocol = setting("PROTOCOL") or "http/protobuf"
        if protocol != "http/protobuf":
            logger.warning("The OTLP protocol %s is not supported: using http/protobuf.", protocol)
        own = environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "").strip()
        self.url = own or setting("ENDPOINT").removesuffix("/") + "/v1/traces"
        self.timeout = _seconds(setting("TIMEOUT"))
        self._gzip = setting("COMPRESSION").lower() == "gzip"
        self._headers = dict(parse_env_headers(setting("HEADERS"), liberal=True))
        self._headers["Content-Type"] = "application/x-protobuf"
        if self._gzip:
            self._headers["Content-Encoding"] = "gzip"
        # Told with each request: requests' own variables would win over the session's.
        self._verify = setting("CERTIFICATE") or None
        certificate, key = setting("CLIENT_CERTIFICATE"), setting("CLIENT_KEY")
        self._certificate = (certificate, key) if key else certificate or None
        self._errors = (requests.RequestException, OSError, ValueError)
        self._new_session = requests.Session
        self._connect()
        # A fork must not write into its parent's connection.
        in_forked_child(self._connect)

    def _connect(self) -> None:
        self._session = self._new_session()

    def send(self, body: bytes, timeout: float | None = None) -> Answer:
        """Send an encoded `ExportTraceServiceRequest` once; `timeout` shortens the usual one."""
        seconds = self.timeout if timeout is None else min(timeout, self.timeout)
        ends = time.monotonic() + seconds
        data = gzip.compress(body) if self._gzip else body
        try:
            with self._session.post(
                self.url,
                data=data,
                headers=self._headers,
                timeout=seconds,
                verify=self._verify,
                cert=self._certificate,
                stream=True,
                allow_redirects=False,
            ) as response:
                content = _read(response, ends)
                return _answer(response.status_code, response.headers, content)
        except self._errors as error:
            return Answer(None, _reason(error))


def _read(response: "requests.Response", ends: float) -> bytes:
    """Return the answer's body, or what has come of it when it is long or slow."""
    content = b""
    for chunk in response.iter_content(8 * 1024):
        content += chunk
        if len(content) > _MAX_ANSWER or time.monotonic() > ends:
            break
    return content


def _answer(status: int, headers: Mapping[str, str], content: bytes) -> Answer:
    if not 200 <= status < 300:
        asked = seconds_to_wait(headers.get("Retry-After"))
        retry_after = None if asked is None else min(asked, _MAX_RETRY_AFTER)
        return Answer(status, f"status {status}", retry_after)
    try:
        partial = ExportTraceServiceResponse.FromString(content).partial_success
    except DecodeError:  # some endpoints answer with JSON or with nothing that means anything
        return Answer(status)
    return Answer(status, partial.error_message[:200], rejected=max(0, partial.rejected_spans))


def _seconds(text: str) -> float:
    try:
        # The specification counts milliseconds, OpenTelemetry's Python exporters seconds; nobody
        # means less than a second by the one or more than an hour by the other.
        value = float(text or 10)
    except ValueError:
        logger.warning("OTEL_EXPORTER_OTLP_TIMEOUT=%s is not a number: using 10 s.", text)
        return 10.0
    return max(0.1, value / 1000 if value >= 1000 else value)


def _reason(error: Exception) -> str:
    """Return in a few words why no answer came; the error's own text may hold addresses."""
    inner: BaseException = error
    while (deeper := inner.__cause__ or inner.__context__) is not None:
        inner = deeper
    return f"{type(error).__name__}: {type(inner).__name__}"
