"""`compose.yaml`, as far as it can be judged without running it."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.test_images import tool

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "compose.yaml").read_text()
SERVICES: dict[str, Any] = yaml.safe_load(TEXT)["services"]


def test_it_has_the_form_of_the_specification() -> None:
    schema = ["--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run(
        [tool("check-jsonschema"), *schema, str(ROOT / "compose.yaml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_old_compose_understands_it() -> None:
    """docker-compose 1.29, which Debian 12 has, knows no `name` and no `:+`."""
    assert {"version", "name"} & set(yaml.safe_load(TEXT)) == set()
    assert ":+" not in TEXT


def test_every_variable_is_documented() -> None:
    page = (ROOT / "docs/compose.md").read_text()
    used = set(re.findall(r"\$\{(\w+)", TEXT))
    # A variable without a value is taken from whoever starts it.
    used |= {
        name
        for service in SERVICES.values()
        for name, value in service.get("environment", {}).items()
        if value is None
    }
    assert used == set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))


@pytest.mark.parametrize("service", SERVICES)
def test_a_port_is_open_to_this_machine_alone(service: str) -> None:
    for port in SERVICES[service].get("ports", ()):
        assert port.startswith("127.0.0.1:")


@pytest.mark.parametrize("service", sorted({*SERVICES} - {"datadog-agent"}))
def test_a_service_has_few_rights(service: str) -> None:
    """Datadog's Agent is set up by its own start, which needs root and its own file system."""
    told = SERVICES[service]
    assert told["read_only"] is True
    assert told["cap_drop"] == ["ALL"]
    assert told["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_bounded(service: str) -> None:
    told = SERVICES[service]
    assert told["mem_limit"]
    assert told["logging"]["options"].keys() == {"max-size", "max-file"}
    assert told["restart"] == "unless-stopped"


def test_the_search_waits_for_no_telemetry() -> None:
    assert "depends_on" not in SERVICES["backend"]
    assert list(SERVICES["frontend"]["depends_on"]) == ["backend"]


@pytest.mark.parametrize("service", SERVICES)
def test_there_are_no_secrets(service: str) -> None:
    for name, value in SERVICES[service].get("environment", {}).items():
        assert value is None or not re.search("KEY|TOKEN|SECRET|PASSWORD", name)
