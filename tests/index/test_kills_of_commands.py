"""Kills of two commands at once, at random moments, lose no book and no choice of the reader's."""

import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gutenberg_explorer.index import Library, UnusableIndex, prune
from gutenberg_explorer.index.manifest import read_manifest
from gutenberg_explorer.index.reader import Index
from tests.index.killing import FIRST, MORE, Books, run_commands
from tests.libraries import library_of
from tests.soak import SEED, share_of

pytestmark = [pytest.mark.peers, pytest.mark.soak]

KILLS = share_of(60)
SHELVES = {"first": {*FIRST}, "more": {*MORE}}
GONE = FIRST[0]
COMMANDS = (
    ["serve", "--port", "0"],
    ["index", "build"],
    ["index", "prune"],
    ["corpus", "add", "directory:extra"],
    ["corpus", "remove", GONE],
    ["corpus", "update"],
    ["search", "white whale"],
)
# About as long as the longest takes when it is not killed, in seconds.
LONGEST = 1.5


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory where there is one: kills lose nothing that was written, synced or not."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(
        dir=memory if memory.is_dir() else None, ignore_cleanup_errors=True
    ) as name:
        yield Path(name)


@dataclass
class Reader:
    """A reader with two shelves and one more to be added, and what is known to have been done."""

    folder: Path
    has_added: bool = False
    has_removed: bool = False
    published: set[str] = field(default_factory=set)

    def library(self, shelf: str) -> Library:
        """Return the library of a shelf."""
        return library_of(f"directory:{self.folder / shelf}", self.folder / "data")

    def run_two(self, chance: random.Random) -> None:
        """Run two commands, each killed at a random moment, and note what they have done."""
        shelf = chance.choice([*SHELVES])
        commands = [(chance.choice(COMMANDS), chance.random() * LONGEST) for _ in range(2)]
        environment = {
            "GUTENBERG_EXPLORER_DATA_DIR": str(self.folder / "data"),
            "GUTENBERG_EXPLORER_SHELF": f"directory:{self.folder / shelf}",
        }
        codes = run_commands(
            [
                ([each.replace("extra", str(self.folder / "extra")) for each in command], moment)
                for command, moment in commands
            ],
            environment,
        )
        for (command, _), code in zip(commands, codes, strict=True):
            # There may be no library yet, and what has been removed is not removed again.
            assert code in (
                {None, 0, 1} if command[1] == "remove" or command[0] == "search" else {None, 0}
            )
            if command[1] == "prune":  # the other library may be one that nobody uses
                self.published &= {shelf}
            self.has_added |= code == 0 and command[1] == "add"
            self.has_removed |= code == 0 and command[1] == "remove"

    def check(self) -> None:
        """Check what the kills have left: each library is whole, and has all that it had."""
        choices = self.library("first").store.choices
        assert choices.damage() == []
        made = choices.read()
        assert made.removed <= {GONE}
        if self.has_removed:
            assert made.removed == {GONE}
        assert bool(made.added) >= self.has_added
        for shelf, books in SHELVES.items():
            try:
                index, damage = self.library(shelf).folder().open()
            except UnusableIndex:
                assert shelf not in self.published
                continue
            assert damage is None or "CURRENT is missing" in damage
            found = _whole(index)
            assert found <= books | {"extra"}
            if index.manifest.is_complete:
                self.published.add(shelf)
            if shelf in self.published:
                assert found >= books - {GONE}

    def go_on(self) -> None:
        """Check that the libraries become what the choices say."""
        made = self.library("first").store.choices.read()
        extra = {"extra"} if made.added else set()
        for shelf, books in SHELVES.items():
            index, _ = self.library(shelf).open_or_build()
            assert _whole(index) == (books | extra) - made.removed
            self.published.add(shelf)
        store = self.library("first").store
        assert prune(store, [f"directory:{self.folder / shelf}" for shelf in SHELVES]) == []
        assert not [*store.folder.glob("unfinished-*")]
        manifests = [*store.folder.glob("libraries/*/*/manifest.json")]
        named = {entry.name for path in manifests for entry in read_manifest(path.parent).segments}
        assert {path.name for path in (store.folder / "segments").iterdir()} == named


def _whole(index: Index) -> set[str]:
    assert index.damage() == []
    for number, book in enumerate(index.books):
        assert f"whale of {book.id} swims on day 1." in index.text(number, 0, 10**6)
    return {book.id for book in index.books}


def test_two_killed_commands_lose_nothing(folder: Path) -> None:
    books = Books(folder)
    books.write()
    (folder / "extra").mkdir()
    text = "The white whale of extra swims on day 1."
    (folder / "extra" / "extra.txt").write_text(text)
    reader = Reader(folder)
    for number in range(KILLS):
        chance = random.Random(SEED + number)
        reader.run_two(chance)
        reader.check()
        if chance.random() < 0.3:
            reader.go_on()
    reader.go_on()
