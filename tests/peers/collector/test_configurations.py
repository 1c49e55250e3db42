"""The Collector itself says whether the configurations that ship are right."""

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.peers.collector.running import CONFIGURATIONS, environment
from tests.peers.programs import program

pytestmark = pytest.mark.peers

SHIPPED = [
    ["dev.yaml"],
    ["dev.yaml", "datadog.yaml"],
    ["dev.yaml", "jaeger.yaml"],
    ["dev.yaml", "datadog.yaml", "jaeger.yaml"],
    ["gateway.yaml"],
]


def _validate(files: list[Path], folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [str(program("otelcol")), "validate", *(f"--config={file}" for file in files)]
    env = environment(folder, environ)
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def test_every_file_is_validated() -> None:
    assert {name for names in SHIPPED for name in names} == {
        file.name for file in CONFIGURATIONS.glob("*.yaml")
    }


@pytest.mark.parametrize("names", SHIPPED, ids="+".join)
def test_a_configuration_is_valid(names: list[str], tmp_path: Path) -> None:
    done = _validate([CONFIGURATIONS / name for name in names], tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("kept", ["plain", "hashed", "omitted"])
def test_each_way_to_treat_queries_is_valid(kept: str, tmp_path: Path) -> None:
    done = _validate([CONFIGURATIONS / "gateway.yaml"], tmp_path, QUERY_TEXT=kept)
    assert done.returncode == 0, done.stderr


def test_without_a_key_datadog_is_refused_in_a_sentence(tmp_path: Path) -> None:
    done = _validate([CONFIGURATIONS / "gateway.yaml"], tmp_path, DD_API_KEY="")
    assert done.returncode != 0
    assert "api.key is not set" in done.stderr


def test_the_policies_of_sampling_are_whole() -> None:
    assert _policies_are_whole((CONFIGURATIONS / "gateway.yaml").read_text())


def _keys(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path to each key of a document."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield (*path, key)
            yield from _keys(value, (*path, key))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _keys(value, (*path, number))


def _policies_are_whole(text: str) -> bool:
    """Return whether each policy of sampling has its settings under its type's name.

    The Collector takes a policy without settings and samples by zeros.
    """
    sampling = yaml.safe_load(text).get("processors", {}).get("tail_sampling", {})
    return all(
        set(policy) == {"name", "type", policy.get("type")}
        for policy in sampling.get("policies", [])
    )


def _misspelt(text: str, path: tuple[Any, ...]) -> str:
    """Return a document with one of its keys misspelt."""
    document = yaml.safe_load(text)
    *above, key = path
    node = document
    for step in above:
        node = node[step]
    wrong = f"{key}x" if "/" not in key else key.replace("/", "x/")
    node[wrong] = node.pop(key)
    return str(yaml.safe_dump(document))


@pytest.mark.parametrize("names", [["dev.yaml", "datadog.yaml"], ["gateway.yaml"]], ids="+".join)
def test_every_typo_is_found(names: list[str], tmp_path: Path) -> None:
    def accepted(case: tuple[int, tuple[Any, ...]]) -> str | None:
        number, path = case
        folder = tmp_path / "-".join(map(str, (number, *path))).replace("/", "_")
        folder.mkdir()
        for name in names:
            (folder / name).write_text((CONFIGURATIONS / name).read_text())
        changed = folder / names[number]
        changed.write_text(_misspelt(changed.read_text(), path))
        if not _policies_are_whole(changed.read_text()):
            return None
        done = _validate([folder / name for name in names], folder)
        return f"{names[number]}: {path}" if done.returncode == 0 else None

    cases = [
        (number, path)
        for number, name in enumerate(names)
        for path in _keys(yaml.safe_load((CONFIGURATIONS / name).read_text()))
    ]
    assert len(cases) > 50
    with ThreadPoolExecutor(2) as threads:
        assert [found for found in threads.map(accepted, cases) if found] == []
