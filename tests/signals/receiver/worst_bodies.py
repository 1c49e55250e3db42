"""The bodies of 20 MiB that take the most memory, and a process that receives one of them."""

import gzip
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from gutenberg_explorer.signals import (
    Admission,
    DecodeLimits,
    MalformedError,
    Outcome,
    Policy,
    TooLargeError,
    TraceStore,
    decode,
)
from tests.signals.otlp.wire_fields import wire

SIZE: Final = 20 * 1024 * 1024
PROTOBUF = "application/x-protobuf"
JSON = "application/json"

_NOW = time.time_ns()
_IDS = wire(1, b"t" * 16) + wire(2, b"s" * 8)
_TIMES = b"".join(bytes([key]) + _NOW.to_bytes(8, "little") for key in (0x39, 0x41))
_HEAD = f'"traceId":"{"74" * 16}","spanId":"{"73" * 8}","startTimeUnixNano":"{_NOW}",'
_HEAD += f'"endTimeUnixNano":"{_NOW}"'


def _filled(piece: bytes, around: Callable[[bytes], bytes]) -> bytes:
    """Return as many pieces as fit into a body."""
    return around(piece * ((SIZE - 200) // len(piece)))


def _in_span(inner: bytes) -> bytes:
    return wire(1, wire(2, wire(2, _IDS + _TIMES + inner)))


def _in_value(number: int) -> Callable[[bytes], bytes]:
    """Return what puts elements into an attribute's array or map."""
    return lambda inner: _in_span(wire(9, wire(2, wire(number, inner))))


def _many_spans(inner: bytes) -> bytes:
    return _filled(wire(2, _IDS + _TIMES + inner), lambda spans: wire(1, wire(2, spans)))


def _traces(name: bytes) -> bytes:
    """Return spans of that name, each of a trace of its own."""
    one = len(wire(2, _IDS + wire(5, name) + _TIMES))
    spans = (
        wire(2, wire(1, n.to_bytes(16, "big")) + wire(2, b"s" * 8) + wire(5, name) + _TIMES)
        for n in range(1, (SIZE - 200) // one)
    )
    return wire(1, wire(2, b"".join(spans)))


def _scopes_of_a_large_resource() -> bytes:
    resource = wire(1, wire(1, wire(1, b"k") + wire(2, wire(1, b"v" * 60_000))))
    scope = wire(2, wire(1, wire(1, b"n" * 150)) + wire(2, _IDS + _TIMES))
    return wire(1, resource + scope * (99_000))


def _in_json(inner: str, count: int | None = None, wide: str = "") -> bytes:
    """Return a body of as many pieces as fit; `wide` is a character that stands in its middle."""
    head = '{"resourceSpans":[{"scopeSpans":[{"spans":[' + wide
    tail = "]}]}]}"
    room = SIZE - len((head + tail).encode()) - 1
    pieces = room // len(inner.encode())
    return (head + (inner * min(pieces, count or pieces)).removesuffix(",") + tail).encode()


def _json_span(inner: str) -> str:
    return "{" + _HEAD + "," + inner + "},"


def _members(count: int) -> str:
    """Return members of an object whose keys and values are wide and all differ."""
    members = ",".join(f'"{n:x}\u0101":"\u0101{n:x}"' for n in range(count))
    return '"x":{' + members + "}"


def _long_text(character: str) -> bytes:
    half = "a" * (SIZE // 2 - 400)
    return _in_json(_json_span(f'"name":"{half}{character}{half}"'))


# Of a text's bytes, a tenth may open an object or an array.
_EMPTY = "{         },"

BODIES: Final[dict[str, tuple[str, Callable[[], bytes]]]] = {
    "empty spans": (PROTOBUF, lambda: _filled(b"\x12\0", lambda s: wire(1, wire(2, s)))),
    "as many empty spans as may be": (PROTOBUF, lambda: wire(1, wire(2, b"\x12\0" * 299_000))),
    "as many empty scopes as may be": (PROTOBUF, lambda: wire(1, b"\x12\0" * 299_000)),
    "empty attributes": (PROTOBUF, lambda: _filled(b"\x4a\0", _in_span)),
    "empty elements": (PROTOBUF, lambda: _filled(b"\x0a\0", _in_value(5))),
    "empty attributes of a resource": (
        PROTOBUF,
        lambda: _filled(b"\x0a\0", lambda a: wire(1, wire(1, a) + wire(2, wire(2, _IDS + _TIMES)))),
    ),
    "a span of as many links as may be": (PROTOBUF, lambda: _in_span(b"\x6a\0" * 199_000)),
    "spans of many links": (PROTOBUF, lambda: _many_spans(b"\x6a\0" * 500_000)),
    "spans of many attributes": (PROTOBUF, lambda: _many_spans(b"\x4a\0" * 500_000)),
    "spans of many events": (PROTOBUF, lambda: _many_spans(b"\x5a\0" * 1_000)),
    "as many traces as may be": (PROTOBUF, lambda: _traces(b"n" * 150)),
    "as many resources as may be": (
        PROTOBUF,
        lambda: _filled(
            wire(1, wire(1, wire(1, wire(1, b"k" * 140))) + wire(2, wire(2, _IDS + _TIMES))),
            lambda resources: resources,
        ),
    ),
    "scopes of a large resource": (PROTOBUF, _scopes_of_a_large_resource),
    "one long name": (PROTOBUF, lambda: _in_span(wire(5, b"n" * (SIZE - 100)))),
    "unknown fields": (PROTOBUF, lambda: _filled(b"\xf8\x01\0", _in_span)),
    "JSON: empty spans": (JSON, lambda: _in_json("{},")),
    "JSON: as many empty spans as may be": (JSON, lambda: _in_json(_EMPTY, 299_000)),
    "JSON: as many spans as may be": (
        JSON,
        lambda: _in_json("{" + _HEAD + "},", wide='{"name":"\U0001f40b"},'),
    ),
    "JSON: spans of many links": (
        JSON,
        lambda: _in_json(_json_span('"links":[' + _EMPTY * 99_000 + "{}]")),
    ),
    "JSON: spans of many attributes": (
        JSON,
        lambda: _in_json(_json_span('"attributes":[' + _EMPTY * 99_000 + "{}]")),
    ),
    "JSON: members that no field is for": (JSON, lambda: _in_json(_json_span(_members(190_000)))),
    "JSON: as many of them in a small text": (
        JSON,
        lambda: _in_json(_json_span(_members(190_000)), 1),
    ),
    "JSON: short texts": (JSON, lambda: _in_json(_json_span('"x":[' + '"ā",' * 190_000 + "1]"))),
    "JSON: members beside the spans": (JSON, lambda: b"{" + _members(900_000).encode() + b"}"),
    "JSON: one long text": (JSON, lambda: _long_text("b")),
    "JSON: one long wide text": (JSON, lambda: _long_text("\U0001f40b")),
    "JSON: nested arrays": (JSON, lambda: b"[" * SIZE),
    "JSON: spaces": (JSON, lambda: b" " * (SIZE - 2) + b"{}"),
}

WORST: Final = (
    "spans of many links",
    "one long name",
    "JSON: as many of them in a small text",
    "JSON: one long wide text",
)
"""Those that come nearest to the bound, each of its kind."""


def compressed(body: bytes) -> bytes:
    """Return the body in gzip, hardly smaller than it is."""
    return gzip.compress(body, 0, mtime=0)


def _memory(kind: str) -> int:
    """Return the memory in use (VmRSS) or the most that has been in use (VmHWM), in bytes."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition(f"{kind}:")[2].split()[0]) * 1024


def main() -> None:
    """Receive the body of a file; print by how much it raised the memory, and what was said."""
    path, media, encoding = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    with TemporaryDirectory() as folder:
        store = TraceStore(Path(folder) / "traces.sqlite3")
        list(decode(bytearray(b"{}"), JSON, "", DecodeLimits(), Outcome()))
        before = _memory("VmRSS")
        outcome = Outcome()
        admission = Admission(Policy(browser=False), outcome)
        told = ""
        try:
            body = bytearray(path.read_bytes())
            for part in decode(body, media, encoding, DecodeLimits(), outcome):
                kept = admission.admit(part)
                added = store.add(kept)
                outcome.accept(
                    sum(len(ss.spans) for rs in kept for ss in rs.scope_spans),
                    dropped=added.dropped,
                    conflicting=added.conflicting,
                )
            told = outcome.message
        except (MalformedError, TooLargeError) as error:
            told = f"{type(error).__name__}: {error}"
        store.close()
    sys.stdout.write(
        json.dumps(
            {
                "rise": _memory("VmHWM") - before,
                "accepted": outcome.accepted,
                "told": told,
            }
        )
    )


if __name__ == "__main__":
    main()
