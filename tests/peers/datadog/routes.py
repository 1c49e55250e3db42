"""The two ways to Datadog, each run for real: the Collector of production, and the Agent."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.logs.v1.logs_pb2 import ResourceLogs
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans

from tests.peers.collector import running as collectors
from tests.peers.collector.running import free_port
from tests.peers.datadog.intake import Intake
from tests.peers.datadog.processes import running
from tests.peers.programs import program

KEY = collectors.DATADOG_KEY
BY_KIND = "enable_otlp_compute_top_level_by_span_kind"


@contextmanager
def collector(intake: Intake, folder: Path) -> Iterator[str]:
    """Run the gateway of production, which sends to `intake`; yield its OTLP endpoint.

    What differs is where it sends to, and that it sends everything, and soon.
    """
    there = {signal: {"endpoint": intake.url} for signal in ("traces", "metrics", "logs")}
    change: dict[str, object] = {
        "connectors": {"datadog/connector": {"traces": {"bucket_interval": "1s"}}},
        "exporters": {"datadog": there},
    }
    environ = {"DECISION_WAIT": "1s", "KEEP_PERCENT": "100"}
    with collectors.collector(folder, "gateway.yaml", change=change, **environ) as opened:
        yield opened.url


@contextmanager
def agent(intake: Intake, folder: Path, features: str = BY_KIND) -> Iterator[str]:
    """Run the Agent's trace part, which sends to `intake`; yield its OTLP endpoint."""
    port = free_port()
    settings = {
        "DD_API_KEY": KEY,
        "DD_APM_DD_URL": intake.url,
        "DD_APM_FEATURES": features,
        "DD_HOSTNAME": "node",
        "DD_OTLP_CONFIG_RECEIVER_PROTOCOLS_HTTP_ENDPOINT": f"127.0.0.1:{port}",
    }
    with running([program("datadog-agent")], port, folder / "agent.log", settings):
        yield f"http://127.0.0.1:{port}"


def send_spans(endpoint: str, spans: Sequence[ResourceSpans]) -> None:
    """Send spans as they were exported, request by request. Raises where one is refused."""
    for each in spans:
        _send(f"{endpoint}/v1/traces", ExportTraceServiceRequest(resource_spans=[each]))


def send_logs(endpoint: str, logs: Sequence[ResourceLogs]) -> None:
    """Send log records as they were exported. Raises where a request is refused."""
    for each in logs:
        _send(f"{endpoint}/v1/logs", ExportLogsServiceRequest(resource_logs=[each]))


def _send(url: str, body: ExportTraceServiceRequest | ExportLogsServiceRequest) -> None:
    headers = {"Content-Type": "application/x-protobuf"}
    requests.post(url, body.SerializeToString(), headers=headers, timeout=10).raise_for_status()
