import resource
from pathlib import Path

import pytest

from gutenberg_explorer.corpus import no_progress
from gutenberg_explorer.corpus.download import DownloadFailed, TooLarge, fetch
from gutenberg_explorer.disk_errors import sentence
from tests.corpus.web import Fault, serve

CONTENT = bytes(range(256)) * 2_000


def _fetch(url: str, target: Path, max_bytes: int = 1_000_000) -> None:
    fetch(url, target, max_bytes=max_bytes, task="Downloading", progress=no_progress)


def test_a_file_is_downloaded_with_progress(tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    target = tmp_path / "deep" / "file"
    with serve(CONTENT) as file:
        said = fetch(
            file.url,
            target,
            max_bytes=1_000_000,
            task="Downloading",
            progress=lambda task, done, total, unit: seen.append((done, total)),
        )
    assert target.read_bytes() == CONTENT
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert said["ETag"]
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("tags", [True, False])
def test_what_was_interrupted_is_taken_up_again(tmp_path: Path, tags: bool) -> None:
    target = tmp_path / "file"
    with serve(CONTENT) as file:
        file.tags = tags
        file.cut_after = 200_000
        with pytest.raises(DownloadFailed, match="broke off"):
            _fetch(file.url, target)
        assert not target.exists()
        part = (tmp_path / "file.part").stat().st_size
        assert 0 < part <= 200_000
        _fetch(file.url, target)
        assert file.ranges == [None, f"bytes={part}-"]
        assert ("If-Range" in file.requests[1].headers) is tags
    assert target.read_bytes() == CONTENT
    assert list(tmp_path.iterdir()) == [target]


def test_a_disk_without_room_is_told_of_and_costs_nothing(tmp_path: Path) -> None:
    target = tmp_path / "file"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with serve(CONTENT) as file:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
        try:
            with pytest.raises(OSError, match="File too large") as raised:
                _fetch(file.url, target)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert sentence(raised.value).startswith(f"{target}: File too large. ")
        assert not target.exists()
        _fetch(file.url, target)
        assert file.ranges == [None, "bytes=100000-"]
    assert target.read_bytes() == CONTENT


def test_a_file_that_has_changed_meanwhile_is_not_mixed(tmp_path: Path) -> None:
    target = tmp_path / "file"
    with serve(CONTENT) as file:
        file.cut_after = 200_000
        with pytest.raises(DownloadFailed):
            _fetch(file.url, target)
        file.content = CONTENT[::-1]
        _fetch(file.url, target)
    assert target.read_bytes() == CONTENT[::-1]


def test_a_whole_part_is_not_downloaded_again(tmp_path: Path) -> None:
    target = tmp_path / "file"
    (tmp_path / "file.part").write_bytes(CONTENT)
    with serve(CONTENT) as file:
        _fetch(file.url, target)
    assert target.read_bytes() == CONTENT


def test_a_part_of_something_longer_is_forgotten(tmp_path: Path) -> None:
    target = tmp_path / "file"
    (tmp_path / "file.part").write_bytes(CONTENT + b"more")
    with serve(CONTENT) as file:
        with pytest.raises(DownloadFailed, match="a different file"):
            _fetch(file.url, target)
        _fetch(file.url, target)
    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize("status", [304, 403, 404, 416, 429, 500])
def test_a_refusal_says_its_status(tmp_path: Path, status: int) -> None:
    with serve(CONTENT) as file:
        file.broken["gutenberg.zip"] = Fault(status, {"Retry-After": "7"})
        with pytest.raises(DownloadFailed, match=f"^answered {status}$") as caught:
            _fetch(file.url, tmp_path / "file")
    assert (caught.value.status, caught.value.retry_after) == (status, "7")
    assert not (tmp_path / "file").exists()


def test_no_network_is_said(tmp_path: Path) -> None:
    with serve(CONTENT) as file:
        url = file.url
    with pytest.raises(DownloadFailed, match=r"^can't be reached$") as caught:
        _fetch(url, tmp_path / "file")
    assert caught.value.status is None


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with serve(CONTENT) as file, pytest.raises(TooLarge, match="is larger than 1000 bytes"):
        _fetch(file.url, tmp_path / "file", max_bytes=1_000)
    assert not list(tmp_path.iterdir())


def test_who_asks_is_said(tmp_path: Path) -> None:
    with serve(CONTENT) as file:
        _fetch(file.url, tmp_path / "file")
        assert file.requests[0].headers["User-Agent"].startswith("gutenberg-explorer/")
        assert file.requests[0].headers["Accept-Encoding"] == "identity"
