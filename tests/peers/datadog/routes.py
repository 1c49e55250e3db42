"""The two ways to Datadog, each run for real: the Collector of production, and the Agent."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.logs.v1.logs_pb2 import ResourceLogs
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans

from tests.peers.datadog.intake import Intake
from tests.peers.datadog.processes import free_port, running
from tests.peers.programs import program

GATEWAY = Path(__file__).resolve().parents[3] / "deploy/collector/gateway.yaml"
KEY = "0" * 32
BY_KIND = "enable_otlp_compute_top_level_by_span_kind"


@contextmanager
def collector(
    intake: Intake, folder: Path, config: Path = GATEWAY, **environment: str
) -> Iterator[str]:
    """Run a configuration of the Collector that sends to `intake`; yield its OTLP endpoint.

    Endpoints and ports are all that differs from what is deployed; everything is kept, and soon.
    """
    port = free_port()
    here = {
        "receivers": {
            "otlp": {
                "protocols": {
                    "grpc": {"endpoint": f"127.0.0.1:{free_port()}"},
                    "http": {"endpoint": f"127.0.0.1:{port}"},
                }
            }
        },
        "connectors": {"datadog/connector": {"traces": {"bucket_interval": "1s"}}},
        "extensions": {"health_check": {"endpoint": f"127.0.0.1:{free_port()}"}},
        "exporters": {
            "datadog": {
                "traces": {"endpoint": intake.url},
                "metrics": {"endpoint": intake.url},
                "logs": {"endpoint": intake.url},
            }
        },
        "service": {"telemetry": {"metrics": {"level": "none"}}},
    }
    command: list[str | Path] = [
        program("otelcol"),
        "--config",
        config,
        "--config",
        f"yaml:{json.dumps(here)}",
    ]
    settings = {
        "DD_API_KEY": KEY,
        "DD_HOSTNAME": "gateway",
        "DECISION_WAIT": "1s",
        "KEEP_PERCENT": "100",
        "QUEUE_DIR": str(folder / "queue"),
    }
    with running(command, port, folder / "collector.log", settings | environment):
        yield f"http://127.0.0.1:{port}"


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
