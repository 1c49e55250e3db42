"""The files: a folder for each kind, a file for each object, whose name is its key.

`variables.json` holds texts that stand in many files as `${name}`. `${slo:KEY}` and
`${monitor:KEY}` stand for the ids that Datadog gives to other objects.
"""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from gutenberg_explorer.datadog.kinds import KINDS, DatadogError, Kind, Object

VARIABLES = "variables.json"
_PLACE = re.compile(r"\$\{([\w:-]+)\}")
_KEY = re.compile(r"[a-z0-9][a-z0-9-]*")

Ids = Mapping[tuple[str, str], str]
"""The ids that Datadog has given, by kind and key."""


def text(thing: Object) -> str:
    """Return an object as its file has it."""
    return json.dumps(thing, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    """Return a value with each text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_mapped(each, change) for each in value]
    if isinstance(value, dict):
        return {name: _mapped(each, change) for name, each in value.items()}
    return value


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DatadogError(f"{path}: is not valid JSON ({error})") from None


class Folder:
    """A folder of such files.

    Raises DatadogError when there is none, or when a file in it can't be read.
    """

    def __init__(self, path: Path) -> None:
        if not (path / VARIABLES).is_file():
            raise DatadogError(
                f"{path} contains no {VARIABLES}: name the folder of the files with --folder, "
                "such as deploy/datadog of a checkout."
            )
        self.path = path
        self._variables: dict[str, str] = _read(path / VARIABLES)
        self.things: dict[tuple[str, str], Object] = {}
        """The objects as the files have them, by kind and key."""
        for kind in KINDS:
            for file in sorted((path / kind.folder).glob("*.json")):
                if not _KEY.fullmatch(file.stem):
                    raise DatadogError(
                        f"{file}: a name contains only lower-case letters, digits and hyphens"
                    )
                self.things[kind.name, file.stem] = _read(file)

    def filled_in(self, kind: Kind, key: str, ids: Ids) -> Object:
        """Return an object with its variables, and with those ids that are known.

        Raises DatadogError for what is neither a variable nor another object's id.
        """

        def meaning(place: re.Match[str]) -> str:
            name = place[1]
            if name in self._variables:
                return self._variables[name]
            other = tuple(name.split(":", 1))
            if len(other) == 2 and other in self.things:
                return ids.get((other[0], other[1]), place[0])
            raise DatadogError(f"{self.file(kind, key)}: there is no {place[0]}")

        filled: Object = _mapped(
            self.things[kind.name, key], lambda told: _PLACE.sub(meaning, told)
        )
        return filled

    def _emptied(self, thing: Object, ids: Ids) -> Object:
        """Return an object with `${…}` in the place of ids and of variables' texts."""
        places = {told: f"${{{kind}:{key}}}" for (kind, key), told in ids.items()}
        places |= {told: f"${{{name}}}" for name, told in self._variables.items() if told}

        def emptied(told: str) -> str:
            for value in sorted(places, key=len, reverse=True):
                told = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", places[value], told)
            return told

        shown: Object = _mapped(thing, emptied)
        return shown

    def file(self, kind: Kind, key: str) -> Path:
        """Return where an object's file is, or will be."""
        return self.path / kind.folder / f"{key}.json"

    def write(self, kind: Kind, key: str, live: Object, ids: Ids) -> None:
        """Write an object, in its normal form, into its file."""
        file = self.file(kind, key)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text(self._emptied(live, ids)), encoding="utf-8")
