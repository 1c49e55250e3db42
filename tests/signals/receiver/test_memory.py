"""The worst bodies raise the memory of the process that receives them by no more than a bound."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.signals.receiver.worst_bodies import BODIES, SIZE, WORST, compressed

ROOT = Path(__file__).resolve().parents[3]
MAX_RISE = 300_000_000

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def received(body: bytes, media: str, encoding: str, folder: Path) -> dict[str, Any]:
    """Let a process of its own receive a body; return what it tells of that."""
    file = folder / "body"
    file.write_bytes(compressed(body) if encoding else body)
    command = [sys.executable, "-m", "tests.signals.receiver.worst_bodies", str(file)]
    run = subprocess.run([*command, media, encoding], cwd=ROOT, capture_output=True, check=True)
    told = json.loads(run.stdout)
    assert isinstance(told, dict)
    return told


@pytest.mark.parametrize("name", WORST)
def test_the_worst_bodies_raise_the_memory_by_no_more_than_the_bound(
    name: str, tmp_path: Path
) -> None:
    media, body = BODIES[name]
    told = received(body(), media, "gzip", tmp_path)
    assert told["rise"] < MAX_RISE, told
    # It was taken, not refused at a look.
    assert told["accepted"] > 0, told


@pytest.mark.peers
@pytest.mark.parametrize("encoding", ["", "gzip"])
@pytest.mark.parametrize("name", BODIES)
def test_no_body_raises_the_memory_by_more_than_the_bound(
    name: str, encoding: str, tmp_path: Path
) -> None:
    media, make = BODIES[name]
    body = make()
    assert len(body) <= SIZE
    assert received(body, media, encoding, tmp_path)["rise"] < MAX_RISE
