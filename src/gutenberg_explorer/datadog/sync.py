"""Comparing the files with Datadog, and making one like the other. Nothing is ever deleted."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from gutenberg_explorer.datadog.api import Datadog, Live
from gutenberg_explorer.datadog.folder import Folder
from gutenberg_explorer.datadog.kinds import KINDS, DatadogError, Kind
from gutenberg_explorer.datadog.schema import problems

_MISSING = object()


@dataclass(frozen=True)
class Change:
    """What is to be done, or was done, with an object; `lines` say which of its fields differ."""

    action: Literal["create", "update", "keep", "stray"]
    kind: str
    key: str
    lines: tuple[str, ...] = ()


def _check(folder: Folder) -> None:
    """Raise DatadogError for a file that Datadog would not know."""
    for kind in KINDS:
        for key in _keys(folder, kind):
            if wrong := problems(kind, folder.filled_in(kind, key, {})):
                raise DatadogError(f"{folder.file(kind, key)}: {'; '.join(wrong)}")


def plan(folder: Folder, datadog: Datadog) -> Iterator[Change]:
    """Yield what `apply` would do."""
    return _compared(folder, datadog, applied=False)


def apply(folder: Folder, datadog: Datadog) -> Iterator[Change]:
    """Make Datadog's objects like the files, yielding each change once it is made."""
    return _compared(folder, datadog, applied=True)


def _compared(folder: Folder, datadog: Datadog, applied: bool) -> Iterator[Change]:
    _check(folder)
    live = {kind.name: datadog.objects(kind) for kind in KINDS}
    ids = _ids(live)
    for kind in KINDS:
        for key in _keys(folder, kind):
            wanted = kind.normal(folder.filled_in(kind, key, ids))
            there = live[kind.name].get(key)
            if there is None:
                if applied:
                    ids[kind.name, key] = datadog.create(kind, key, wanted)
                yield Change("create", kind.name, key)
                continue
            lines = tuple(differences(kind.normal(there.thing), wanted))
            if lines and applied:
                datadog.update(kind, key, there, wanted)
            yield Change("update" if lines else "keep", kind.name, key, lines)
        for key in sorted(set(live[kind.name]) - set(_keys(folder, kind))):
            yield Change("stray", kind.name, key)


def export(folder: Folder, datadog: Datadog) -> Iterator[Change]:
    """Make the files like Datadog's objects, yielding what was done with each file."""
    live = {kind.name: datadog.objects(kind) for kind in KINDS}
    ids = _ids(live)
    for kind in KINDS:
        for key, there in sorted(live[kind.name].items()):
            new = kind.normal(there.thing)
            if (kind.name, key) not in folder.things:
                folder.write(kind, key, new, ids)
                yield Change("create", kind.name, key)
                continue
            lines = tuple(differences(kind.normal(folder.filled_in(kind, key, ids)), new))
            if lines:
                folder.write(kind, key, new, ids)
            yield Change("update" if lines else "keep", kind.name, key, lines)
        for key in sorted(set(_keys(folder, kind)) - set(live[kind.name])):
            yield Change("stray", kind.name, key)


def _keys(folder: Folder, kind: Kind) -> list[str]:
    return [key for name, key in folder.things if name == kind.name]


def _ids(live: dict[str, dict[str, Live]]) -> dict[tuple[str, str], str]:
    return {(kind, key): each.id for kind, found in live.items() for key, each in found.items()}


def differences(old: Any, new: Any, place: str = "") -> Iterator[str]:
    """Yield a line for each field that differs, with its place and both values."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted({*old, *new}):
            inner = f"{place}.{name}" if place else name
            yield from differences(old.get(name, _MISSING), new.get(name, _MISSING), inner)
    elif isinstance(old, list) and isinstance(new, list):
        for number in range(max(len(old), len(new))):
            inner = f"{place}[{number}]"
            yield from differences(
                old[number] if number < len(old) else _MISSING,
                new[number] if number < len(new) else _MISSING,
                inner,
            )
    elif old is _MISSING:
        yield f"+ {place}: {new!r}"
    elif new is _MISSING:
        yield f"- {place}: {old!r}"
    elif old != new:
        yield f"~ {place}: {old!r} → {new!r}"
