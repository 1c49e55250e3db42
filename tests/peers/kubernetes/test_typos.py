"""A typo in any key of any manifest is found."""

import copy
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.peers.kubernetes.cluster import Cluster
from tests.peers.kubernetes.consistency import Manifest, problems
from tests.peers.kubernetes.manifests import OVERLAYS, TREE, built, misfit, objects

pytestmark = pytest.mark.peers

# What changes objects, and is none. All else is seen in what is built.
CHANGES = ("kustomization.yaml", "telemetry.yaml", "versions.yaml")
FILES = sorted(path.relative_to(TREE) for name in CHANGES for path in TREE.rglob(name))
# The overlay to look at for a file of a folder that is none, or is a part of one.
WHERE = {
    "agent": "overlays/eks/agent",
    "base": "overlays/eks/application",
    "operator": "overlays/eks/operator",
    "overlays/eks/monitoring": "overlays/eks/agent",
}

Place = tuple[str | int, ...]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_all_fits_together(overlay: str) -> None:
    assert list(problems(objects(overlay))) == []


@pytest.mark.parametrize("overlay", ["overlays/eks", "overlays/eks/operator", "overlays/local"])
def test_a_typo_in_an_object_is_found(api_server: Cluster, overlay: str) -> None:
    manifests = objects(overlay)
    missed = []
    for number, manifest in enumerate(manifests):
        for place in _keys(manifest):
            mistyped = _mistyped(manifest, place)
            others = [*manifests[:number], *manifests[number + 1 :]]
            if not _is_found(api_server, [mistyped], others):
                missed.append((manifest["kind"], manifest["metadata"]["name"], place))
    assert not missed


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_typo_in_a_change_is_found(api_server: Cluster, tmp_path: Path, file: Path) -> None:
    tree = tmp_path / "kubernetes"
    shutil.copytree(TREE, tree)
    overlay = WHERE.get(file.parent.as_posix(), file.parent.as_posix())
    _tell_versions_apart(tree)
    before = objects(overlay, tree)
    document = yaml.safe_load((tree / file).read_text())
    # What an alias stands for is written out, so that a typo is at one place.
    document = json.loads(json.dumps(document))
    missed = []
    for place in _keys(document):
        (tree / file).write_text(yaml.safe_dump(_mistyped(document, place), sort_keys=False))
        if file.name == "versions.yaml" and not _is_replacement(_mistyped(document, place)):
            continue
        try:
            after = list(yaml.load_all(built(overlay, tree), yaml.CSafeLoader))
        except subprocess.CalledProcessError:
            continue
        changed = [each for each in after if each not in before]
        if not _is_found(api_server, changed, [each for each in after if each in before]):
            missed.append(place)
    assert not missed


def _is_replacement(document: Any) -> bool:
    """Return whether all keys are known: kustomize itself takes others in a `select`."""
    keys = {place[-1] for place in _keys(document)}
    return keys <= {
        *("source", "kind", "name", "fieldPath", "options", "delimiter", "index"),
        *("targets", "select", "fieldPaths", "create"),
    }


def _tell_versions_apart(tree: Path) -> None:
    """Give one of the two images another tag, so that each has to find its own."""
    file = tree / "overlays" / "eks" / "application" / "kustomization.yaml"
    file.write_text(re.sub(r"newTag: .*", "newTag: 9.9.9", file.read_text(), count=1))


def _keys(value: Any, place: Place = ()) -> Iterator[Place]:
    """Yield where each key stands in a document."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*place, key)
            yield from _keys(inner, (*place, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _keys(inner, (*place, number))


def _mistyped(document: Any, place: Place) -> Any:
    """Return a copy whose key at `place` has one letter more."""
    changed = copy.deepcopy(document)
    inner = changed
    for step in place[:-1]:
        inner = inner[step]
    items = list(inner.items())
    inner.clear()
    inner.update((f"{key}x" if key == place[-1] else key, value) for key, value in items)
    return changed


def _is_found(server: Cluster, changed: list[Manifest], others: list[Manifest]) -> bool:
    """Return whether anything objects to what was changed, or to how it fits to the others."""
    try:
        if any(map(misfit, changed)) or any(problems([*changed, *others])):
            return True
    except (KeyError, TypeError, AttributeError):  # what everything has is not there
        return True
    if not changed:
        return False
    options = ("--server-side", "--force-conflicts", "--dry-run=server", "--validate=strict")
    tried = server.run("apply", *options, "-f", "-", stdin=yaml.safe_dump_all(changed))
    return bool(tried.returncode or tried.stderr)


def test_what_is_sound_is_not_found(api_server: Cluster) -> None:
    for overlay in OVERLAYS:
        assert not _is_found(api_server, objects(overlay), [])
