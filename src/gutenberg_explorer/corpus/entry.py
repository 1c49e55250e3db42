"""What lies in a folder or in a zip, before anything of it is read."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import Self

from gutenberg_explorer.corpus.book import refuse


@dataclass(frozen=True, slots=True)
class Entry:
    """A file by its name in the folder or zip, with `/` between folders.

    `version` is a number that changes when the file does. `read` returns its bytes and raises
    UnreadableBook; where `problem` says why it can't be read, that is known already. `is_folder`
    tells of a folder that can't be listed.
    """

    name: str
    size: int
    version: int
    read: Callable[[], bytes]
    problem: str = ""
    is_folder: bool = False

    @classmethod
    def refused(cls, name: str, problem: str, *, is_folder: bool = False) -> Self:
        """Return what can't be read, with the reason."""
        return cls(name, 0, 0, partial(refuse, problem), problem, is_folder)

    @property
    def path(self) -> PurePosixPath:
        """The name as a path."""
        return PurePosixPath(self.name)


def is_of_a_mac(name: str) -> bool:
    """Return whether a file is one that macOS adds to folders and zips for its own use."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or any(part.startswith("._") for part in parts)
