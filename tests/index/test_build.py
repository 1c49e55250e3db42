import logging
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gutenberg_explorer.corpus import CorpusError, Sources, candidates
from gutenberg_explorer.index import IndexMissing, IndexStore, build, open_or_build


def _open_or_build(shelf: Path, data_dir: Path) -> tuple[list[str], bool]:
    shelves = candidates(f"directory:{shelf}", Sources(data_dir, "", ""))
    index, built = open_or_build(shelves, IndexStore(data_dir))
    return [book.id for book in index.books], built


def test_an_index_is_built_once(shelf_dir: Path, tmp_path: Path) -> None:
    assert _open_or_build(shelf_dir, tmp_path) == (["garden", "storm", "whale"], True)
    assert _open_or_build(shelf_dir, tmp_path) == (["garden", "storm", "whale"], False)


def test_it_is_rebuilt_when_the_books_change(
    shelf_dir: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _open_or_build(shelf_dir, tmp_path)
    (shelf_dir / "new.txt").write_text("A new book.")
    assert _open_or_build(shelf_dir, tmp_path) == (["garden", "new", "storm", "whale"], True)
    assert "of other books" in caplog.text


def test_a_damaged_one_is_rebuilt_with_a_notice(
    shelf_dir: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _open_or_build(shelf_dir, tmp_path)
    (path,) = (tmp_path / "index").glob("*/positions")
    path.write_bytes(b"")
    assert _open_or_build(shelf_dir, tmp_path)[1] is True
    assert "positions is not what was published. It is rebuilt." in caplog.text
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
    build(
        candidates(f"directory:{shelf_dir}", Sources(tmp_path, "", "")),
        IndexStore(tmp_path),
        lambda task, done, total, unit: seen.append((task, done, total)),
    )
    assert seen == [("Indexing books", done, 3) for done in (0, 1, 2, 3)]


BUILD = """
import sys
from pathlib import Path
from gutenberg_explorer.corpus import Sources, candidates
from gutenberg_explorer.index import IndexStore, build
print("go", flush=True)
folder = Path(sys.argv[2])
build(candidates("directory:" + sys.argv[1], Sources(folder, "", "")), IndexStore(folder))
"""


def _start_build(shelf: Path, data_dir: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", BUILD, str(shelf), str(data_dir)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"go\n"
    return process


def test_a_kill_at_any_moment_leaves_the_old_index_or_the_new(tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    text = "\n\n".join(f"Paragraph {number} of love and whales." for number in range(1_500))
    for number in range(8):
        (shelf / f"book-{number}.txt").write_text(text)
    started = time.perf_counter()
    with _start_build(shelf, tmp_path) as process:
        assert process.wait() == 0
    duration = time.perf_counter() - started
    store = IndexStore(tmp_path)
    generations = {store.open().manifest.generation}
    random.seed(7)
    for _ in range(8):
        with _start_build(shelf, tmp_path) as process:
            time.sleep(random.uniform(0, duration))
            os.kill(process.pid, signal.SIGKILL)
        index = store.open()
        assert len(index.books) == 8
        assert index.text(7, 0, 100_000_000) == text
        generations.add(index.manifest.generation)
    with _start_build(shelf, tmp_path) as process:
        assert process.wait() == 0
    assert store.open().manifest.generation not in generations


def test_two_who_build_at_once_build_once(shelf_dir: Path, tmp_path: Path) -> None:
    code = BUILD.replace("import IndexStore, build", "import IndexStore, open_or_build as build")
    processes = [
        subprocess.Popen([sys.executable, "-c", code, str(shelf_dir), str(tmp_path)])
        for _ in range(3)
    ]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert len(list((tmp_path / "index").glob("*/manifest.json"))) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_leaves_the_old_index(
    shelf_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _open_or_build(shelf_dir, tmp_path)
    (shelf_dir / "new.txt").write_text("A new book. " * 10_000)
    original = Path.open

    def full(path: Path, mode: str = "r", *args: object, **kwargs: object) -> object:
        target = Path("/dev/full") if path.name == "text.utf8" and "w" in mode else path
        return original(target, mode, *args, **kwargs)  # type: ignore[call-overload]

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", full)
        with pytest.raises(OSError, match="No space left on device"):
            _open_or_build(shelf_dir, tmp_path)
    assert [book.id for book in IndexStore(tmp_path).open().books] == ["garden", "storm", "whale"]
    assert _open_or_build(shelf_dir, tmp_path)[0] == ["garden", "new", "storm", "whale"]
