"""The command, against a Datadog of our own."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gutenberg_explorer.cli import main
from tests.datadog.fake import API_KEY, APP_KEY, FakeDatadog, serving

SHIPPED = Path(__file__).resolve().parents[2] / "deploy" / "datadog"

Run = Callable[..., Result]


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

    def run(command: str, **environment: str) -> Result:
        keys = {"DD_API_KEY": API_KEY, "DD_APP_KEY": APP_KEY, "DD_HOST": datadog.url}
        for name, value in {**keys, "DD_SITE": "", **environment}.items():
            monkeypatch.setenv(name, value)
        result = CliRunner().invoke(main, ["datadog", command, "--folder", str(folder)])
        assert API_KEY not in result.output
        assert APP_KEY not in result.output
        return result

    return run
