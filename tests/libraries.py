"""Libraries for tests: small ones, and such as are indexed once for all processes of a run."""

import fcntl
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from gutenberg_explorer import corpus
from gutenberg_explorer.corpus import Progress, Shelf, no_progress
from gutenberg_explorer.index import IndexStore, Library


def library_of(spec: str, data_dir: Path, progress: Progress = no_progress) -> Library:
    """Return the library of a shelf in a data directory."""

    def shelf_of(spec: str) -> Shelf:
        return corpus.shelf_of(spec, corpus.Sources(data_dir, "", ""), progress)

    return Library(IndexStore(data_dir), [shelf_of(spec)], shelf_of, progress)


def small_books(folder: Path) -> Path:
    """Write three small books to `folder`, which is returned."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "whale": "[The Whale by Ann Sea 1850]\n\nThe white whale swims. The whale sings of love.",
        "garden": "[A Garden by Bob Rose 1901]\n\nLove grows in the garden; the garden is white.",
        "storm": "[Storm by Ann Sea 1870]\n\nA storm came over the sea and took the ship away.",
    }
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text + "\n")
    return folder


def made_once(folder: Path, make: Callable[[Path], object]) -> Path:
    """Return `folder`, which is filled by `make` in the first process of a run that asks for it.

    The others wait until it is filled. Nobody may change it.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    done = folder.with_name(f"{folder.name}.done")
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)  # where `make` failed before
            folder.mkdir()
            make(folder)
            done.touch()
    return folder


@dataclass(frozen=True)
class IndexedShelf:
    """A shelf, a folder or a zip, and a data directory with its index. Not to be changed."""

    shelf: Path
    data_dir: Path

    @classmethod
    def once(cls, shelf: Path, data_dir: Path) -> Self:
        """Return a shelf that is indexed by the first process of a run that asks for it."""
        library = library_of(f"directory:{shelf}", data_dir)
        return cls(shelf, made_once(data_dir, lambda _: library.build()))

    @property
    def spec(self) -> str:
        """The setting that means the shelf."""
        return f"directory:{self.shelf}"

    def copy_to(self, data_dir: Path) -> Path:
        """Return `data_dir`, given a copy of the index that may be changed."""
        shutil.copytree(self.data_dir / "index", data_dir / "index")
        return data_dir

    def environment(self, data_dir: Path) -> dict[str, str]:
        """Return the variables of a process that serves the shelf from a copy in `data_dir`."""
        return {
            "GUTENBERG_EXPLORER_DATA_DIR": str(self.copy_to(data_dir)),
            "GUTENBERG_EXPLORER_SHELF": self.spec,
        }
