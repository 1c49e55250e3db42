"""The command, against a Datadog of our own."""

import functools
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gutenberg_explorer.cli import main
from gutenberg_explorer.datadog import schema, sync
from gutenberg_explorer.datadog.kinds import KINDS, Kind, Object
from tests.datadog.fake import API_KEY, APP_KEY, FakeDatadog, serving

SHIPPED = Path(__file__).resolve().parents[2] / "deploy" / "datadog"

Run = Callable[..., Result]


@functools.cache
def _problems(name: str, thing: str) -> list[str]:
    [kind] = (kind for kind in KINDS if kind.name == name)
    return schema.problems(kind, json.loads(thing))


def _problems_once(kind: Kind, thing: Object) -> list[str]:
    """Return what `problems` said of the same object before: it takes half a second for ours."""
    return _problems(kind.name, json.dumps(thing))


@pytest.fixture
def datadog() -> Iterator[FakeDatadog]:
    with serving() as fake:
        yield fake


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped files, as a copy that may be changed."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "datadog"))


@pytest.fixture
def run(datadog: FakeDatadog, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `gutenberg-explorer datadog …` with the folder and both keys; others are set by name."""
    monkeypatch.setattr(sync, "problems", _problems_once)

    def run(command: str, **environment: str) -> Result:
        keys = {"DD_API_KEY": API_KEY, "DD_APP_KEY": APP_KEY, "DD_HOST": datadog.url}
        for name, value in {**keys, "DD_SITE": "", **environment}.items():
            monkeypatch.setenv(name, value)
        result = CliRunner().invoke(main, ["datadog", command, "--folder", str(folder)])
        assert API_KEY not in result.output
        assert APP_KEY not in result.output
        return result

    return run
