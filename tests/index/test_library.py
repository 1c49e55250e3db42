import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gutenberg_explorer.corpus import CorpusError
from gutenberg_explorer.index import IndexMissing, IndexStore
from gutenberg_explorer.index.reader import Index
from tests.libraries import library_of
from tests.telemetry.recording import recording


def _open_or_build(shelf: Path, data_dir: Path) -> tuple[list[str], bool]:
    index, built = library_of(f"directory:{shelf}", data_dir).open_or_build()
    return [book.id for book in index.books], built


def test_an_index_is_built_once(shelf_dir: Path, tmp_path: Path) -> None:
    assert _open_or_build(shelf_dir, tmp_path) == (["garden", "storm", "whale"], True)
    assert _open_or_build(shelf_dir, tmp_path) == (["garden", "storm", "whale"], False)


def test_an_index_that_was_built_untraced_is_linked_to_nothing(
    shelf_dir: Path, tmp_path: Path
) -> None:
    # In a process of its own: once a test has traced in this one, all is traced.
    settings = {
        "GUTENBERG_EXPLORER_DATA_DIR": str(tmp_path),
        "GUTENBERG_EXPLORER_SHELF": f"directory:{shelf_dir}",
    }
    command = [sys.executable, "-m", "gutenberg_explorer", "index", "build"]
    subprocess.run(command, env=os.environ | settings, check=True, capture_output=True)
    with recording() as recorder:
        library_of(f"directory:{shelf_dir}", tmp_path).open_or_build()
    (opened,) = recorder.spans
    assert not opened.links


def test_it_is_rebuilt_when_the_books_change(
    shelf_dir: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _open_or_build(shelf_dir, tmp_path)
    (shelf_dir / "new.txt").write_text("A new book.")
    assert _open_or_build(shelf_dir, tmp_path) == (["garden", "new", "storm", "whale"], True)
    assert "contains other books" in caplog.text


def test_a_damaged_one_is_rebuilt_with_a_notice(
    shelf_dir: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _open_or_build(shelf_dir, tmp_path)
    (path,) = (tmp_path / "index").glob("segments/*/positions")
    path.write_bytes(b"")
    assert _open_or_build(shelf_dir, tmp_path)[1] is True
    assert "positions does not have its published size. It is rebuilt." in caplog.text
    assert _open_or_build(shelf_dir, tmp_path)[1] is False


def test_an_unreadable_book_is_skipped_with_a_notice(
    shelf_dir: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (shelf_dir / "binary.txt").write_bytes(b"\x00\x01\x02")
    with caplog.at_level(logging.WARNING):
        assert _open_or_build(shelf_dir, tmp_path)[0] == ["garden", "storm", "whale"]
    assert caplog.messages == ["The book binary was skipped: it is not a text file."]
    assert IndexStore(tmp_path).manifest().skipped == {"binary": "it is not a text file"}


def test_no_readable_book_at_all_is_a_sentence(tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (shelf / "binary.txt").write_bytes(b"\x00")
    with pytest.raises(CorpusError, match="None of the 1 books"):
        _open_or_build(shelf, tmp_path)
    with pytest.raises(IndexMissing):
        IndexStore(tmp_path).open()


def test_progress_reaches_its_total(shelf_dir: Path, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int | None]] = []
    library_of(
        f"directory:{shelf_dir}",
        tmp_path,
        lambda task, done, total, unit: seen.append((task, done, total)),
    ).build()
    assert seen == [("Indexing books", done, 3) for done in (0, 1, 2, 3)]


OPEN_OR_BUILD = """
import sys
from pathlib import Path
from tests.libraries import library_of
from tests.telemetry.recording import recording
library_of("directory:" + sys.argv[1], Path(sys.argv[2])).open_or_build()
"""


def test_some_who_build_at_once_build_once(shelf_dir: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", OPEN_OR_BUILD, str(shelf_dir), str(tmp_path)]
    processes = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert len(list((tmp_path / "index").glob("libraries/*/*/manifest.json"))) == 1
    assert len(list((tmp_path / "index").glob("segments/*"))) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_leaves_the_old_index(
    shelf_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    _open_or_build(shelf_dir, tmp_path)
    (shelf_dir / "new.txt").write_text("A new book. " * 10_000)
    original = Path.open

    def full(path: Path, mode: str = "r", *args: object, **kwargs: object) -> object:
        target = Path("/dev/full") if path.name == "text.utf8" and "w" in mode else path
        return original(target, mode, *args, **kwargs)  # type: ignore[call-overload]

    library = library_of(f"directory:{shelf_dir}", tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", full)
        with pytest.raises(OSError, match="No space left on device"):
            library.update()
        # A server goes on with what there is.
        assert _open_or_build(shelf_dir, tmp_path) == (["garden", "storm", "whale"], False)
    assert "No space left on device. The index is used as it is." in caplog.text
    assert _open_or_build(shelf_dir, tmp_path)[0] == ["garden", "new", "storm", "whale"]


def test_an_added_shelf_that_has_gone_keeps_its_books(
    shelf_dir: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    more = tmp_path / "more"
    more.mkdir()
    for name in ("cat", "dog"):
        (more / f"{name}.txt").write_text(f"The {name} sleeps.")
    library = library_of(f"directory:{shelf_dir}", tmp_path)
    library.add([f"directory:{more}"])
    more.rename(tmp_path / "elsewhere")

    def ids(index: Index) -> list[str]:
        return [book.id for book in index.books]

    assert ids(library.update()) == ["cat", "dog", "garden", "storm", "whale"]
    assert (
        "more does not exist: check GUTENBERG_EXPLORER_SHELF. The existing books of" in caplog.text
    )
    with pytest.raises(CorpusError, match="more does not exist"):
        library.build()  # there would be no way back
    assert ids(library.remove(["cat"])) == ["dog", "garden", "storm", "whale"]
    (tmp_path / "elsewhere").rename(more)
    (more / "dog.txt").write_text("The dog barks.")
    index = library.update()
    assert index.text(0, 0, 100) == "The dog barks."
    shutil.rmtree(more)
    index = library.remove(["dog"])
    assert ids(index) == ["garden", "storm", "whale"]
    assert index.manifest.added == []
    library.build()


def test_a_book_that_can_be_read_again_is_no_longer_skipped(
    shelf_dir: Path, tmp_path: Path
) -> None:
    (shelf_dir / "binary.txt").write_bytes(b"\x00\x01\x02")
    _open_or_build(shelf_dir, tmp_path)
    (shelf_dir / "binary.txt").write_text("A text.")
    assert "binary" in _open_or_build(shelf_dir, tmp_path)[0]
    assert IndexStore(tmp_path).manifest().skipped == {}
