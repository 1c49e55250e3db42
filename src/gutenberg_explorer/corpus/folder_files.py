"""The files under a folder. Links are followed only to what lies in the folder as well."""

import os
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from gutenberg_explorer.corpus.entry import Entry, is_of_a_mac
from gutenberg_explorer.corpus.reading import read_file, real_path, why

NOT_REGULAR = "it is not a regular file"
LEADS_OUT = "it is a link that leads out of the folder: add what it leads to by its own path"


def _list(name: str, folder: Path) -> list[os.DirEntry[str]] | Entry:
    try:
        with os.scandir(folder) as listed:
            return list(listed)
    except OSError as error:
        return Entry.refused(name, why(error), is_folder=True)


def _file(name: str, path: Path, status: os.stat_result) -> Entry:
    if not stat.S_ISREG(status.st_mode):
        return Entry.refused(name, NOT_REGULAR)
    return Entry(name, status.st_size, status.st_mtime_ns, partial(read_file, path))


def _linked(name: str, target: Path, root: Path) -> Entry | None:
    """Return what a link leads to; None for a folder within `root`, which is listed anyway."""
    try:
        status = target.stat()
    except OSError as error:
        return Entry.refused(name, why(error))
    is_folder = stat.S_ISDIR(status.st_mode)
    if not target.is_relative_to(root):
        return Entry.refused(name, LEADS_OUT, is_folder=is_folder)
    return None if is_folder else _file(name, target, status)


def _walk(root: Path) -> Iterator[tuple[str, os.DirEntry[str]] | Entry]:
    """Yield the files and links under a folder with their names, and folders that can't be read."""
    pending = [("", root)]
    while pending:
        prefix, folder = pending.pop()
        listed = _list(prefix.rstrip("/"), folder)
        if isinstance(listed, Entry):
            yield listed
            continue
        for found in listed:
            if is_of_a_mac(found.name):
                continue
            if found.is_dir(follow_symlinks=False):
                pending.append((f"{prefix}{found.name}/", Path(found.path)))
            else:
                yield f"{prefix}{found.name}", found


def list_folder(folder: Path) -> list[Entry]:
    """Return the files under a folder, in the order of their names.

    Links are followed to files within the folder, each of which is listed once: by its own name
    where that ends in the same suffix as the link's. What can't be listed is among the files, with
    the reason. Raises OSError when the folder itself can't be listed.
    """
    root = real_path(folder)
    os.scandir(root).close()
    files: dict[Path, Entry] = {}
    refused: list[Entry] = []
    links: list[tuple[str, Path]] = []
    for found in _walk(root):
        if isinstance(found, Entry):
            refused.append(found)
            continue
        name, listed = found
        path = Path(listed.path)
        if listed.is_symlink():
            links.append((name, path))
            continue
        try:
            files[path] = _file(name, path, listed.stat(follow_symlinks=False))
        except OSError as error:
            refused.append(Entry.refused(name, why(error)))
    for name, path in sorted(links):
        target = real_path(path)
        known = files.get(target)
        if known and known.path.suffix.lower() == path.suffix.lower():
            continue
        entry = _linked(name, target, root)
        if entry and entry.problem:
            refused.append(entry)
        elif entry:
            files[target] = entry
    return sorted([*files.values(), *refused], key=lambda entry: entry.name)
