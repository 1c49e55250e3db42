from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gutenberg_explorer.index import reader
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.runtime.index_check import IndexCheck
from tests.index.shelf import make_index
from tests.waiting import wait_until


def _large(tmp_path: Path) -> Index:
    """Return an index none of whose files was compared when it was opened."""
    return Index(make_index(tmp_path, ["the white whale", "the sea"]).folder, at_opening=0)


def _flip(tmp_path: Path, name: str) -> None:
    (path,) = (tmp_path / "index").rglob(name)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@contextmanager
def _checking(current: Callable[[], Index]) -> Iterator[None]:
    check = IndexCheck(current)
    check.start()
    try:
        yield
    finally:
        check.stop()


@pytest.mark.parametrize("name", ["text.utf8", "positions", "*.term"])
def test_damage_behind_a_start_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    index = _large(tmp_path)
    _flip(tmp_path, name)
    with _checking(lambda: index):
        wait_until(lambda: "does not match its checksum" in caplog.text)
    (record,) = caplog.records
    assert record.levelname == "WARNING"


def test_each_index_is_read_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    index = _large(tmp_path)
    check = IndexCheck(lambda: index)
    check.check()
    _flip(tmp_path, "text.utf8")
    check.check()
    assert not caplog.records
    index = _large(tmp_path / "next")
    _flip(tmp_path / "next", "text.utf8")
    check.check()
    assert len(caplog.records) == 1


def test_the_end_does_not_wait_for_all_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    index = _large(tmp_path)
    begun = []

    def endless(_path: object, _entry: object, after: Callable[[int], None]) -> None:
        begun.append(1)
        while True:
            after(1_000)

    monkeypatch.setattr(reader, "check_sum", endless)
    with _checking(lambda: index):
        wait_until(lambda: begun)
    assert not caplog.records
