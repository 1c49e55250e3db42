import json
from pathlib import Path

import pytest

from gutenberg_explorer.index import IndexStore
from gutenberg_explorer.index.choices import Choices
from tests.index.old_format import write_format_3
from tests.libraries import library_of

CHOICES = Choices(added=("gutenberg:1342", "directory:/books"), removed=frozenset({"emma", "moby"}))


def _damages(data: bytes) -> list[bytes | None]:
    """Return what may become of a file: cut anywhere, a bit flipped anywhere, or gone."""
    cuts = [data[:length] for length in range(len(data))]
    flips = [
        data[:place] + bytes([data[place] ^ 1 << place % 8]) + data[place + 1 :]
        for place in range(len(data))
    ]
    return [*cuts, *flips, b"\0" * len(data), b"[" * 100_000, b"\xff\xfe", None]


def _write(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(data)


def test_there_are_none_at_first(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    assert store.choices.read() == store.choices.settle() == Choices()
    assert list(tmp_path.iterdir()) == []


def test_what_is_written_is_read(tmp_path: Path) -> None:
    choices = IndexStore(tmp_path).choices
    choices.write(CHOICES)
    assert choices.read() == CHOICES
    assert choices.damage() == []
    said = json.loads((tmp_path / "choices.json").read_text())
    assert said["removed"] == ["emma", "moby"]


@pytest.mark.parametrize("name", ["choices.json", "choices.copy.json"])
def test_damage_to_either_file_costs_no_choice(
    tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    choices = IndexStore(tmp_path).choices
    choices.write(CHOICES)
    path = tmp_path / name
    whole = path.read_bytes()
    for damaged in _damages(whole):
        _write(path, damaged)
        caplog.clear()
        assert choices.read() == CHOICES
        told = name == "choices.json" and damaged is not None
        assert ("The copy of it is used" in caplog.text) == told
        assert bool(choices.damage()) == (damaged is not None)
        assert choices.settle() == CHOICES
        assert path.read_bytes() == whole


def test_damage_to_both_is_made_up_for_by_the_newest_index(
    shelf_dir: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    library = library_of(f"directory:{shelf_dir}", tmp_path / "data")
    library.build()
    library.remove(["whale"])
    library.remove(["storm"])
    choices = library.store.choices
    files = [tmp_path / "data" / name for name in ("choices.json", "choices.copy.json")]
    for damaged in (b"", b"{}", None):
        for path in files:
            _write(path, damaged)
        caplog.clear()
        assert choices.read() == Choices(removed=frozenset({"whale", "storm"}))
        assert ("is taken from the newest index" in caplog.text) == (damaged is not None)
        assert choices.settle() == choices.read()
        assert choices.damage(missing=True) == []


def test_where_all_is_lost_the_damage_stays_to_be_looked_at(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    choices = IndexStore(tmp_path).choices
    choices.write(CHOICES)
    files = [tmp_path / name for name in ("choices.json", "choices.copy.json")]
    for path in files:
        path.write_bytes(path.read_bytes()[:-5])
    before = [path.read_bytes() for path in files]
    assert choices.read() == choices.settle() == Choices()
    assert "nothing counts as added or removed" in caplog.text
    assert [path.read_bytes() for path in files] == before


def test_those_of_format_3_are_carried_over(tmp_path: Path) -> None:
    files = write_format_3(tmp_path, "nltk", added=["gutenberg:84"], removed=["emma"])
    store = IndexStore(tmp_path)
    expected = Choices(added=("gutenberg:84",), removed=frozenset({"emma"}))
    assert store.choices.read() == expected
    assert not (tmp_path / "choices.json").exists()
    store.choices.settle()
    for path in files:
        path.unlink()
    assert store.choices.read() == expected
