"""A bit that flips or a file that is cut changes no answer: the library is made whole, and says so.

A twentieth of the damage is done in a usual run, all of it by `make soak`.
"""

import json
import queue
import random
import shutil
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.index import answering
from tests.libraries import IndexedShelf, library_of, made_once, small_books
from tests.soak import SEED, share_of
from tests.waiting import SECONDS

_DAMAGES = 500
_NOT_READ = (".lock", "LOCK", "SERVED")


def _books(folder: Path) -> None:
    """Write books of which one is long enough for its index to be mapped, and not read at once."""
    small_books(folder)
    words = random.Random(1)
    syllables = ["ma", "re", "lo", "thi", "wen", "sto", "gar", "de", "wha", "le", "sea", "ble"]
    known = ["the", "of", "and", "white", "whale", "love", "sea", "storm", "garden", "mære"]
    known += ["".join(words.choices(syllables, k=words.randint(1, 4))) for _ in range(3_000)]
    chapters = [
        f"CHAPTER {number}\n\n"
        + "\n\n".join(" ".join(words.choices(known, k=60)).capitalize() + "." for _ in range(25))
        for number in range(1, 41)
    ]
    text = "[The Long Voyage by Ann Sea 1860]\n\n" + "\n\n".join(chapters) + "\n"
    (folder / "voyage.txt").write_text(text, "utf-8")


@pytest.fixture(scope="module")
def sound(shared_dir: Path) -> IndexedShelf:
    """A library of two segments, one of whose books was removed."""
    shelf = made_once(shared_dir / "damage-books", _books)
    spec = f"directory:{shelf}"

    def build(data_dir: Path) -> None:
        added = shared_dir / "damage-added"
        added.mkdir(exist_ok=True)
        for name in ("ship", "gone"):
            text = (
                f"[The {name.title()} by Bob Rose]\n\nThe {name} sails over the sea, with love.\n"
            )
            (added / f"{name}.txt").write_text(text)
        library_of(spec, data_dir).build()
        library_of(spec, data_dir).add([f"directory:{added}"])
        library_of(spec, data_dir).remove(["gone"])

    return IndexedShelf(shelf, made_once(shared_dir / "damage-data", build))


class _Answering:
    """The process that answers, until it dies or takes too long."""

    def __init__(self, spec: str, folder: Path, *options: str) -> None:
        self._is_large = "--large" in options
        self._stderr = folder / "stderr"
        self._lines: queue.Queue[str] = queue.Queue()
        command = [sys.executable, "-m", answering.__name__, spec, *options]
        with self._stderr.open("wb") as stderr:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, text=True
            )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def ask(self, data_dir: Path) -> dict[str, Any]:
        """Return what the library in a data directory answers, and how it was opened."""
        assert self._process.stdin
        self._process.stdin.write(f"{data_dir}\n")
        self._process.stdin.flush()
        try:
            line = self._lines.get(timeout=SECONDS)
        except queue.Empty:
            raise AssertionError("It hangs.") from None
        said = self._stderr.read_text()
        assert line, f"It has ended: {said}"
        assert "Traceback" not in said
        # tantivy itself prints its panics, where a file was not compared before it was opened.
        assert self._is_large or "panicked" not in said
        found: dict[str, Any] = json.loads(line)
        return found

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


def _damage(data_dir: Path, randoms: random.Random) -> str:
    """Damage one file, and say how."""
    paths = sorted(path for path in data_dir.rglob("*") if path.is_file())
    paths = [path for path in paths if not path.name.endswith(_NOT_READ)]
    path = randoms.choice([path for path in paths if path.stat().st_size])
    data = bytearray(path.read_bytes())
    place = randoms.randrange(len(data))
    kind = randoms.choice(["flip", "flip", "cut", "zeros", "exchange"])
    if kind == "flip":
        bit = randoms.randrange(8)
        data[place] ^= 1 << bit
        kind = f"bit {bit} of byte {place} flipped"
    elif kind == "cut":
        del data[place:]
        kind = f"cut to {place} bytes"
    elif kind == "zeros":
        size = min(len(data) - place, randoms.choice([1, 8, 512, 4_096]))
        data[place : place + size] = bytes(size)
        kind = f"{size} zeros at {place}"
    else:
        alike = [each for each in paths if each.stat().st_size == len(data) and each != path]
        if alike:
            other = randoms.choice(alike)
            data = bytearray(other.read_bytes())
            other.write_bytes(path.read_bytes())
            kind = f"exchanged with {other.relative_to(data_dir)}"
    path.unlink()  # it may be the same file in two folders
    path.write_bytes(data)
    return f"{path.relative_to(data_dir)}: {kind}"


def _without_scores(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {name: _without_scores(each) for name, each in answer.items() if name != "score"}
    return [_without_scores(each) for each in answer] if isinstance(answer, list) else answer


@pytest.mark.soak
@pytest.mark.parametrize("options", [[], ["--large"]], ids=["small", "large"])
def test_damage_changes_no_answer(sound: IndexedShelf, tmp_path: Path, options: list[str]) -> None:
    with closing(_Answering(sound.spec, tmp_path, *options)) as asked:
        _compare(sound, tmp_path, asked)


def _compare(sound: IndexedShelf, tmp_path: Path, asked: _Answering) -> None:
    untouched = asked.ask(shutil.copytree(sound.data_dir, tmp_path / "sound"))
    assert untouched["warnings"] == []
    # Where books were removed, tantivy's statistics still count them; built anew they do not.
    anew = shutil.copytree(sound.data_dir, tmp_path / "anew")
    for path in anew.rglob("book_numbers"):
        path.write_bytes(b"")
    rebuilt = asked.ask(anew)
    assert rebuilt["warnings"]
    assert _without_scores(rebuilt["answers"]) == _without_scores(untouched["answers"])
    randoms = random.Random(SEED)
    for number in range(share_of(_DAMAGES)):
        data_dir = shutil.copytree(sound.data_dir, tmp_path / str(number))
        damage = _damage(data_dir, randoms)
        found = asked.ask(data_dir)
        if found["generation"] == untouched["generation"]:
            assert found["answers"] == untouched["answers"], damage
        else:
            assert found["answers"] in (untouched["answers"], rebuilt["answers"]), damage
            assert found["warnings"], damage
        shutil.rmtree(data_dir)
