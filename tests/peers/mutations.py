"""Bodies for the OTLP door that are nearly right: good ones, damaged in many ways."""

import gzip
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from gutenberg_explorer.signals import FRONTEND_SERVICE
from tests.signals.otlp.protobuf_json import to_json
from tests.signals.spans import request, span, text

PROTOBUF = "application/x-protobuf"
JSON = "application/json"
LARGE = 2_000_000

_WORDS = (
    b"null",
    b"true",
    b"-1",
    b"1e999",
    b"NaN",
    b"18446744073709551616",
    b'"\\ud800"',
    b"9" * 5_000,
)
_VARINTS = (b"\xff" * 9 + b"\x01", b"\xff\xff\xff\xff\x0f", b"\x80" * 10, b"\x80\x80\x80\x80\x10")


@dataclass(frozen=True, slots=True)
class Body:
    """A body and what is said about it."""

    content: bytes
    media: str
    encoding: str = ""
    browser: bool = False


def bodies(count: int, seed: int) -> Iterator[Body]:
    """Yield `count` bodies; they hang on `seed`, and on the spans' times. Twenty are large."""
    chance = random.Random(seed)
    good = {form: list(_good(form)) for form in (PROTOBUF, JSON)}
    large = list(_large())
    every = max(1, count // 20)
    for number in range(count):
        if number % every == every - 1:
            yield large[number // every % len(large)]
            continue
        media = chance.choice((PROTOBUF, JSON))
        content = chance.choice(good[media])
        zipped = chance.random() < 0.3
        if zipped and chance.random() < 0.5:
            content = gzip.compress(content, 1, mtime=0)
            content = _damaged(content, chance, good[media], times=chance.randrange(3))
        else:
            content = _damaged(content, chance, good[media], times=chance.choice((0, 1, 1, 2, 4)))
            content = gzip.compress(content, 1, mtime=0) if zipped else content
        if chance.random() < 0.02:
            media = chance.choice((PROTOBUF, JSON, "text/plain", ""))
        yield Body(content, media, "gzip" if zipped else "", chance.random() < 0.3)


def _good(form: str) -> Iterator[bytes]:
    rich = span(
        "GET /search",
        span_id=b"\1" * 8,
        kind=Span.SPAN_KIND_SERVER,
        status=Status(code=Status.STATUS_CODE_ERROR, message="It failed."),
        attributes=[
            text("search.query", "white whale"),
            KeyValue(key="i", value=AnyValue(int_value=-(2**60))),
            KeyValue(key="d", value=AnyValue(double_value=0.1)),
            KeyValue(key="b", value=AnyValue(bool_value=True)),
            KeyValue(key="bytes", value=AnyValue(bytes_value=b"\0\xff")),
            KeyValue(key="nested", value=_nested(5)),
        ],
    )
    rich.events.add(name="exception", time_unix_nano=rich.start_time_unix_nano).attributes.append(
        text("exception.message", "é" * 50)
    )
    rich.links.add(trace_id=b"\2" * 16, span_id=b"\3" * 8, trace_state="a=b")
    rich.trace_state = "c=d"
    encode: Callable[..., bytes] = (
        to_json if form == JSON else lambda message: bytes(message.SerializeToString())
    )
    for service in (FRONTEND_SERVICE, "collector"):
        yield encode(request([rich], service))
        yield encode(request([rich, *_children()], service, text("x", "y")))
    yield encode(request(_children()))


def _children() -> list[Span]:
    return [span(f"n{n}", span_id=bytes([n]) * 8, parent=b"\1" * 8) for n in range(2, 10)]


def _nested(depth: int) -> AnyValue:
    value = AnyValue(string_value="deep")
    for _ in range(depth):
        outer = AnyValue()
        outer.array_value.values.append(value)
        value = outer
    return value


def _damaged(content: bytes, chance: random.Random, others: list[bytes], times: int) -> bytes:
    for _ in range(times):
        content = chance.choice(_WAYS)(content, chance, others)
    return content


def _flip(content: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    changed = bytearray(content)
    for _n in range(chance.choice((1, 1, 2, 8))):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(content: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _leave_out(content: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + content[at + chance.randrange(1, 40) :]


def _splice(content: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    other = chance.choice(others)
    return content[: chance.randrange(len(content) + 1)] + other[chance.randrange(len(other)) :]


def _repeat(content: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    at = chance.randrange(len(content) + 1)
    piece = content[at : at + chance.randrange(1, 60)]
    return content[:at] + piece * chance.choice((2, 3, 50)) + content[at:]


def _insert(content: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + chance.choice((*_WORDS, *_VARINTS, b"\0", b"\xff\xfe")) + content[at:]


def _replace_value(content: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    """Put something else for one of the values of a JSON text."""
    parts = content.split(b":")
    if len(parts) < 2:
        return content
    at = chance.randrange(1, len(parts))
    rest = parts[at].lstrip()
    end = min((rest.find(mark) for mark in (b",", b"}") if mark in rest), default=len(rest))
    parts[at] = chance.choice(_WORDS) + rest[end:]
    return b":".join(parts)


def _nest(content: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    depth = chance.choice((10, 17, 65, 101, 2_000))
    if content[:1] == b"{":
        value = b'{"arrayValue":{"values":[' * depth + b"]}}" * depth
        return content.replace(b'{"stringValue"', value + b',{"stringValue"', 1)
    inner = b""
    for _n in range(min(depth, 300)):
        inner = _field(5, _field(1, inner))
    return content + _field(1, _field(2, _field(2, _field(9, _field(2, inner)))))


def _field(number: int, value: bytes) -> bytes:
    length, digits = len(value), b""
    while length > 127:
        digits += bytes([length & 127 | 128])
        length >>= 7
    return bytes([number << 3 | 2]) + digits + bytes([length]) + value


def _large() -> Iterator[Body]:
    """Yield bodies that are small on their way, and in memory as large as may be or larger."""
    tiny = {
        PROTOBUF: [
            _field(1, _field(2, b"\x12\x00" * (LARGE // 2))),
            _field(1, _field(2, _field(2, b"\x4a\x00" * (LARGE // 2)))),
            _field(1, _field(2, _field(2, b"\x5a\x00" * (LARGE // 2)))),
            _field(1, _field(1, b"\x0a\x00" * (LARGE // 2))),
            _field(1, _field(2, _field(2, b"\xfa\x01\x00" * (LARGE // 3)))),
        ],
        JSON: [
            b'{"x":[' + b"[]," * (LARGE // 3) + b"[]]}",
            b'{"resourceSpans":[' + b"{}," * (LARGE // 3) + b"{}]}",
            json.dumps({str(n): n for n in range(LARGE // 16)}).encode(),
            b"[" * LARGE,
            b" " * (5 * LARGE),
        ],
    }
    for media, contents in tiny.items():
        for content in contents:
            yield Body(gzip.compress(content, 1, mtime=0), media, "gzip")


_WAYS = (_flip, _flip, _cut, _leave_out, _splice, _repeat, _insert, _replace_value, _nest)
