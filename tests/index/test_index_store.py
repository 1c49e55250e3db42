import errno
import json
import os
import shutil
from pathlib import Path

import pytest

from gutenberg_explorer.index import IndexDamaged, IndexMissing, IndexStore
from gutenberg_explorer.index.checked_json import read_checked, write_checked
from gutenberg_explorer.index.layout import BOOK_ENDS, BOOKS, FILES, ID_ENDS, IDS, NORMS, NUMBERS
from tests.index.shelf import make_index


def _folder(data_dir: Path) -> Path:
    return IndexStore(data_dir).last().current()


def _segment(data_dir: Path) -> Path:
    (segment,) = (data_dir / "index" / "segments").iterdir()
    return segment


def test_there_is_none_at_first(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        IndexStore(tmp_path).open()


GENERATION_FILES = (BOOKS, BOOK_ENDS, IDS, ID_ENDS, NUMBERS, NORMS, "passages/meta.json")


@pytest.mark.parametrize("name", [*FILES, *GENERATION_FILES])
def test_a_damaged_file_is_found_out(tmp_path: Path, name: str) -> None:
    index = make_index(tmp_path, ["love and whales", "nothing but the sea and the storm"])
    assert index.damage() == []
    path = (_segment(tmp_path) if name in FILES else _folder(tmp_path)) / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    (damage,) = index.damage()
    assert damage == f"{path} does not match its checksum."
    path.write_bytes(data[:-1])
    with pytest.raises(IndexDamaged, match=f"{path.name} does not have its published size"):
        IndexStore(tmp_path).open()
    path.unlink()
    with pytest.raises(IndexDamaged, match=f"{path.name} can't be read"):
        IndexStore(tmp_path).open()


def test_what_can_not_be_opened_is_damaged(tmp_path: Path) -> None:
    make_index(tmp_path, ["love"])
    path = _folder(tmp_path) / "passages" / "meta.json"
    path.write_bytes(b"x" * path.stat().st_size)
    with pytest.raises(IndexDamaged, match=r"meta\.json does not match its checksum"):
        IndexStore(tmp_path).open()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": 2}', b"\xff"])
def test_a_damaged_manifest_is_found_out(tmp_path: Path, content: bytes) -> None:
    make_index(tmp_path, ["love"])
    (_folder(tmp_path) / "manifest.json").write_bytes(content)
    with pytest.raises(IndexDamaged, match="manifest"):
        IndexStore(tmp_path).open()


def test_another_format_is_found_out(tmp_path: Path) -> None:
    make_index(tmp_path, ["love"])
    path = _folder(tmp_path) / "manifest.json"
    manifest = json.loads(read_checked(path))
    write_checked(path, json.dumps({**manifest, "format": 0}))
    with pytest.raises(IndexDamaged, match="format 0"):
        IndexStore(tmp_path).open()


@pytest.mark.parametrize("content", [b"", b"../../etc\n", b".\n", b"\xff\xfe", b"x" * 9999, None])
@pytest.mark.parametrize("library", [False, True])
def test_a_pointer_to_nowhere_is_found_out(
    tmp_path: Path, content: bytes | None, library: bool
) -> None:
    index = make_index(tmp_path, ["love"])
    path = (index.folder.parent if library else tmp_path / "index") / "CURRENT"
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    opened, damage = IndexStore(tmp_path).last().open()
    assert opened.manifest == index.manifest
    assert bool(damage) == library


def test_one_that_can_not_be_written_to_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_index(tmp_path, ["love"])
    folder = _folder(tmp_path) / "passages"
    before = sorted(folder.iterdir())
    # Root may write anywhere: for it too, this is what it means that it may not.
    monkeypatch.setattr(os, "access", lambda path, mode: path != folder)
    assert IndexStore(tmp_path).open().passage_index.frequency("love") == 1
    assert sorted(folder.iterdir()) == before


def test_what_is_open_outlives_its_successor(tmp_path: Path) -> None:
    old = make_index(tmp_path, ["the white whale"])
    new = make_index(tmp_path, ["the black cat"])
    assert not old.folder.exists()
    assert [_segment(tmp_path).name] == [entry.name for entry in new.manifest.segments]
    for index, text, stemmed in ((old, "the white whale", "whale"), (new, "the black cat", "cat")):
        assert index.text(0, 0, 100) == text
        assert index.passage_index.frequency(stemmed) == 1


def test_a_reader_follows_when_the_index_changes_under_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_index(tmp_path, ["the white whale"])
    library = IndexStore(tmp_path).last()
    current = library.current
    answers = iter([library.folder / "removed", current(), current()])
    monkeypatch.setattr(library, "current", lambda: next(answers))
    assert library.open_current().text(0, 0, 100) == "the white whale"


def _below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_what_a_killed_build_left_is_cleared_away(tmp_path: Path) -> None:
    make_index(tmp_path, ["love"])
    there = _below(tmp_path)
    shutil.copytree(_folder(tmp_path), tmp_path / "index" / "unfinished-g0")
    shutil.copytree(_segment(tmp_path), tmp_path / "index" / "segments" / ("0" * 32))
    again = IndexStore(tmp_path)
    with again.lock():
        again.begin("g2")
    assert _below(tmp_path) == there | {"index/unfinished-g2"}


def test_a_file_system_without_hard_links_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = make_index(tmp_path, ["love"])

    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    index = make_index(tmp_path, ["whales"], base=base, first=1)
    assert [index.passage_index.frequency(each) for each in ("love", "whale")] == [1, 1]
    assert index.damage() == []


def test_a_full_disk_is_given_back(tmp_path: Path) -> None:
    index = make_index(tmp_path, ["love"])
    there = _below(tmp_path)
    store = IndexStore(tmp_path)

    def write() -> None:
        with store.lock():
            store.begin("g2", index.folder)
            store.segments.begin(2)
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        write()
    assert _below(tmp_path) == there


def test_what_can_not_be_read_just_now_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_index(tmp_path, ["love"])
    store, there = IndexStore(tmp_path), _below(tmp_path)
    (tmp_path / "index" / "unfinished-g0").mkdir()

    def refuse(*_: object) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    with store.lock():
        with monkeypatch.context() as patched:
            patched.setattr(Path, "read_bytes", refuse)
            store.begin("g2")
        assert _below(tmp_path) == there | {"index/unfinished-g2"}
    assert store.open().damage() == []


def test_a_run_writes_to_folders_of_its_own(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    with store.lock():
        assert not {*store.segments.begin(2)} & {*store.segments.begin(2)}


def test_many_small_segments_hold_few_descriptors(tmp_path: Path) -> None:
    make_index(tmp_path, [f"whale {number}" for number in range(20)], segments=20)
    before = len(list(Path("/dev/fd").iterdir()))
    index = IndexStore(tmp_path).open()
    assert len(index.segments) == 20
    assert len(list(Path("/dev/fd").iterdir())) - before < 20
