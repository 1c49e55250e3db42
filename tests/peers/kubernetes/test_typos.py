"""A typo in any key of any manifest is found."""

import copy
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tests.peers.kubernetes.cluster import Cluster
from tests.peers.kubernetes.consistency import problems
from tests.peers.kubernetes.manifests import OVERLAYS, TREE, built, objects

pytestmark = pytest.mark.peers

# The overlay that has all of a folder's files.
WHERE = {
    "base": "overlays/eks/application",
    "agent": "overlays/eks/agent",
    "operator": "overlays/eks/operator",
    "overlays/eks/monitoring": "overlays/eks/agent",
    "overlays/eks": "overlays/eks",
}
FILES = sorted(path.relative_to(TREE) for path in TREE.rglob("*.yaml"))

Path_ = tuple[str | int, ...]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_all_fits_together(overlay: str) -> None:
    assert list(problems(objects(overlay))) == []


def _keys(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Yield where each key stands in a document."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from _keys(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _keys(inner, (*path, number))


def _mistyped(document: Any, path: Path_) -> Any:
    """Return a copy whose key at `path` has one letter more, at the same place."""
    changed = copy.deepcopy(document)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    items = list(inner.items())
    inner.clear()
    inner.update((f"{key}x" if key == path[-1] else key, value) for key, value in items)
    return changed


def _is_found(server: Cluster, tree: Path, overlay: str, sound: set[str]) -> bool:
    """Return whether anything objects to an overlay, but for its objects that are `sound`."""
    try:
        text = built(overlay, tree)
    except subprocess.CalledProcessError:
        return True
    changed = [each for each in text.split("\n---\n") if each not in sound]
    manifests = list(yaml.safe_load_all(text))
    try:
        for each in map(yaml.safe_load, changed):
            if each["kind"] != "DatadogAgent":
                kubernetes_validate.validate(each, "1.36", strict=True)
        if any(problems(manifests)):
            return True
    except (kubernetes_validate.ValidationError, KeyError, TypeError, AttributeError):
        return True
    except kubernetes_validate.SchemaNotFoundError:
        return True
    tried = server.run(
        "apply", "--server-side", "--force-conflicts", "--dry-run=server", "--validate=strict",
        "-f", "-", stdin="\n---\n".join(changed),
    )  # fmt: skip
    return bool(changed and (tried.returncode or tried.stderr))


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_typo_is_found(api_server: Cluster, tmp_path: Path, file: Path) -> None:
    tree = tmp_path / "kubernetes"
    shutil.copytree(TREE, tree)
    folder = file.parent.as_posix()
    overlay = WHERE.get(folder, folder)
    sound = set(built(overlay).split("\n---\n"))
    documents = list(yaml.load_all((TREE / file).read_text(), _NoAliases))
    tried, missed = 0, []
    for number, document in enumerate(documents):
        for path in _keys(document):
            changed = documents.copy()
            changed[number] = _mistyped(document, path)
            (tree / file).write_text(yaml.safe_dump_all(changed, sort_keys=False))
            tried += 1
            if not _is_found(api_server, tree, overlay, sound):
                missed.append((document.get("kind") if isinstance(document, dict) else "", path))
    assert tried
    assert not missed


class _NoAliases(yaml.SafeLoader):
    """Loads what an alias stands for as a copy, so that a typo is at one place."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            return copy.deepcopy(super().compose_node(parent, index))
        return super().compose_node(parent, index)
