"""The local store of traces: one SQLite file that several threads and processes share."""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans

from gutenberg_explorer.signals.errors import StoreError
from gutenberg_explorer.signals.traces import (
    dependencies,
    queries,
    retention,
    store_time,
    summaries,
    tables,
    writing,
)
from gutenberg_explorer.signals.traces.model import (
    DEFAULT_LIMITS,
    Added,
    Dependency,
    Limits,
    Operation,
    StoredTrace,
    Summaries,
    SummaryQuery,
    TraceQuery,
    TraceSummary,
)
from gutenberg_explorer.signals.traces.rows import Batch

MAX_FOUND_SPANS = 50_000
"""`find` returns fewer traces than asked for rather than more spans than this."""

_IDLE_READERS = 8
_AGE_CHECKS = 100
_NOTE_NS = 60 * 10**9

_T = TypeVar("_T")


class TraceStore:
    """Keeps traces at `path` within `limits`, those that nothing has arrived for longest go first.

    Safe across threads; any number of processes may open the same file. A file that is damaged or
    of another version is set aside with a logged warning. `clock` gives the ns since 1970, `uptime`
    those since the machine's start, which `boot` names: see `store_time`.
    Every method raises StoreError when the file can't be reached or written just now, and works
    again once it can.
    """

    def __init__(
        self,
        path: Path,
        limits: Limits = DEFAULT_LIMITS,
        *,
        clock: Callable[[], int] = time.time_ns,
        uptime: Callable[[], int] = store_time.uptime_ns,
        boot: str | None = None,
        busy_timeout: float = 5.0,
    ) -> None:
        self._path = path
        self._limits = limits
        self._clocks = store_time.Clocks(
            clock, uptime, store_time.boot_id() if boot is None else boot
        )
        self._offset = 0
        self._noted_ns = 0
        self._busy_timeout = busy_timeout
        self._age_checked_ns: int | None = None
        # Which parts of the files may still hold what has been deleted: the log, until it is
        # emptied; the unused parts of pages that SQLite has balanced, until the file is written
        # anew. An earlier process may have left some there.
        self._log_has_deleted = False
        self._pages_have_deleted = True
        # Held while writing, and while the connections are exchanged for those of another file.
        self._write_lock = threading.Lock()
        self._pool_lock = threading.Lock()
        self._readers: list[sqlite3.Connection] = []
        self._generation = 0
        self._closed = False
        self._writer: sqlite3.Connection | None = None
        self._identity: tables.Identity | None = None
        with self._write_lock, self._as_store_error():
            self._open()

    def add(self, resource_spans: Iterable[ResourceSpans]) -> Added:
        """Store the spans in one transaction; return what became of them.

        A span that is already here stays as it is; spans without valid ids are passed over.
        """
        batch = Batch.of(resource_spans)
        if not batch.traces:
            return Added()
        with self._write_lock, self._as_store_error():
            return self._unless_damaged(lambda: self._write(batch))

    def trace(self, trace_id: bytes) -> StoredTrace | None:
        """Return the trace of that id (16 bytes), or None when it is not here."""
        oldest_ns = self._oldest_ns()
        return self._read(lambda c: queries.read_trace(c, trace_id, oldest_ns))

    def find(self, query: TraceQuery) -> list[StoredTrace]:
        """Return the traces that match, those that started last first; see MAX_FOUND_SPANS."""
        oldest_ns = self._oldest_ns()
        trace_ids = self._read(lambda c: queries.find_trace_ids(c, query, oldest_ns))
        found: list[StoredTrace] = []
        spans = 0
        for trace_id in trace_ids:
            trace = self.trace(trace_id)
            if trace is None:
                continue
            spans += trace.span_count
            if found and spans > MAX_FOUND_SPANS:
                break
            found.append(trace)
        return found

    def summarise(self, query: SummaryQuery) -> Summaries:
        """Return what a list tells of the traces that match; see MAX_SUMMARISED_SPANS."""
        now_ns = self._now_ns()
        oldest_ns = retention.oldest_ns(self._limits, now_ns)
        return self._read(lambda c: summaries.summarise(c, query, oldest_ns, now_ns))

    def summarise_found(self, query: TraceQuery) -> list[TraceSummary]:
        """Return the summaries of the traces that `find` looks for; see MAX_SUMMARISED_SPANS."""
        oldest_ns = self._oldest_ns()
        return self._read(lambda c: summaries.summarise_found(c, query, oldest_ns))

    def dependencies(self, start_ns: int, end_ns: int) -> list[Dependency]:
        """Return the calls between services in the traces under way in that time, sorted."""
        oldest_ns = self._oldest_ns()
        return self._read(lambda c: dependencies.read_dependencies(c, start_ns, end_ns, oldest_ns))

    def services(self) -> list[str]:
        """Return the names of the services that have spans here, sorted."""
        return self._read(queries.read_services)

    def operations(self, service: str, kind: str | None = None) -> list[Operation]:
        """Return the operations of `service`, sorted; of one `kind` (`server`, …) if given."""
        operations = self._read(lambda c: queries.read_operations(c, service))
        return [one for one in operations if kind is None or one.kind == kind]

    def clear(self) -> int:
        """Delete all traces, and all of them that is left in the store's files; return how many.

        Raises StoreError, also while another process goes on reading what is to be deleted.
        """
        with self._write_lock, self._as_store_error():
            writer = self._current_writer()
            with tables.transaction(writer, "IMMEDIATE"):
                gone = retention.delete_all(writer)
            writer.execute("VACUUM")
            if not tables.empty_log(writer, self._busy_timeout):
                raise StoreError(f"the trace store {self._path} is being read: try again")
            tables.remove_set_aside(self._path)
        return gone

    def close(self) -> None:
        """Close the file. Any later call raises StoreError; closing again does nothing."""
        with self._write_lock:
            self._closed = True
            self._drop_connections()

    def _write(self, batch: Batch) -> Added:
        writer = self._current_writer()
        now_ns = self._now_ns()
        check_age = self._age_check_is_due(now_ns)
        is_first_check = self._age_checked_ns is None
        try:
            with tables.transaction(writer, "IMMEDIATE"):
                added = writing.write(writer, batch, self._limits, now_ns)
                gone = retention.enforce_age(writer, self._limits, now_ns) if check_age else 0
                gone += retention.enforce_size(writer, self._limits)
                if now_ns >= self._noted_ns + _NOTE_NS:
                    store_time.note(writer, self._clocks, self._offset)
                    self._noted_ns = now_ns
        except sqlite3.Error:
            if writer.in_transaction:
                # The rollback failed too: nothing more can be done on this connection.
                writer.close()
                self._writer = None
            raise
        if check_age:
            self._age_checked_ns = now_ns
        if gone:
            self._log_has_deleted = self._pages_have_deleted = True
        # Without room on the disk that fails, and is tried again.
        with contextlib.suppress(sqlite3.Error):
            if check_age and self._pages_have_deleted and not is_first_check:
                writer.execute("VACUUM")
                self._pages_have_deleted, self._log_has_deleted = False, True
            if self._log_has_deleted:
                self._log_has_deleted = not tables.empty_log(writer)
        return added

    def _current_writer(self) -> sqlite3.Connection:
        """Return the writer of the file at the path, which another process may have replaced."""
        if self._writer is None or self._identity != tables.identity(self._path):
            self._open()
        assert self._writer is not None
        return self._writer

    def _age_check_is_due(self, now_ns: int) -> bool:
        last_ns = self._age_checked_ns
        period_ns = (now_ns - retention.oldest_ns(self._limits, now_ns)) // _AGE_CHECKS
        return last_ns is None or not last_ns <= now_ns < last_ns + period_ns

    def _oldest_ns(self) -> int:
        return retention.oldest_ns(self._limits, self._now_ns())

    def _now_ns(self) -> int:
        return self._clocks.uptime() + self._offset

    def _read(self, read: Callable[[sqlite3.Connection], _T]) -> _T:
        with self._as_store_error():
            if self._identity != tables.identity(self._path):
                with self._write_lock:
                    self._current_writer()
            try:
                with self._reader() as connection:
                    return read(connection)
            except sqlite3.DatabaseError as error:
                if not tables.is_damage(error):
                    raise
            with self._write_lock:
                self._open(broken=self._identity)
            with self._reader() as connection:
                return read(connection)

    @contextlib.contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that nobody else uses meanwhile."""
        with self._pool_lock:
            if self._closed:
                raise StoreError("the trace store is closed")
            generation = self._generation
            connection = self._readers.pop() if self._readers else None
        if connection is None:
            connection = tables.connect(self._path, self._busy_timeout)
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        with self._pool_lock:
            if generation == self._generation and len(self._readers) < _IDLE_READERS:
                self._readers.append(connection)
                return
        connection.close()

    def _unless_damaged(self, write: Callable[[], _T]) -> _T:
        try:
            return write()
        except sqlite3.DatabaseError as error:
            if not tables.is_damage(error):
                raise
        self._open(broken=self._identity)
        return write()

    def _open(self, broken: tables.Identity | None = None) -> None:
        """Open the file anew; one that is `broken` is set aside, and another takes its place."""
        if self._closed:
            raise StoreError("the trace store is closed")
        self._drop_connections()
        writer, identity = tables.open_store(self._path, self._busy_timeout, broken)
        try:
            self._synchronise(writer)
        except sqlite3.Error as error:
            writer.close()
            if not tables.is_damage(error):
                raise
            writer, identity = tables.open_store(self._path, self._busy_timeout, identity)
            self._synchronise(writer)
        self._writer, self._identity = writer, identity

    def _synchronise(self, writer: sqlite3.Connection) -> None:
        offset = store_time.known_offset(writer, self._clocks)
        if offset is None:
            with tables.transaction(writer, "IMMEDIATE"):
                offset = store_time.synchronise(writer, self._clocks)
        self._offset = offset
        self._noted_ns = self._now_ns()

    def _drop_connections(self) -> None:
        with self._pool_lock:
            idle, self._readers = self._readers, []
            self._generation += 1
        for connection in idle:
            connection.close()
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    @contextlib.contextmanager
    def _as_store_error(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(f"the trace store {self._path}: {tables.sentence(error)}") from error
        except OSError as error:
            raise StoreError(f"the trace store {self._path}: {error}") from error
