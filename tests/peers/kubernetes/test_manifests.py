"""The manifests say what they should, to schemas and to a real API server."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.peers.kubernetes.cluster import Cluster
from tests.peers.kubernetes.manifests import (
    APPLICATIONS,
    OVERLAYS,
    POD_OWNERS,
    TREE,
    built,
    misfit,
    named,
    objects,
)

pytestmark = pytest.mark.peers

SECRET = re.compile(r"[0-9a-f]{32}|BEGIN [A-Z ]*PRIVATE KEY")


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_object_fits_its_schema(overlay: str) -> None:
    assert [misfit(each) for each in objects(overlay) if misfit(each)] == []


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_server_would_take_an_overlay(api_server: Cluster, overlay: str) -> None:
    tried = api_server.kubectl("apply", "--server-side", "--dry-run=server", "-k", TREE / overlay)
    assert len(tried.splitlines()) == len(objects(overlay))


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_server_takes_an_overlay(api_server: Cluster, overlay: str) -> None:
    api_server.kubectl("apply", "--server-side", "--force-conflicts", "-k", TREE / overlay)
    again = api_server.run("diff", "--server-side", "--force-conflicts", "-k", TREE / overlay)
    assert (again.returncode, again.stdout) == (0, "")


@pytest.mark.parametrize("namespace", ["satomichi", "gutenberg-explorer"])
def test_the_application_is_restricted(api_server: Cluster, namespace: str) -> None:
    labels = api_server.get("namespace", namespace)["metadata"]["labels"]
    for mode in ("enforce", "audit", "warn"):
        assert labels[f"pod-security.kubernetes.io/{mode}"] == "restricted"


def test_the_server_warns_of_what_is_not_restricted(api_server: Cluster) -> None:
    backend = named(objects("overlays/local"), "Deployment", "backend")
    (container,) = backend["spec"]["template"]["spec"]["containers"]
    container["securityContext"]["allowPrivilegeEscalation"] = True
    tried = api_server.run(
        "apply", "--server-side", "--dry-run=server", "-f", "-", stdin=yaml.safe_dump(backend)
    )
    assert "would violate PodSecurity" in tried.stderr


# --- what the server can't know


def _pods(overlay: str) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Yield the name, labels and spec of each pod that an overlay makes."""
    for each in objects(overlay):
        if each["kind"] in POD_OWNERS:
            template = each["spec"]["template"]
            yield each["metadata"]["name"], template["metadata"]["labels"], template["spec"]


def _settings(manifests: list[dict[str, Any]]) -> dict[str, str]:
    """Return the backend's settings."""
    maps = (m for m in manifests if m["kind"] == "ConfigMap")
    (found,) = (m["data"] for m in maps if m["metadata"]["name"].startswith("backend-"))
    return dict(found)


@pytest.mark.parametrize("overlay", APPLICATIONS)
def test_pods_may_do_no_more_than_they_need(overlay: str) -> None:
    for name, _, pod in _pods(overlay):
        assert pod["automountServiceAccountToken"] is False, name
        assert pod["securityContext"]["runAsNonRoot"], name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in (*pod["containers"], *pod.get("initContainers", ())):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            resources = container["resources"]
            assert {"cpu", "memory"} <= resources["requests"].keys()
            assert "memory" in resources["limits"]


@pytest.mark.parametrize("overlay", APPLICATIONS)
def test_tags_come_from_the_overlay(overlay: str) -> None:
    manifests = objects(overlay)
    kustomization = yaml.safe_load((TREE / overlay / "kustomization.yaml").read_text())
    env = kustomization["labels"][0]["pairs"]["tags.datadoghq.com/env"]
    tags = {image["name"].rpartition("-")[2]: image["newTag"] for image in kustomization["images"]}
    for name, service in (("backend", "search-backend"), ("frontend", "search-frontend")):
        deployment = named(manifests, "Deployment", name)
        template = deployment["spec"]["template"]
        (container,) = template["spec"]["containers"]
        expected = {"env": env, "service": service, "version": tags[name]}
        for labels in (deployment["metadata"]["labels"], template["metadata"]["labels"]):
            assert {key: labels[f"tags.datadoghq.com/{key}"] for key in expected} == expected
        assert container["image"].endswith(f":{tags[name]}")
        taken = {
            each["name"]: each["valueFrom"]["fieldRef"]["fieldPath"]
            for each in container["env"]
            if each["name"].startswith("DD_")
        }
        assert taken == {
            f"DD_{key.upper()}": f"metadata.labels['tags.datadoghq.com/{key}']" for key in expected
        }


@pytest.mark.parametrize("overlay", APPLICATIONS)
def test_variables_stand_before_those_that_use_them(overlay: str) -> None:
    for _, _, pod in _pods(overlay):
        for container in pod["containers"]:
            known: set[str] = set()
            for variable in container.get("env", ()):
                used = set(re.findall(r"\$\((\w+)\)", variable.get("value", "")))
                assert used <= known, variable
                known.add(variable["name"])


def test_spans_go_to_the_node_of_their_pod() -> None:
    backend = named(objects("overlays/eks/application"), "Deployment", "backend")
    env = {
        each["name"]: each for each in backend["spec"]["template"]["spec"]["containers"][0]["env"]
    }
    assert env["NODE_IP"]["valueFrom"]["fieldRef"]["fieldPath"] == "status.hostIP"
    assert env["OTEL_EXPORTER_OTLP_ENDPOINT"]["value"] == "http://$(NODE_IP):4318"


def test_the_host_of_the_ingress_is_allowed() -> None:
    manifests = objects("overlays/eks/application")
    ingress = named(manifests, "Ingress", "frontend")["spec"]
    (settings,) = (
        m["data"]
        for m in manifests
        if m["metadata"]["name"].startswith("backend-") and m["kind"] == "ConfigMap"
    )
    host = ingress["rules"][0]["host"]
    assert ingress["tls"] == [{"hosts": [host]}]
    assert host in settings["GUTENBERG_EXPLORER_ALLOWED_HOSTS"].split(",")


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_service_is_open_to_the_world(overlay: str) -> None:
    for each in objects(overlay):
        if each["kind"] == "Service":
            assert each["spec"]["type"] == "ClusterIP"


def test_the_agent_takes_otlp_and_apm() -> None:
    manifests = objects("overlays/eks")
    ports = {4317, 4318, 8126}
    service = named(manifests, "Service", "datadog-agent")["spec"]
    assert {port["port"] for port in service["ports"]} == ports
    assert service["internalTrafficPolicy"] == "Local"
    (container,) = named(manifests, "DaemonSet", "datadog-agent")["spec"]["template"]["spec"][
        "containers"
    ]
    assert {port["hostPort"] for port in container["ports"]} == ports


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_secret_is_in_the_repository(overlay: str) -> None:
    assert not [each for each in objects(overlay) if each["kind"] == "Secret"]
    assert not SECRET.search(built(overlay))


def test_the_backend_has_time_to_drain() -> None:
    manifests = objects("overlays/eks/application")
    settings = _settings(manifests)
    pod = named(manifests, "Deployment", "backend")["spec"]["template"]["spec"]
    probe = pod["containers"][0]["readinessProbe"]
    drain = float(settings["GUTENBERG_EXPLORER_DRAIN"])
    assert drain > probe["periodSeconds"] * probe["failureThreshold"]
    # 10 s for requests under way, 5 s for their spans.
    assert pod["terminationGracePeriodSeconds"] > drain + 15
