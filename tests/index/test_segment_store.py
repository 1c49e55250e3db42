from pathlib import Path

import pytest

from gutenberg_explorer.index.layout import FILES
from gutenberg_explorer.index.segment_store import SegmentStore


def _written(store: SegmentStore, contents: str) -> Path:
    (folder,) = store.begin(1)
    for name in FILES:
        (folder / name).write_text(f"{name} {contents}")
    return folder


def test_one_name_is_one_content(tmp_path: Path) -> None:
    store = SegmentStore(tmp_path)
    first = store.finish(_written(store, "one"), 1, 10)
    again = store.finish(_written(store, "one"), 7, 10)
    other = store.finish(_written(store, "two"), 1, 10)
    assert (again.name, again.files) == (first.name, first.files)
    assert other.name != first.name
    assert {path.name for path in (tmp_path / "segments").iterdir()} == {first.name, other.name}


def test_contents_that_are_exchanged_between_files_make_another_name(tmp_path: Path) -> None:
    store = SegmentStore(tmp_path)
    first = store.finish(_written(store, "one"), 1, 10)
    folder = _written(store, "one")
    one, two = folder / FILES[0], folder / FILES[1]
    contents = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(contents)
    assert store.finish(folder, 1, 10).name != first.name


@pytest.mark.parametrize("damage", ["flip", "cut", "gone", "all gone"])
def test_one_that_is_there_damaged_is_replaced(tmp_path: Path, damage: str) -> None:
    store = SegmentStore(tmp_path)
    entry = store.finish(_written(store, "one"), 1, 10)
    path = store.path(entry.name) / FILES[3]
    whole = path.read_bytes()
    if damage == "flip":
        path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    elif damage == "cut":
        path.write_bytes(whole[:-1])
    else:
        for file in [path] if damage == "gone" else list(path.parent.iterdir()):
            file.unlink()
    assert store.finish(_written(store, "one"), 1, 10) == entry
    assert path.read_bytes() == whole


def test_one_that_any_manifest_names_stays(tmp_path: Path) -> None:
    store = SegmentStore(tmp_path)
    kept, gone = (store.finish(_written(store, each), 1, 10) for each in ("one", "two"))
    manifest = tmp_path / "manifest.json"
    manifest.write_bytes(b"\xff damaged, or of another format: " + kept.name.encode())
    store.remove_unused([manifest])
    assert [path.name for path in (tmp_path / "segments").iterdir()] == [kept.name]
    assert gone.name != kept.name
    with pytest.raises(OSError, match="No such file"):
        store.remove_unused([tmp_path / "unreadable"])
    assert store.path(kept.name).exists()
