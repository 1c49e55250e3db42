"""What an API server takes without a word, and is wrong all the same."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from gutenberg_explorer.settings import Settings
from tests.peers.kubernetes.manifests import POD_OWNERS

Manifest = dict[str, Any]

ROOT = Path(__file__).resolve().parents[3]
TAGS = tuple(f"tags.datadoghq.com/{each}" for each in ("env", "service", "version"))
LABELS = {
    "app.kubernetes.io/name",
    "app.kubernetes.io/part-of",
    *TAGS,
    *(f"pod-security.kubernetes.io/{mode}" for mode in ("enforce", "audit", "warn")),
}
_ALB = "alb.ingress.kubernetes.io/"
ANNOTATIONS = {
    *(f"{_ALB}{each}" for each in ("scheme", "target-type", "listen-ports", "healthcheck-path")),
    *(f"{_ALB}{each}" for each in ("ssl-redirect", "ssl-policy", "target-group-attributes")),
    "ad.datadoghq.com/agent.logs_exclude",
}
AGENT = {
    "DD_API_KEY",
    "DD_APM_COMPUTE_STATS_BY_SPAN_KIND",
    "DD_APM_ENABLED",
    "DD_APM_FEATURES",
    "DD_APM_IGNORE_RESOURCES",
    "DD_APM_NON_LOCAL_TRAFFIC",
    "DD_APM_PEER_TAGS_AGGREGATION",
    "DD_HEALTH_PORT",
    "DD_KUBERNETES_KUBELET_HOST",
    "DD_LOGS_CONFIG_CONTAINER_COLLECT_ALL",
    "DD_LOGS_CONFIG_K8S_CONTAINER_USE_FILE",
    "DD_LOGS_ENABLED",
    "DD_OTLP_CONFIG_LOGS_ENABLED",
    "DD_OTLP_CONFIG_RECEIVER_PROTOCOLS_GRPC_ENDPOINT",
    "DD_OTLP_CONFIG_RECEIVER_PROTOCOLS_HTTP_ENDPOINT",
    "DD_SITE",
}
POD = {"DD_SERVICE", "DD_ENV", "DD_VERSION"}
PROBES = {"/healthz", "/readyz", "/nginx-health", "/startup", "/ready", "/live"}


@cache
def _variables(name: str) -> frozenset[str]:
    """Return the variables that the containers of a workload know."""
    if name == "datadog-agent":
        return frozenset(AGENT)
    if name == "frontend":
        start = (ROOT / "deploy" / "nginx" / "start.sh").read_text()
        described = {line.split()[1] for line in start.splitlines() if line.startswith("#   ")}
        return frozenset(described | POD)
    read = (ROOT / "docs" / "settings.md").read_text()
    otel = set(re.findall(r"OTEL_[A-Z_]+", read))
    own = {variable for variable, _, _ in Settings.describe()}
    downward = {"POD_NAMESPACE", "POD_NAME", "POD_UID", "NODE_NAME", "NODE_IP"}
    return frozenset(own | otel | POD | downward)


def problems(manifests: list[Manifest]) -> Iterator[str]:
    """Yield what does not fit together."""
    for check in (_metadata, _pods, _selectors, _references, _policies, _custom):
        yield from check(manifests)


def _of(manifests: list[Manifest], *kinds: str) -> Iterator[Manifest]:
    return (each for each in manifests if each["kind"] in kinds)


def _name(manifest: Manifest) -> str:
    return str(manifest["metadata"]["name"])


def _metadata(manifests: list[Manifest]) -> Iterator[str]:
    for each in manifests:
        places = [each["metadata"]]
        if each["kind"] in POD_OWNERS:
            places.append(each["spec"]["template"]["metadata"])
        for place in places:
            for kind, known in (("labels", LABELS), ("annotations", ANNOTATIONS)):
                yield from (f"unknown {kind}: {key}" for key in place.get(kind, {}).keys() - known)


def _pods(manifests: list[Manifest]) -> Iterator[str]:
    for each in _of(manifests, *POD_OWNERS):
        name, template = _name(each), each["spec"]["template"]
        if name != "datadog-agent":
            yield from (
                f"{name} lacks {tag}" for tag in TAGS if tag not in template["metadata"]["labels"]
            )
        for container in template["spec"]["containers"]:
            tag = container["image"].rpartition(":")[2]
            if template["metadata"]["labels"].get(TAGS[-1], tag) != tag:
                yield f"{name}: the version is not {tag}"
            names = {variable["name"] for variable in container.get("env", ())}
            for source in container.get("envFrom", ()):
                names |= _data(manifests, source["configMapRef"]["name"])
            yield from (f"{name}: unknown variable {each}" for each in names - _variables(name))
            if "OTEL_LOGS_EXPORTER" in names and name == "backend":
                telemetry = {"NODE_IP", "OTEL_EXPORTER_OTLP_ENDPOINT"}
                yield from (f"{name} lacks {each}" for each in telemetry - names)
            if each["kind"] != "Job":
                yield from _probes(name, container)
            if not {"requests", "limits"} <= container.get("resources", {}).keys():
                yield f"{name}: no resources"
            for kind in container.get("resources", {}).values():
                unknown = kind.keys() - {"cpu", "memory", "ephemeral-storage"}
                yield from (f"{name}: unknown resource {each}" for each in unknown)


def _probes(name: str, container: Manifest) -> Iterator[str]:
    for kind in ("startupProbe", "readinessProbe", "livenessProbe"):
        if kind not in container:
            yield f"{name}: no {kind}"
        elif container[kind]["httpGet"]["path"] not in PROBES:
            yield f"{name}: unknown path of the {kind}"
        elif (port := container[kind]["httpGet"]["port"]) not in {*_ports(container), 5555}:
            yield f"{name}: unknown port {port} of the {kind}"


def _ports(container: Manifest) -> set[str]:
    return {port.get("name", "") for port in container.get("ports", ())}


def _data(manifests: list[Manifest], name: str) -> set[str]:
    for each in _of(manifests, "ConfigMap"):
        if _name(each) == name:
            return set(each["data"])
    return {f"no ConfigMap {name}"}


def _matching(manifests: list[Manifest], labels: dict[str, str]) -> list[Manifest]:
    pods = (each["spec"]["template"] for each in _of(manifests, *POD_OWNERS))
    return [pod for pod in pods if labels.items() <= pod["metadata"]["labels"].items()]


def _selectors(manifests: list[Manifest]) -> Iterator[str]:
    for each in _of(manifests, "Service", "PodDisruptionBudget"):
        selector = each["spec"].get("selector", {})
        labels = selector.get("matchLabels") if each["kind"] != "Service" else selector
        pods = _matching(manifests, labels or {"": ""})
        if len(pods) != 1:
            yield f"{each['kind']} {_name(each)} is of {len(pods)} workloads"
            continue
        open_ports = set().union(*map(_ports, pods[0]["spec"]["containers"]))
        for port in each["spec"].get("ports", ()):
            if port.get("targetPort") not in open_ports:
                yield f"Service {_name(each)}: no port {port.get('targetPort')}"
    for each in _of(manifests, "Deployment"):
        pod = each["spec"]["template"]
        for constraint in pod["spec"]["topologySpreadConstraints"]:
            labels = constraint.get("labelSelector", {}).get("matchLabels", {"": ""})
            if pod not in _matching(manifests, labels):
                yield f"{_name(each)} is spread by other pods"


def _references(manifests: list[Manifest]) -> Iterator[str]:
    there = {(each["kind"], _name(each)) for each in manifests}
    needed = {target for each in manifests for target in _needed(each)}
    if ("Service", "backend-service") in there:
        kinds = ("PodDisruptionBudget", "HorizontalPodAutoscaler", "Deployment", "NetworkPolicy")
        needed |= {(kind, name) for kind in kinds for name in ("backend", "frontend")}
    yield from (f"no {kind} {name}" for kind, name in needed - there)


def _needed(each: Manifest) -> Iterator[tuple[str, str]]:
    """Yield kind and name of what an object refers to."""
    spec = each.get("spec", {})
    for target in (spec.get("scaleTargetRef"), each.get("roleRef"), *each.get("subjects", ())):
        if target:
            yield target["kind"], target["name"]
    if each["kind"] == "Ingress":
        for path in (path for rule in spec.get("rules", ()) for path in rule["http"]["paths"]):
            yield "Service", path["backend"]["service"]["name"]
    if each["kind"] in POD_OWNERS:
        pod = spec["template"]["spec"]
        if account := pod.get("serviceAccountName"):
            yield "ServiceAccount", account
        for volume in pod.get("volumes", ()):
            if claim := volume.get("persistentVolumeClaim"):
                yield "PersistentVolumeClaim", claim["claimName"]


def _policies(manifests: list[Manifest]) -> Iterator[str]:
    for each in _of(manifests, "NetworkPolicy"):
        spec = each["spec"]
        labels = spec["podSelector"].get("matchLabels", {})
        if labels and not _matching(manifests, labels):
            yield f"NetworkPolicy {_name(each)} is of no pod"
        if not labels and _name(each) != "nothing-else":
            yield f"NetworkPolicy {_name(each)} is of all pods"
        for direction in ("ingress", "egress"):
            if direction in spec and direction.capitalize() not in spec["policyTypes"]:
                yield f"NetworkPolicy {_name(each)}: {direction} is no type of it"
            for rule in spec.get(direction, ()):
                if "ports" not in rule:
                    yield f"NetworkPolicy {_name(each)} opens all ports"
                for peer in (*rule.get("from", ()), *rule.get("to", ())):
                    if not any(_closed(manifests, peer)):
                        yield f"NetworkPolicy {_name(each)} is open to all"


def _closed(manifests: list[Manifest], peer: Manifest) -> Iterator[bool]:
    if "ipBlock" in peer:
        yield True
    elif "namespaceSelector" in peer:
        space = peer["namespaceSelector"].get("matchLabels")
        pods = peer.get("podSelector", {}).get("matchLabels")
        yield space == {"kubernetes.io/metadata.name": "kube-system"} and pods == {
            "k8s-app": "kube-dns"
        }
    else:
        yield bool(_matching(manifests, peer["podSelector"].get("matchLabels", {"": ""})))


def _custom(manifests: list[Manifest]) -> Iterator[str]:
    for each in _of(manifests, "DatadogAgent"):
        names = {variable.get("name") for variable in each["spec"]["global"].get("env", ())}
        yield from (f"unknown variable {name}" for name in names - AGENT)
