"""The store's file: its tables, how it is opened, and what is done with one that is no use."""

import contextlib
import errno
import logging
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gutenberg_explorer.signals.traces import parents, store_time

VERSION: Final = 1

Identity = tuple[int, int]
"""What tells a file from a later one of the same name: its device and inode."""

_LOG = logging.getLogger(__name__)
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_WAL_BYTES: Final = 16 * 1024 * 1024
# The write-ahead log and its index belong to the file: left behind, they would be read into the
# next one of that name.
_SUFFIXES: Final = ("-wal", "-shm", "")
_ASIDE: Final = ".old"

# `spans` is clustered by trace, so that reading and deleting a trace touch neighbouring pages.
# Its index serves the list of operations, the search by operation and the unused origins.
_TABLES: Final = """
CREATE TABLE origins (
    id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, service TEXT NOT NULL, data BLOB NOT NULL
);
CREATE TABLE traces (
    id INTEGER PRIMARY KEY, trace_id BLOB NOT NULL UNIQUE,
    start_ns INTEGER NOT NULL, end_ns INTEGER NOT NULL,
    spans INTEGER NOT NULL, dropped INTEGER NOT NULL, touched_ns INTEGER NOT NULL
);
CREATE INDEX traces_by_start ON traces (start_ns);
CREATE INDEX traces_by_touch ON traces (touched_ns);
CREATE TABLE spans (
    trace INTEGER NOT NULL, span_id BLOB NOT NULL, origin INTEGER NOT NULL,
    name TEXT NOT NULL, kind INTEGER NOT NULL, start_ns INTEGER NOT NULL, end_ns INTEGER NOT NULL,
    error INTEGER NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (trace, span_id)
) WITHOUT ROWID;
CREATE INDEX spans_by_origin ON spans (origin, trace, name, kind);
"""

# This index, this column and the table `clock` came later. They are made in a file that has none:
# nothing else about the file changes.
_ERROR_INDEX: Final = "spans_with_error"
_CONFLICTING: Final = "conflicting"
"""How many spans of a trace were left out because their ids were taken."""


class _UnusableError(Exception):
    """The file is of another version, or not a store at all."""


def is_damage(error: sqlite3.Error) -> bool:
    """Return whether `error` says that the file itself is broken."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED


def sentence(error: sqlite3.Error) -> str:
    """Return what went wrong; where SQLite says only that, in the system's words."""
    code = getattr(error, "sqlite_errorcode", 0)
    return os.strerror(errno.ENOSPC) if code & 0xFF == sqlite3.SQLITE_FULL else str(error)


def connect(path: Path, busy_timeout: float) -> sqlite3.Connection:
    """Return a connection in autocommit mode that any one thread at a time may use."""
    connection = sqlite3.connect(
        path, timeout=busy_timeout, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA synchronous=NORMAL")
        # What is deleted is overwritten: traces hold what readers have typed.
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute(f"PRAGMA journal_size_limit={_WAL_BYTES}")
        parents.register(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def empty_log(connection: sqlite3.Connection, busy_timeout: float = 0.0) -> bool:
    """Write the write-ahead log back to the file and leave it empty; return whether that was done.

    Until then it still holds what has been deleted from the file. It can't be emptied while another
    connection reads from it, for which `busy_timeout` seconds are waited.
    """
    (before,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute(f"PRAGMA busy_timeout={round(busy_timeout * 1000)}")
    try:
        (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout={before}")
    return not busy


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection, mode: str) -> Iterator[None]:
    """Commit what happens inside, or none of it. `mode`: DEFERRED to read, IMMEDIATE to write."""
    connection.execute(f"BEGIN {mode}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # The first error tells more than a rollback that fails as well.
        with contextlib.suppress(sqlite3.Error):
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        raise


def open_store(
    path: Path, busy_timeout: float, broken: Identity | None = None
) -> tuple[sqlite3.Connection, Identity | None]:
    """Return a connection to the store at `path` and the identity of its file.

    The file is created when there is none that can be used. `broken` is the identity of a file
    that turned out to be damaged: it is set aside if it is still the one at `path`. Raises OSError
    or sqlite3.Error.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _alone(path, busy_timeout):
        if broken is not None and identity(path) == broken:
            _set_aside(path, "damaged")
        try:
            return _prepare(path, busy_timeout), identity(path)
        except _UnusableError as error:
            _set_aside(path, str(error))
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            _set_aside(path, "damaged")
        return _prepare(path, busy_timeout), identity(path)


def identity(path: Path) -> Identity | None:
    """Return the identity of the file at `path`, None when there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


@contextlib.contextmanager
def _alone(path: Path, busy_timeout: float) -> Iterator[None]:
    """Keep out every other process that is opening the same store.

    The lock is an empty database of its own: it works on every platform, and a process that dies
    lets go of it.
    """
    with contextlib.closing(
        sqlite3.connect(
            path.with_name(path.name + ".lock"), timeout=busy_timeout, isolation_level=None
        )
    ) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            lock.execute("ROLLBACK")


def _prepare(path: Path, busy_timeout: float) -> sqlite3.Connection:
    connection = connect(path, busy_timeout)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        found = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if version == 0 and not found:
            with transaction(connection, "IMMEDIATE"):
                for statement in _TABLES.split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version={VERSION}")
        elif version != VERSION or not {"origins", "traces", "spans"} <= found:
            raise _UnusableError(f"of version {version}, not {VERSION}")
        if _ERROR_INDEX not in found:
            connection.execute(
                f"CREATE INDEX IF NOT EXISTS {_ERROR_INDEX} ON spans (trace) WHERE error"
            )
        if "clock" not in found:
            connection.execute(store_time.TABLE)
        if not _has_conflicting(connection):
            with transaction(connection, "IMMEDIATE"):
                # Another process may have been faster.
                if not _has_conflicting(connection):
                    connection.execute(
                        f"ALTER TABLE traces ADD COLUMN {_CONFLICTING} INTEGER NOT NULL DEFAULT 0"
                    )
        # Reads the root page of each table.
        connection.execute(
            "SELECT (SELECT count(*) FROM (SELECT 1 FROM origins LIMIT 1)),"
            " (SELECT count(*) FROM (SELECT 1 FROM traces LIMIT 1)),"
            " (SELECT count(*) FROM (SELECT 1 FROM spans LIMIT 1))"
        ).fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _has_conflicting(connection: sqlite3.Connection) -> bool:
    return _CONFLICTING in {row[1] for row in connection.execute("PRAGMA table_info(traces)")}


def remove_set_aside(path: Path) -> None:
    """Remove the file that was set aside, if there is one. Raises OSError."""
    for suffix in _SUFFIXES:
        path.with_name(f"{path.name}{_ASIDE}{suffix}").unlink(missing_ok=True)


def _set_aside(path: Path, reason: str) -> None:
    aside = path.with_name(path.name + _ASIDE)
    _LOG.warning("The trace store %s is %s. It is moved to %s", path, reason, aside)
    for suffix in _SUFFIXES:
        source = path.with_name(path.name + suffix)
        if source.exists():
            source.replace(aside.with_name(aside.name + suffix))
