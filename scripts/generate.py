"""Write the generated files: from the contract, the settings, the API, and what tests observe.

Run by `make generate`; `tests/test_generated.py` fails when a file is not fresh.
"""

import json
import sys
from pathlib import Path
from typing import Any

import yaml

from gutenberg_explorer.search import METHODS
from gutenberg_explorer.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
CONTRACT = ROOT / "src/gutenberg_explorer/telemetry/contract.yaml"
TELEMETRY_PAGE = ROOT / "docs/telemetry.md"
DATADOG_PAGE = ROOT / "docs/datadog.md"
DATADOG_MAPPING = ROOT / "deploy/datadog/mapping.json"
CLIENTS_PAGE = ROOT / "docs/clients.md"
CLIENTS_OBSERVED = ROOT / "tests/peers/clients/observed.json"
NGINX = ROOT / "deploy/nginx/generated"

sys.path.insert(0, str(ROOT))
from scripts import (  # noqa: E402
    clients_page,
    datadog_page,
    errors_page,
    nginx_config,
    page_types,
    telemetry_page,
    trace_tree,
)


def contract_groups() -> list[dict[str, Any]]:
    """Return the contract's groups."""
    groups: list[dict[str, Any]] = yaml.safe_load(CONTRACT.read_text())["groups"]
    return groups


def contract_names() -> tuple[dict[str, list[str]], list[str]]:
    """Return each span's name with the services that emit it, and every attribute's name."""
    groups = [g for g in contract_groups() if g["id"] != "log.line"]
    spans = {
        g["annotations"]["name"]: g["annotations"]["services"]
        for g in groups
        if g["type"] == "span"
    }
    attributes = {a.get("id") or a["ref"] for g in groups for a in g["attributes"]}
    return spans, sorted(attributes)


def python_names() -> str:
    """Return `telemetry/names.py`: the names as types, so that a wrong one fails the type check."""
    spans, attributes = contract_names()
    literals = {
        "SpanName": sorted(n for n, s in spans.items() if "search-backend" in s and "{" not in n),
        "AttributeName": attributes,
        "MetricName": sorted(g["metric_name"] for g in contract_groups() if g["type"] == "metric"),
    }
    lines = [
        '"""The contract\'s names as types. Generated from contract.yaml by `make generate`."""',
        "",
        "from typing import Literal",
    ]
    for name, members in literals.items():
        lines += ["", f"{name} = Literal[", *(f'    "{m}",' for m in members), "]"]
    return "\n".join(lines) + "\n"


def instruments() -> str:
    """Return `telemetry/metrics/instruments.py`: how each metric is measured."""
    lines = [
        '"""The contract\'s metrics. Generated from contract.yaml by `make generate`."""',
        "",
        "from typing import Literal, NamedTuple",
        "",
        "from gutenberg_explorer.telemetry.names import MetricName",
        "",
        "",
        "class Instrument(NamedTuple):",
        '    """How a metric is measured; an `observed` one is read when metrics are collected."""',
        "",
        '    kind: Literal["counter", "gauge", "histogram", "updowncounter"]',
        "    unit: str",
        "    brief: str",
        "    buckets: tuple[float, ...] = ()",
        "    observed: bool = False",
        "",
        "",
        "INSTRUMENTS: dict[MetricName, Instrument] = {",
    ]
    for group in contract_groups():
        if group["type"] != "metric":
            continue
        told = [group["instrument"], group["unit"], group["brief"]]
        lines += [f"    {json.dumps(group['metric_name'])}: Instrument("]
        lines += [f"        {json.dumps(each)}," for each in told]
        if buckets := group["annotations"].get("buckets"):
            lines += [
                "        buckets=(",
                *(f"            {bound}," for bound in buckets),
                "        ),",
            ]
        if group["annotations"].get("observed"):
            lines += ["        observed=True,"]
        lines += ["    ),"]
    return "\n".join([*lines, "}"]) + "\n"


def typescript_names() -> str:
    """Return the page's `names.ts`."""
    spans, _ = contract_names()
    groups = contract_groups()
    page_spans = sorted(n for n, s in spans.items() if "search-frontend" in s)
    attributes = sorted(
        {
            a["ref"]
            for g in groups
            if g["type"] == "span" and "search-frontend" in g["annotations"]["services"]
            for a in g["attributes"]
        }
    )

    def union(name: str, members: list[str]) -> str:
        return f"export type {name} =\n" + "\n".join(f'  | "{m}"' for m in members) + ";\n"

    return (
        "// The contract's names. Generated from contract.yaml by `make generate`.\n\n"
        'export const SERVICE_NAME = "search-frontend";\n\n'
        + union("SpanName", page_spans)
        + "\n"
        + union("AttributeName", attributes)
    )


def page_methods() -> str:
    """Return the page's list of ranking methods."""
    names = ", ".join(f'"{name}"' for name in METHODS)
    return (
        "// The ranking methods. Generated from search/local/methods.py by `make generate`.\n\n"
        f"export const METHODS = [{names}] as const;\n"
        "export type Method = (typeof METHODS)[number];\n"
    )


def settings_page() -> str:
    """Return `docs/settings.md`."""
    rows = [
        "# Settings",
        "",
        "Generated from `src/gutenberg_explorer/settings.py` by `make generate`.",
        "",
        "| variable | meaning | default |",
        "|---|---|---|",
    ]
    for variable, meaning, default in Settings.describe():
        rows.append(f"| `{variable}` | {meaning} | {default} |")
    rows += [
        "",
        "OpenTelemetry's own variables control where telemetry goes. The export uses OTLP over",
        "HTTP with protobuf. These variables are read:",
        "",
        "- for all signals: `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_OTLP_HEADERS`,",
        "  `…_TIMEOUT`, `…_COMPRESSION`, `…_CERTIFICATE`, `OTEL_SERVICE_NAME`,",
        "  `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_SDK_DISABLED`. This endpoint receives traces, metrics",
        "  and logs;",
        "- for one signal: `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` and the others with `TRACES`,",
        "  `METRICS` or `LOGS` in the name;",
        "- for traces: `OTEL_TRACES_EXPORTER` (`otlp` or `none`), `OTEL_TRACES_SAMPLER`,",
        "  `OTEL_TRACES_SAMPLER_ARG`, `OTEL_BSP_*`;",
        "- for metrics: `OTEL_METRICS_EXPORTER` (`otlp` or `none`), `OTEL_METRIC_EXPORT_INTERVAL`,",
        "  `OTEL_METRICS_EXEMPLAR_FILTER`, `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`",
        "  (`delta` for Datadog);",
        "- for logs: `OTEL_LOGS_EXPORTER` (`otlp` or `none`), `OTEL_BLRP_*`.",
        "",
        "`make run` accepts `HOST` and `PORT`, `gutenberg-explorer serve` accepts `--host` and",
        "`--port`. The defaults are `127.0.0.1` and `8000`.",
        "",
        "`gutenberg-explorer datadog` reads `DD_API_KEY`, `DD_APP_KEY` and `DD_SITE`; see",
        "[runbooks.md](runbooks.md#datadog-as-code).",
    ]
    return "\n".join(rows) + "\n"


def generated() -> dict[Path, str]:
    """Return the text of each generated file under its path."""
    return {
        ROOT / "src/gutenberg_explorer/telemetry/names.py": python_names(),
        ROOT / "src/gutenberg_explorer/telemetry/metrics/instruments.py": instruments(),
        ROOT / "frontend/src/telemetry/names.ts": typescript_names(),
        ROOT / "frontend/src/api/description.ts": page_types.module(),
        ROOT / "frontend/src/search/methods.ts": page_methods(),
        ROOT / "docs/settings.md": settings_page(),
        ROOT / "docs/errors.md": errors_page.page(),
        TELEMETRY_PAGE: telemetry_page.filled(TELEMETRY_PAGE.read_text(), contract_groups()),
        DATADOG_PAGE: datadog_page.filled(
            DATADOG_PAGE.read_text(), json.loads(DATADOG_MAPPING.read_text())
        ),
        CLIENTS_PAGE: clients_page.filled(
            CLIENTS_PAGE.read_text(), json.loads(CLIENTS_OBSERVED.read_text())
        ),
        ROOT / "docs/images/trace-tree.svg": trace_tree.picture(contract_groups()),
        **{NGINX / name: text for name, text in nginx_config.files().items()},
    }


if __name__ == "__main__":
    for path, text in generated().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
