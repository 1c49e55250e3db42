"""What is generated is fresh, and the contract lists what the code says: no more, no less."""

import re
import runpy
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
GENERATE = runpy.run_path(str(ROOT / "scripts" / "generate.py"))
GROUPS = yaml.safe_load(GENERATE["CONTRACT"].read_text())["groups"]


def test_generated_files_are_fresh() -> None:
    for path, text in GENERATE["generated"]().items():
        assert path.read_text() == text, f"{path.name} is not fresh: run `make generate`"


def test_the_contract_has_the_form_of_the_semantic_conventions() -> None:
    defined = set()
    for group in GROUPS:
        assert group["type"] in ("attribute_group", "span")
        assert group["brief"].endswith(".")
        for attribute in group["attributes"]:
            if group["type"] == "attribute_group":
                assert {"id", "type", "brief", "stability"} <= set(attribute)
                assert "examples" in attribute or isinstance(attribute["type"], dict)
                assert attribute["id"] not in defined
                defined.add(attribute["id"])
            else:
                assert {"ref", "requirement_level"} == set(attribute)
        if group["type"] == "span":
            assert group["span_kind"] in ("internal", "client", "server")
            assert set(group["annotations"]) == {"name", "services", "parents"}
    referred = {a["ref"] for g in GROUPS if g["type"] == "span" for a in g["attributes"]}
    ours = ("search.", "book.", "corpus.", "index.")
    assert {name for name in referred if name.startswith(ours)} == defined


def test_every_parent_is_a_span_of_the_contract() -> None:
    spans = [g for g in GROUPS if g["type"] == "span"]
    names = {g["annotations"]["name"] for g in spans} | {"GET /search", "GET /books/{id}/search"}
    assert {parent for g in spans for parent in g["annotations"]["parents"]} <= names


def test_only_the_helper_opens_spans() -> None:
    forbidden = re.compile(r"opentelemetry\.(sdk|exporter)|start_span|get_tracer")
    for path in (ROOT / "src/gutenberg_explorer").rglob("*.py"):
        if "telemetry" not in path.parts:
            assert not forbidden.search(path.read_text()), path
