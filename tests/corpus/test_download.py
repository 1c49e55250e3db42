from pathlib import Path

import pytest

from gutenberg_explorer.corpus import CorpusError, no_progress
from gutenberg_explorer.corpus.download import fetch
from tests.corpus.web import serve

CONTENT = bytes(range(256)) * 2_000


def _fetch(url: str, target: Path, max_bytes: int = 1_000_000) -> None:
    fetch(url, target, max_bytes=max_bytes, task="Downloading", progress=no_progress)


def test_a_file_is_downloaded_with_progress(tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    target = tmp_path / "deep" / "file"
    with serve(CONTENT) as file:
        fetch(
            file.url,
            target,
            max_bytes=1_000_000,
            task="Downloading",
            progress=lambda task, done, total, unit: seen.append((done, total)),
        )
    assert target.read_bytes() == CONTENT
    assert seen[-1] == (len(CONTENT), len(CONTENT))


def test_what_was_interrupted_is_taken_up_again(tmp_path: Path) -> None:
    target = tmp_path / "file"
    with serve(CONTENT) as file:
        file.cut_after = 200_000
        with pytest.raises(CorpusError):
            _fetch(file.url, target)
        assert not target.exists()
        part = (tmp_path / "file.part").stat().st_size
        assert 0 < part <= 200_000
        _fetch(file.url, target)
        assert file.ranges == [None, f"bytes={part}-"]
    assert target.read_bytes() == CONTENT
    assert not (tmp_path / "file.part").exists()


def test_a_whole_part_is_not_downloaded_again(tmp_path: Path) -> None:
    target = tmp_path / "file"
    (tmp_path / "file.part").write_bytes(CONTENT)
    with serve(CONTENT) as file:
        _fetch(file.url, target)
    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_refusal_is_a_sentence(tmp_path: Path, status: int) -> None:
    with serve(CONTENT) as file:
        file.status = status
        with pytest.raises(CorpusError, match=f"answered {status}: check"):
            _fetch(file.url, tmp_path / "file")
    assert not (tmp_path / "file").exists()


def test_no_network_is_a_sentence(tmp_path: Path) -> None:
    with serve(CONTENT) as file:
        url = file.url
    with pytest.raises(CorpusError, match="can't be reached: check the network"):
        _fetch(url, tmp_path / "file")


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with serve(CONTENT) as file, pytest.raises(CorpusError, match="larger than"):
        _fetch(file.url, tmp_path / "file", max_bytes=1_000)
