import os
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from gutenberg_explorer.corpus.folder_files import list_folder


def listed(folder: Path) -> dict[str, str]:
    return {entry.name: entry.problem for entry in list_folder(folder)}


def test_files_are_listed_by_name(tmp_path: Path) -> None:
    (tmp_path / "b.txt").mkdir()
    (tmp_path / "b.txt" / "c.txt").write_text("c")
    (tmp_path / "a.txt").write_text("a")
    entries = list_folder(tmp_path)
    assert [(e.name, e.size, e.read()) for e in entries] == [
        ("a.txt", 1, b"a"),
        ("b.txt/c.txt", 1, b"c"),
    ]


def test_links_lead_to_files_of_the_folder_alone(tmp_path: Path) -> None:
    shelf, other = tmp_path / "shelf", tmp_path / "shelf-2"
    for folder in (shelf, other):
        folder.mkdir()
        (folder / "a.txt").write_text(folder.name)
    (shelf / "same.txt").symlink_to("a.txt")
    (shelf / "object").write_text("kept under another name, as git-annex does")
    (shelf / "first.txt").symlink_to("object")
    (shelf / "second.txt").symlink_to("object")
    (shelf / "out.txt").symlink_to(other / "a.txt")
    (shelf / "folder").symlink_to(other)
    (shelf / "circle").symlink_to(shelf)
    (shelf / "loop.txt").symlink_to("loop.txt")
    (shelf / "nothing.txt").symlink_to("none")
    found = listed(shelf)
    assert [name for name, problem in found.items() if not problem] == ["a.txt", "first.txt"]
    refused = {name: problem for name, problem in found.items() if problem}
    assert set(refused) == {"out.txt", "folder", "loop.txt", "nothing.txt"}
    assert "leads out of the folder" in refused["out.txt"]
    assert "leads out of the folder" in refused["folder"]


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.txt").write_text("a")
    (tmp_path / "link").symlink_to("real")
    assert listed(tmp_path / "link") == {"a.txt": ""}


def test_what_macos_adds_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "__MACOSX").mkdir()
    for name in ("a.txt", "._a.txt", "__MACOSX/b.txt"):
        (tmp_path / name).write_text("text")
    assert list(listed(tmp_path)) == ["a.txt"]


def test_pipes_are_listed_with_a_reason(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert listed(tmp_path) == {"pipe.txt": "it is not a regular file"}


NAMES = st.binary(min_size=1, max_size=40).filter(
    lambda name: not {0, ord("/")} & set(name) and name not in (b".", b"..")
)


@given(names=st.sets(NAMES, max_size=8))
def test_any_name_is_listed(names: set[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            (Path(folder) / os.fsdecode(name)).write_bytes(name)
        expected = {os.fsdecode(name) for name in names if not name.startswith(b"._")}
        entries = list_folder(Path(folder))
        assert {entry.name for entry in entries} == expected
        assert all(entry.read() == os.fsencode(entry.name) for entry in entries)
