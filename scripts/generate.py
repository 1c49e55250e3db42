"""Write the files that are generated: names from the telemetry contract, and the settings' page.

Run by `make generate`; `tests/test_generated.py` fails when a file is not fresh.
"""

from pathlib import Path

import yaml

from gutenberg_explorer.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
CONTRACT = ROOT / "src/gutenberg_explorer/telemetry/contract.yaml"


def contract_names() -> tuple[dict[str, list[str]], list[str]]:
    """Return each span's name with the services that emit it, and every attribute's name."""
    groups = yaml.safe_load(CONTRACT.read_text())["groups"]
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
    }
    lines = [
        '"""The contract\'s names as types. Generated from contract.yaml by `make generate`."""',
        "",
        "from typing import Literal",
    ]
    for name, members in literals.items():
        lines += ["", f"{name} = Literal[", *(f'    "{m}",' for m in members), "]"]
    return "\n".join(lines) + "\n"


def typescript_names() -> str:
    """Return the page's `names.ts`."""
    spans, _ = contract_names()
    groups = yaml.safe_load(CONTRACT.read_text())["groups"]
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
        "Where telemetry goes is said by OpenTelemetry's own variables. These are read:",
        "`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` and their siblings",
        "(`…_HEADERS`, `…_TIMEOUT`, `…_COMPRESSION`, `…_CERTIFICATE`), `OTEL_TRACES_EXPORTER`",
        "(`otlp` or `none`), `OTEL_TRACES_SAMPLER`, `OTEL_TRACES_SAMPLER_ARG`, `OTEL_BSP_*`,",
        "`OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_SDK_DISABLED`.",
        "Export speaks OTLP over HTTP with protobuf.",
        "",
        "`make run` takes `HOST` and `PORT`, as `gutenberg-explorer serve` takes `--host` and",
        "`--port` (default `127.0.0.1` and `8000`).",
    ]
    return "\n".join(rows) + "\n"


def generated() -> dict[Path, str]:
    """Return the text of each generated file under its path."""
    return {
        ROOT / "src/gutenberg_explorer/telemetry/names.py": python_names(),
        ROOT / "frontend/src/telemetry/names.ts": typescript_names(),
        ROOT / "docs/settings.md": settings_page(),
    }


if __name__ == "__main__":
    for path, text in generated().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
