"""The members of a zip, each read as a stream of bounded length, whatever the zip claims of it."""

import bz2
import io
import lzma
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, cast

from gutenberg_explorer.corpus.book import UnreadableBook
from gutenberg_explorer.corpus.entry import Entry, is_of_a_mac
from gutenberg_explorer.corpus.reading import (
    MAX_BOOK_BYTES,
    open_regular,
    real_path,
    too_large,
    why,
)

# The list of a zip's members takes thirty times as much memory. One with all of Project Gutenberg
# has 7 MB.
_MAX_LIST_BYTES = 8 * 1024 * 1024
# zipfile's decompressor for LZMA takes all that it is given, so it is a little each time.
_CHUNK = 4096

_LISTED = struct.Struct("<4s4B4H3L5H2L")
_LISTED_SIGNATURE = b"PK\x01\x02"
_LOCAL = struct.Struct("<4s22x2H")
_LOCAL_SIGNATURE = b"PK\x03\x04"
_UTF_8_FLAG, _ENCRYPTED_FLAG = 0x800, 0x1
_LATEST_VERSION = 63
_ZIP64, _UNICODE_NAME = 0x0001, 0x7075
_UNKNOWN_EXTRA = 0xFFFF

_FAULTS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, RuntimeError,
    NotImplementedError, ValueError, MemoryError,
)  # fmt: skip


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_sound(extra: bytes, needed: int) -> bool:
    """Return whether extra fields are whole; one of ZIP64 has `needed` bytes at least."""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<2H", extra)
        body = extra[4 : 4 + length]
        if len(body) < length or (kind == _ZIP64 and length < needed):
            return False
        if kind == _UNICODE_NAME and not _is_utf_8(body[5:]):
            return False
        extra = extra[4 + length :]
    return True


def _repaired(listed: bytes) -> bytes:
    """Return a list of members without those faults of one for which zipfile refuses them all."""
    data, at = bytearray(listed), 0
    while listed[at : at + 4] == _LISTED_SIGNATURE and at + _LISTED.size <= len(listed):
        fields = _LISTED.unpack_from(listed, at)
        flags, packed, size, offset = fields[5], fields[10], fields[11], fields[18]
        name_length, extra_length, comment_length = fields[12:15]
        name_end = at + _LISTED.size + name_length
        if flags & _UTF_8_FLAG and not _is_utf_8(listed[at + _LISTED.size : name_end]):
            data[at + 9] &= ~(_UTF_8_FLAG >> 8)
        data[at + 6] = min(data[at + 6], _LATEST_VERSION)
        wide = sum(value == 0xFFFFFFFF for value in (packed, size, offset))
        if extra_length and not _is_sound(listed[name_end : name_end + extra_length], 8 * wide):
            room = max(0, extra_length - 4)
            neutral = struct.pack("<2H", _UNKNOWN_EXTRA, room)[:extra_length]
            data[name_end : name_end + len(neutral)] = neutral
        at = name_end + extra_length + comment_length
    return bytes(data)


class _ZipFile(io.RawIOBase):
    """A zip's file as zipfile may read it: its list of members has a bounded length."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        if size > _MAX_LIST_BYTES:
            raise zipfile.BadZipFile(f"its list of files has more than {_MAX_LIST_BYTES} bytes")
        data = self._file.read(_MAX_LIST_BYTES if size < 0 else size) or b""
        return _repaired(data) if data.startswith(_LISTED_SIGNATURE) else data


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    with open_regular(path) as file, zipfile.ZipFile(_ZipFile(file)) as archive:
        yield archive


@dataclass(frozen=True, slots=True)
class _Member:
    """Where a member's data are, and what the zip says of them."""

    offset: int
    method: int
    packed: int
    size: int
    crc: int


def _stream(file: BinaryIO, member: _Member) -> BinaryIO:
    """Return a member's data as a stream, which has them in memory in small parts."""
    info = zipfile.ZipInfo()
    info.compress_size = info.file_size = member.packed
    if member.method == zipfile.ZIP_BZIP2:
        # zipfile's own stream takes all that a part becomes, which may be a million times as much.
        return cast("BinaryIO", bz2.BZ2File(zipfile.ZipExtFile(file, "r", info)))
    info.compress_type, info.file_size = member.method, member.size
    return cast("BinaryIO", zipfile.ZipExtFile(file, "r", info))


def _inflate(path: Path, member: _Member) -> bytes:
    data, checksum = io.BytesIO(), 0
    with open_regular(path) as file:
        file.seek(member.offset)
        signature, name_length, extra_length = _LOCAL.unpack(file.read(_LOCAL.size))
        if signature != _LOCAL_SIGNATURE:
            raise zipfile.BadZipFile("there is no file where the zip lists one")
        file.seek(name_length + extra_length, os.SEEK_CUR)
        with _stream(file, member) as stream:
            while data.tell() <= member.size and (chunk := stream.read(_CHUNK)):
                checksum = zlib.crc32(chunk, checksum)
                data.write(chunk)
    if data.tell() != member.size or checksum != member.crc:
        raise zipfile.BadZipFile("a checksum differs")
    return data.getvalue()


def _read(path: Path, member: _Member) -> bytes:
    if member.size > MAX_BOOK_BYTES:
        raise too_large()
    try:
        return _inflate(path, member)
    except _FAULTS as error:
        is_sentence = isinstance(error, NotImplementedError | zipfile.BadZipFile)
        said = str(error) if is_sentence else type(error).__name__
        raise UnreadableBook(f"the zip can't be read ({said})") from None


def _problem(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _ENCRYPTED_FLAG:
        return "it is encrypted"
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) and not stat.S_ISREG(mode):
        return "it is a link, or another file that has no text of its own"
    return ""


def _overlapping(infos: list[zipfile.ZipInfo], end: int) -> set[int]:
    """Return the places in `infos` of the members whose data run into the next one's."""
    starts = sorted((info.header_offset, place) for place, info in enumerate(infos))
    return {
        place
        for (start, place), (after, _) in pairwise([*starts, (end, -1)])
        if start + _LOCAL.size + infos[place].compress_size > after
    }


def list_zip(path: Path) -> list[Entry]:
    """Return the files in a zip, in the order of their names and then of their places.

    A member that can't be read is among them, with the reason. Raises OSError and
    zipfile.BadZipFile where there is no list of members.
    """
    try:
        with _opened(path) as archive:
            infos, end = archive.infolist(), archive.start_dir
    except (OSError, zipfile.BadZipFile):
        raise
    except _FAULTS as error:
        raise zipfile.BadZipFile(str(error)) from None
    overlapping = _overlapping(infos, end)
    found = []
    for place, info in enumerate(infos):
        if info.is_dir() or is_of_a_mac(info.filename):
            continue
        problem = _problem(info)
        if not problem and place in overlapping:
            problem = "its data overlap another file's in the zip"
        if problem:
            found.append(Entry.refused(info.filename, problem))
            continue
        member = _Member(
            info.header_offset, info.compress_type, info.compress_size, info.file_size, info.CRC
        )
        read = partial(_read, path, member)
        found.append(Entry(info.filename, info.file_size, info.CRC, read))
    return sorted(found, key=lambda entry: entry.name)


def read_member(path: Path, name: str) -> bytes:
    """Return one member of a zip, by its name. Raises UnreadableBook."""
    try:
        entries = list_zip(real_path(path))
    except OSError as error:
        raise UnreadableBook(why(error)) from None
    except zipfile.BadZipFile as error:
        raise UnreadableBook(f"the zip can't be read ({error})") from None
    for entry in entries:
        if entry.name == name:
            return entry.read()
    raise UnreadableBook(f"the zip has no file {name}")
