"""Commands that only read change nothing, whatever they find, and say whose books they read."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gutenberg_explorer.cli import main
from tests.corpus.gutenberg import mirrors
from tests.index.old_format import write_format_3
from tests.libraries import library_of, small_books

COMMANDS = (
    ["search", "white whale"],
    ["corpus", "list"],
    ["corpus", "verify"],
    ["index", "list"],
    ["index", "check"],
    ["traces", "list"],
    ["traces", "show", "0" * 32],
)
Snapshot = dict[str, tuple[int, int, str]]


def _snapshot(folder: Path) -> Snapshot:
    """Return mode, time of change and contents of all that is in a folder, and of itself."""
    found = {}
    for path in [folder, *folder.rglob("*")]:
        if path.exists() and not path.name.startswith("traces.sqlite3-"):  # SQLite's own
            status = path.stat()
            contents = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            changed = 0 if path == folder else status.st_mtime_ns
            found[str(path.relative_to(folder))] = (status.st_mode, changed, contents)
    return found


def _run(command: list[str], data_dir: Path, shelf: str | None) -> Result:
    environment = {
        "GUTENBERG_EXPLORER_DATA_DIR": str(data_dir),
        "GUTENBERG_EXPLORER_SHELF": shelf,
        "GUTENBERG_EXPLORER_NLTK_URL": "http://127.0.0.1:9/gutenberg.zip",
        "GUTENBERG_EXPLORER_GUTENBERG_MIRROR": "http://127.0.0.1:9",
    }
    result = CliRunner().invoke(main, command, env=environment)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.stderr
    return result


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data directory with the library of three small books, one of which was removed."""
    library = library_of(f"directory:{small_books(tmp_path / 'books')}", tmp_path / "data")
    library.build()
    library.remove(["storm"])
    return tmp_path / "data"


def _as_it_was(_: Path) -> None:
    """Change nothing."""


def _nothing(data_dir: Path) -> None:
    shutil.rmtree(data_dir)


def _no_index(data_dir: Path) -> None:
    shutil.rmtree(data_dir / "index")


def _format_3(data_dir: Path) -> None:
    shutil.rmtree(data_dir)
    write_format_3(data_dir, f"directory:{data_dir.parent / 'books'}", removed=["storm"])


def _damaged_files(data_dir: Path) -> None:
    for path in data_dir.glob("index/segments/*/*"):
        path.write_bytes(b"")


def _damaged_manifests(data_dir: Path) -> None:
    for path in data_dir.glob("index/libraries/*/*/manifest.json"):
        path.write_bytes(b"{")


def _damaged_generation(data_dir: Path) -> None:
    (library,) = data_dir.glob("index/libraries/*")
    current = (library / "CURRENT").read_text().strip()
    (library / current / "manifest.json").write_bytes(b"{")


def _damaged_pointers(data_dir: Path) -> None:
    for path in [data_dir / "index" / "CURRENT", *data_dir.glob("index/libraries/*/CURRENT")]:
        path.write_bytes(b"\xff")


def _damaged_choices(data_dir: Path) -> None:
    for path in data_dir.glob("choices*.json"):
        path.write_bytes(b"\xff")


def _an_interrupted_build(data_dir: Path) -> None:
    (data_dir / "index" / "unfinished-segment-1").mkdir()
    (data_dir / "index" / "segments" / ("0" * 32)).mkdir()


STATES = (
    _as_it_was,
    _nothing,
    _no_index,
    _format_3,
    _damaged_files,
    _damaged_manifests,
    _damaged_generation,
    _damaged_pointers,
    _damaged_choices,
    _an_interrupted_build,
)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("shelf", [None, "directory:books", "nltk", "gutenberg:author=austen"])
def test_reading_changes_nothing(
    data_dir: Path,
    state: Callable[[Path], None],
    shelf: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state(data_dir)
    monkeypatch.chdir(data_dir.parent)
    before, books = _snapshot(data_dir), _snapshot(data_dir.parent / "books")
    for command in COMMANDS:
        result = _run(command, data_dir, shelf)
        assert _snapshot(data_dir) == before, command
        assert result.exit_code in (0, 1)
        if result.exit_code:
            assert [line[:7] for line in result.stderr.splitlines()].count("Error: ") == 1
    assert _snapshot(data_dir.parent / "books") == books


@pytest.mark.parametrize("state", [_nothing, _no_index, _format_3, _damaged_files])
def test_what_can_not_be_opened_is_one_line_that_says_what_to_do(
    data_dir: Path, state: Callable[[Path], None]
) -> None:
    state(data_dir)
    for command in COMMANDS[:3]:
        result = _run(command, data_dir, f"directory:{data_dir.parent / 'books'}")
        if state is _damaged_files and command == ["corpus", "list"]:
            continue  # it reads none of these files
        assert result.exit_code == 1
        (line,) = result.stderr.splitlines()
        assert line.endswith("run gutenberg-explorer index build.")


@pytest.mark.parametrize(
    ("state", "notice"),
    [(_damaged_generation, True), (_damaged_pointers, True), (_damaged_choices, False)],
)
def test_what_is_whole_is_read(
    data_dir: Path, state: Callable[[Path], None], notice: bool, caplog: pytest.LogCaptureFixture
) -> None:
    state(data_dir)
    result = _run(["search", "white whale"], data_dir, None)
    assert result.exit_code == 0
    assert "The Whale (whale)" in result.stdout
    assert ("The index can't be used: " in caplog.text) == notice


def _served(data_dir: Path, shelf: Path) -> None:
    library = library_of(f"directory:{shelf}", data_dir)
    index, _ = library.open_or_build()
    library.hold(index)()


@pytest.fixture
def two_libraries(tmp_path: Path) -> Path:
    """A data directory with two libraries: `mini` was served last, `large` before."""
    for name, text in (("large", "A large whale."), ("mini", "A mini whale.")):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text(text)
        _served(tmp_path / "data", tmp_path / name)
    return tmp_path / "data"


@pytest.mark.parametrize(
    ("shelf", "book", "note"),
    [
        (None, "mini", "GUTENBERG_EXPLORER_SHELF is not set. The library served last is used: "),
        ("mini", "mini", None),
        ("large", "large", None),
        ("other", "mini", "There is no index of directory:"),
    ],
)
def test_the_library_that_is_read_is_that_of_the_shelf_or_the_one_served_last(
    two_libraries: Path, shelf: str | None, book: str, note: str | None
) -> None:
    named = f"directory:{two_libraries.parent / shelf}" if shelf else None
    for command in COMMANDS[:3]:
        result = _run(command, two_libraries, named)
        assert result.exit_code == 0
        assert book in result.stdout or command == ["corpus", "verify"]
        notes = [line for line in result.stderr.splitlines() if not line.endswith(" books")]
        if note is None:
            assert notes == []
        else:
            (line,) = notes
            assert line.startswith(note)
            assert line.endswith(f"directory:{two_libraries.parent / 'mini'}.")


@pytest.mark.parametrize("contents", [b"", b"\xff", b"nowhere/1\n", b"../../books/1\n", None])
def test_a_pointer_that_is_lost_is_made_up_for_with_a_notice(
    two_libraries: Path, contents: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    pointer = two_libraries / "index" / "CURRENT"
    if contents is None:
        pointer.unlink()
    else:
        pointer.write_bytes(contents)
    assert "mini" in _run(["corpus", "list"], two_libraries, None).stdout
    assert "names no library. The one that was served last seems to be directory:" in caplog.text
    assert _run(["corpus", "update"], two_libraries, None).exit_code == 0
    caplog.clear()
    assert "mini" in _run(["corpus", "list"], two_libraries, None).stdout
    assert caplog.text == ""


def test_a_library_that_lags_says_so(two_libraries: Path, tmp_path: Path) -> None:
    large = f"directory:{tmp_path / 'large'}"
    added = _run(
        ["corpus", "add", f"directory:{small_books(tmp_path / 'books')}"], two_libraries, None
    )
    assert added.exit_code == 0
    assert _run(["corpus", "list"], two_libraries, None).stdout.count("\n") == 4
    result = _run(["corpus", "list"], two_libraries, large)
    assert result.stdout.count("\n") == 1
    assert "run gutenberg-explorer corpus update" in result.stderr
    assert _run(["corpus", "update"], two_libraries, large).exit_code == 0
    result = _run(["corpus", "list"], two_libraries, large)
    assert (result.stdout.count("\n"), result.stderr) == (4, "")


def test_a_library_that_is_not_complete_says_so(tmp_path: Path) -> None:
    def end(task: str, done: int, total: int | None, unit: str) -> None:
        if done == 2:
            raise KeyboardInterrupt

    shelf = f"directory:{small_books(tmp_path / 'books')}"
    # Room for one book, so that each has a round of its own.
    library = replace(library_of(shelf, tmp_path / "data", end), memory=6 * 100)
    with pytest.raises(KeyboardInterrupt):
        library.build()
    listed = _run(["corpus", "list"], tmp_path / "data", shelf)
    assert (listed.exit_code, listed.stdout.count("\n")) == (0, 1)
    assert listed.stderr.startswith("Not all books of this library are indexed: run ")
    checked = _run(["index", "check"], tmp_path / "data", shelf)
    assert (checked.exit_code, checked.stderr.count("\n")) == (1, 1)
    assert "it is not complete" in checked.stderr


def test_to_verify_downloads_nothing(tmp_path: Path) -> None:
    mirror = mirrors.write(
        tmp_path / "mirror", mirrors.generated(1342) | {mirrors.CATALOGUE: mirrors.catalogue()}
    )
    environment = {
        "GUTENBERG_EXPLORER_DATA_DIR": str(tmp_path / "data"),
        "GUTENBERG_EXPLORER_SHELF": "gutenberg:author=austen",
        "GUTENBERG_EXPLORER_GUTENBERG_MIRROR": str(mirror),
    }
    assert CliRunner().invoke(main, ["index", "build"], env=environment).exit_code == 0
    environment["GUTENBERG_EXPLORER_GUTENBERG_MIRROR"] = "http://127.0.0.1:9"
    for selections in (True, False):
        if not selections:
            shutil.rmtree(tmp_path / "data" / "books")
        before = _snapshot(tmp_path / "data")
        result = CliRunner().invoke(main, ["corpus", "verify"], env=environment)
        assert (result.exit_code, result.stderr) == (0, "")
        assert _snapshot(tmp_path / "data") == before


def test_check_tells_whether_a_server_has_to_build(two_libraries: Path, tmp_path: Path) -> None:
    def check(shelf: str) -> Result:
        return _run(["index", "check"], two_libraries, f"directory:{tmp_path / shelf}")

    sound = check("mini")
    assert (sound.exit_code, sound.stderr, sound.stdout.count("\n")) == (0, "", 1)
    assert "1 books" in sound.stdout
    assert "contains no index of" in check("other").stderr
    path = next((two_libraries / "index" / "segments").glob("*/text.utf8"))
    data = path.read_bytes()
    path.write_bytes(bytes([data[0] ^ 1]) + data[1:])
    damaged = [result for name in ("mini", "large") if (result := check(name)).exit_code]
    assert len(damaged) == 1
    assert damaged[0].stderr.count("\n") == 1
    assert "text.utf8 does not match its checksum" in damaged[0].stderr
