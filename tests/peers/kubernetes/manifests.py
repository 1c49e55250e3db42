"""The manifests as kubectl builds them."""

import subprocess
from pathlib import Path
from typing import Any

import yaml
from kubernetes_validate import (  # type: ignore[import-untyped]
    SchemaNotFoundError,
    ValidationError,
    validate,
)

from tests.peers.programs import program

TREE = Path(__file__).resolve().parents[3] / "deploy" / "kubernetes"
OVERLAYS = (
    "overlays/eks",
    "overlays/eks/application",
    "overlays/eks/agent",
    "overlays/eks/operator",
    "overlays/local",
)
APPLICATIONS = ("overlays/eks/application", "overlays/local")
POD_OWNERS = ("Deployment", "DaemonSet", "Job")
# Of other makers: the API server checks them by their makers' definitions.
CUSTOM = ("DatadogAgent",)
VERSION = "1.36"


def built(overlay: str, tree: Path = TREE) -> str:
    """Return an overlay's manifests. Raises CalledProcessError."""
    command: tuple[str | Path, ...] = (program("kubectl"), "kustomize", tree / overlay)
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def objects(overlay: str, tree: Path = TREE) -> list[dict[str, Any]]:
    """Return an overlay's objects."""
    return list(yaml.load_all(built(overlay, tree), yaml.CSafeLoader))


def named(manifests: list[dict[str, Any]], kind: str, name: str) -> dict[str, Any]:
    """Return one object."""
    (found,) = (m for m in manifests if (m["kind"], m["metadata"]["name"]) == (kind, name))
    return found


def misfit(manifest: dict[str, Any]) -> str:
    """Return what in an object is not of its schema, unknown kinds and fields among it."""
    if manifest["kind"] in CUSTOM:
        return ""
    try:
        validate(manifest, VERSION, strict=True)
    except (SchemaNotFoundError, ValidationError) as error:
        return str(error) or repr(error)
    return ""
