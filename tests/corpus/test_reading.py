import os
import socket
from pathlib import Path

import pytest

from gutenberg_explorer.corpus.book import UnreadableBook
from gutenberg_explorer.corpus.reading import MAX_BOOK_BYTES, path_of, read_file


def test_a_file_is_read_up_to_the_bound(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"12345")
    assert read_file(path, 5) == b"12345"
    with pytest.raises(UnreadableBook, match="larger than 4 bytes"):
        read_file(path, 4)


def test_of_a_large_file_nothing_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.touch()
    os.truncate(path, 10**12)
    with pytest.raises(UnreadableBook, match=f"larger than {MAX_BOOK_BYTES} bytes"):
        read_file(path)


def test_a_file_that_hides_its_size_is_bounded_as_well() -> None:
    path = Path("/proc/self/smaps")
    assert path.stat().st_size == 0
    assert len(read_file(path)) > 1_000
    with pytest.raises(UnreadableBook, match="larger than 100 bytes"):
        read_file(path, 100)


@pytest.mark.parametrize("kind", ["pipe", "socket", "folder", "link"])
def test_what_is_no_regular_file_is_not_opened(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.txt"
    if kind == "pipe":
        os.mkfifo(path)  # opening it would wait for a writer
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(str(path))
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("/etc/passwd")
    with pytest.raises(UnreadableBook, match="not a regular file"):
        read_file(path)


def test_settings_mean_paths(tmp_path: Path) -> None:
    assert path_of("~/books") == Path.home() / "books"
    assert path_of("~no-such-user/books") == Path("~no-such-user/books")
    assert path_of("file:///a%20b/caf%E9") == Path(os.fsdecode(b"/a b/caf\xe9"))
    assert path_of("a\0b") == Path("a\ufffdb")
