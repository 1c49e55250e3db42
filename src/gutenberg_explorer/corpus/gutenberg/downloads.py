"""Downloaded books and what is known of them: `pgID.txt`, and `pgID.json` beside it."""

import hashlib
import json
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from gutenberg_explorer.corpus.book import Metadata, UnreadableBook
from gutenberg_explorer.corpus.printable import printable
from gutenberg_explorer.corpus.reading import read_file, real_path
from gutenberg_explorer.disk_errors import naming


def write_json(path: Path, value: object) -> None:
    """Write `value` to `path`, which is never half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with naming(path):
        part.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        part.replace(path)


def read_json(path: Path) -> object:
    """Return what `write_json` wrote; None where there is nothing, or something else."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def digest(path: Path) -> str:
    """Return a file's SHA-256, in hexadecimal digits. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_checked(path: Path, sha256: str) -> bytes:
    """Return a downloaded file. Raises UnreadableBook where it is not what was downloaded."""
    data = read_file(real_path(path))
    if hashlib.sha256(data).hexdigest() != sha256:
        raise UnreadableBook(
            f"its checksum differs from the download: delete {printable(path)} and build the "
            "index again"
        )
    return data


class Kept(BaseModel):
    """A downloaded book: from where and when, its size in bytes and SHA-256, and what it is.

    A book that is known not to be free has neither: it was not downloaded.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    url: str
    fetched: str
    bytes: int
    sha256: str
    title: str | None
    author: str | None
    language: str
    rights: str | None

    @classmethod
    def load(cls, path: Path) -> Self | None:
        """Return what was saved at `path`; None where that can't be read."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            return None

    def save(self, path: Path) -> None:
        """Write this to `path`. Raises OSError."""
        write_json(path, self.model_dump())

    def metadata(self, url: str) -> Metadata:
        """Return what is known of the book, whose page is at `url`."""
        return Metadata(
            self.title, self.author, language=self.language, rights=self.rights, url=url
        )

    def is_whole(self, text: Path) -> bool:
        """Return whether the book lies at `text`, going by its size; or needs not."""
        if not self.sha256:
            return True
        try:
            return text.stat().st_size == self.bytes
        except OSError:
            return False
