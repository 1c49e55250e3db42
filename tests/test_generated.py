"""What is generated is fresh, and the contract lists what the code says: no more, no less."""

import re
import runpy
from pathlib import Path

from tests.contract import GROUPS

ROOT = Path(__file__).resolve().parent.parent
GENERATE = runpy.run_path(str(ROOT / "scripts" / "generate.py"))


def test_generated_files_are_fresh() -> None:
    for path, text in GENERATE["generated"]().items():
        assert path.read_text() == text, f"{path.name} is not fresh: run `make generate`"


def test_the_contract_has_the_form_of_the_semantic_conventions() -> None:
    defined = set()
    for group in GROUPS:
        assert group["type"] in ("attribute_group", "span", "metric")
        assert group["brief"].endswith(".")
        for attribute in group["attributes"]:
            if group["type"] == "attribute_group":
                assert {"id", "type", "brief", "stability"} <= set(attribute)
                assert "examples" in attribute or isinstance(attribute["type"], dict)
                if group["id"] != "log.line":
                    assert attribute["id"] not in defined
                    defined.add(attribute["id"])
            else:
                assert {"ref", "requirement_level"} == set(attribute)
        if group["type"] == "span":
            assert group["span_kind"] in ("internal", "client", "server")
            assert set(group["annotations"]) == {"name", "services", "parents"}
        if group["type"] == "metric":
            assert group["id"] == f"metric.{group['metric_name']}"
            assert group["instrument"] in ("counter", "gauge", "histogram", "updowncounter")
            assert set(group["annotations"]) <= {"buckets", "observed"}
            assert (group["instrument"] == "histogram") is ("buckets" in group["annotations"])
            assert {"unit", "stability"} <= set(group)
    referred = {a["ref"] for g in GROUPS for a in g["attributes"] if "ref" in a}
    ours = ("search.", "book.", "corpus.", "index.", "telemetry.")
    assert {name for name in referred if name.startswith(ours)} == defined


def test_the_picture_shows_every_span_of_the_contract() -> None:
    picture = (ROOT / "docs/images/trace-tree.svg").read_text()
    names = {g["annotations"]["name"] for g in GROUPS if g["type"] == "span"}
    shown = set(re.findall(r'class="name" fill="#\w+">([^<·]+)(?: ·[^<]*)?<', picture))
    assert {name for name in names if "{http.route}" not in name} <= {s.strip() for s in shown}
    assert {"GET /search", "GET /books/{id}/search"} <= {s.strip() for s in shown}


def test_every_parent_is_a_span_of_the_contract() -> None:
    spans = [g for g in GROUPS if g["type"] == "span"]
    names = {g["annotations"]["name"] for g in spans} | {"GET /search", "GET /books/{id}/search"}
    assert {parent for g in spans for parent in g["annotations"]["parents"]} <= names


def test_only_the_helper_opens_spans() -> None:
    forbidden = re.compile(r"opentelemetry\.(sdk|exporter)|start_span|get_tracer")
    for path in (ROOT / "src/gutenberg_explorer").rglob("*.py"):
        if "telemetry" not in path.parts:
            assert not forbidden.search(path.read_text()), path
