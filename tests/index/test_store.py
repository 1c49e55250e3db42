import json
import shutil
from pathlib import Path

import pytest

from gutenberg_explorer.index import IndexDamaged, IndexMissing, IndexStore
from gutenberg_explorer.index.layout import FILES
from tests.index.test_writer_and_reader import make_index


def _folder(data_dir: Path) -> Path:
    return data_dir / "index" / "g1"


def test_there_is_none_at_first(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        IndexStore(tmp_path).open()


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_found_out(tmp_path: Path, name: str) -> None:
    make_index(tmp_path, ["love and whales", "nothing but the sea and the storm"])
    path = _folder(tmp_path) / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(IndexDamaged, match=f"{name} is not what was published"):
        IndexStore(tmp_path).open()
    path.write_bytes(data[:-1])
    with pytest.raises(IndexDamaged, match=name):
        IndexStore(tmp_path).open()
    path.unlink()
    with pytest.raises(IndexDamaged, match=f"{name} can't be read"):
        IndexStore(tmp_path).open()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": 1}', b"\xff"])
def test_a_damaged_manifest_is_found_out(tmp_path: Path, content: bytes) -> None:
    make_index(tmp_path, ["love"])
    (_folder(tmp_path) / "manifest.json").write_bytes(content)
    with pytest.raises(IndexDamaged, match="manifest"):
        IndexStore(tmp_path).open()


def test_another_format_is_found_out(tmp_path: Path) -> None:
    make_index(tmp_path, ["love"])
    path = _folder(tmp_path) / "manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps({**manifest, "format": 0}))
    with pytest.raises(IndexDamaged, match="format 0"):
        IndexStore(tmp_path).open()


@pytest.mark.parametrize("content", [b"", b"../../etc\n", b".\n", b"\xff\xfe"])
def test_a_pointer_to_nowhere_is_found_out(tmp_path: Path, content: bytes) -> None:
    make_index(tmp_path, ["love"])
    (tmp_path / "index" / "CURRENT").write_bytes(content)
    with pytest.raises(IndexDamaged):
        IndexStore(tmp_path).open()


def test_what_is_open_outlives_its_successor(tmp_path: Path) -> None:
    old = make_index(tmp_path, ["the white whale"])
    (tmp_path / "index" / "g1").rename(tmp_path / "index" / "g0")
    (tmp_path / "index" / "CURRENT").write_text("g0\n")
    new = make_index(tmp_path, ["the black cat"])
    assert not (tmp_path / "index" / "g0").exists()
    assert old.text(0, 0, 100) == "the white whale"
    assert new.text(0, 0, 100) == "the black cat"


def test_a_reader_follows_when_the_index_changes_under_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_index(tmp_path, ["the white whale"])
    store = IndexStore(tmp_path)
    current = store._current
    answers = iter([tmp_path / "index" / "removed", current(), current()])
    monkeypatch.setattr(store, "_current", lambda: next(answers))
    assert store.open().text(0, 0, 100) == "the white whale"


def test_what_a_killed_build_left_is_cleared_away(tmp_path: Path) -> None:
    make_index(tmp_path, ["love"])
    shutil.copytree(_folder(tmp_path), tmp_path / "index" / "unfinished-g0")
    again = IndexStore(tmp_path)
    with again.lock():
        again.begin("g2")
    assert sorted(path.name for path in (tmp_path / "index").iterdir()) == [
        "CURRENT",
        "LOCK",
        "g1",
        "unfinished-g2",
    ]
