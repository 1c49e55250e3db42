"""What the reader has added and removed by hand. It holds for all libraries of a data directory.

The choices lie in `choices.json`, and once more in `choices.copy.json`. Each index records the
choices that it was made with, so if both files are lost they are taken from the newest index.
"""

import json
import logging
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from gutenberg_explorer.index.checked_json import read_checked, write_checked

logger = logging.getLogger(__name__)

_OLD = re.compile(rb'\{"format":[1-4],')


class Choices(BaseModel):
    """The shelves that were added, as settings, and the ids of the books that were removed."""

    model_config = ConfigDict(frozen=True)

    added: tuple[str, ...] = ()
    removed: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Return whether there are any."""
        return bool(self.added or self.removed)


def choices_in(manifest: object) -> Choices:
    """Return the choices that a manifest records. Raises ValueError.

    It may be the manifest of another version.
    """
    try:
        added = [entry["spec"] for entry in manifest["added"]]  # type: ignore[index]
        removed = manifest["removed"]  # type: ignore[index]
        return Choices(added=tuple(added), removed=frozenset(removed))
    except (TypeError, KeyError):
        raise ValueError("the manifest records no choices") from None


class ChoicesFile:
    """The choices of a data directory; `manifests` returns the manifests of the indexes there.

    Writers hold the lock of the index.
    """

    def __init__(self, data_dir: Path, manifests: Callable[[], Iterable[Path]]) -> None:
        self._path = data_dir / "choices.json"
        self._copy = data_dir / "choices.copy.json"
        self._manifests = manifests

    def read(self, *, notice: bool = True) -> Choices:
        """Return the choices. Damage costs none of them, and is logged with `notice`."""
        problems = []
        for path in (self._path, self._copy):
            try:
                choices = Choices.model_validate_json(read_checked(path))
            except FileNotFoundError:
                continue
            except (OSError, ValueError) as error:
                problems.append(f"{path} can't be read ({_reason(error)}).")
                continue
            if problems and notice:
                logger.warning("%s The copy of it is used.", problems[0])
            return choices
        recorded = self._recorded()
        if problems and notice:
            logger.warning(
                "%s %s",
                " ".join(problems),
                "No index records them: nothing counts as added or removed by hand."
                if recorded is None
                else "What was added and removed by hand is taken from the newest index.",
            )
        return recorded or Choices()

    def write(self, choices: Choices) -> None:
        """Replace the choices. Raises OSError."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"added": choices.added, "removed": sorted(choices.removed)})
        for path in (self._path, self._copy):
            write_checked(path, text)

    def settle(self) -> Choices:
        """Return the choices, and write them anew where a file of them is damaged or missing.

        Raises OSError.
        """
        choices = self.read(notice=False)
        # Where all is lost, the damaged files stay as they are.
        if choices and self.damage(missing=True):
            self.write(choices)
        return choices

    def damage(self, *, missing: bool = False) -> list[str]:
        """Return what is wrong with the files, a sentence each; `missing` ones only if asked."""
        found = []
        for path in (self._path, self._copy):
            try:
                Choices.model_validate_json(read_checked(path))
            except FileNotFoundError:
                if missing:
                    found.append(f"{path} is missing.")
            except (OSError, ValueError) as error:
                found.append(f"{path} can't be read ({_reason(error)}).")
        return found

    def _recorded(self) -> Choices | None:
        """Return the choices that the newest manifest records, None if no manifest can be read."""
        found = []
        for path in self._manifests():
            with suppress(OSError, ValueError, RecursionError):
                data = path.read_bytes()
                # Those before format 5 have no checksum.
                old = _OLD.match(data)
                manifest = json.loads(data if old else read_checked(path))
                found.append((str(manifest.get("created")), choices_in(manifest)))
        return max(found, key=lambda each: each[0])[1] if found else None


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    # A ValidationError takes several lines.
    return str(error) if type(error) is ValueError else type(error).__name__
