"""OpenTelemetry's standard variables that more than one signal asks for."""

import os
from collections.abc import Mapping
from typing import Literal

Signal = Literal["TRACES", "METRICS", "LOGS"]


def otlp_endpoint_is_set(
    environ: Mapping[str, str] = os.environ, signal: Signal = "TRACES"
) -> bool:
    """Return whether OpenTelemetry's variables name an OTLP endpoint for a signal."""
    exporters = environ.get(f"OTEL_{signal}_EXPORTER", "").strip() or "otlp"
    if not any(each.strip().startswith("otlp") for each in exporters.split(",")):
        return False
    names = (f"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
    return any(environ.get(name, "").strip() for name in names)


def sdk_is_disabled(environ: Mapping[str, str] = os.environ) -> bool:
    """Return whether `OTEL_SDK_DISABLED` asks for no telemetry at all."""
    return environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
