import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.common.v1.common_pb2 import AnyValue

from gutenberg_explorer.signals.traces.value_text import json_text, number_text
from tests.signals import strategies as made


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "-0"),
        (1.0, "1"),
        (0.5, "0.5"),
        (1e16, "10000000000000000"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (1.5e300, "1.5e+300"),
        (0.000001, "0.000001"),
        (0.0000001, "1e-7"),
        (2.5e-10, "2.5e-10"),
        (123456789.125, "123456789.125"),
    ],
)
def test_numbers_as_javascript_writes_them(value: float, text: str) -> None:
    assert number_text(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_numbers_text_is_the_number(value: float) -> None:
    assert float(number_text(value)) == value
    assert math.copysign(1, float(number_text(value))) == math.copysign(1, value)


def test_every_kind_of_value() -> None:
    value = AnyValue()
    items = value.array_value.values
    items.add(string_value='ä"<\u2028')
    items.add(double_value=float("inf"))
    items.add(double_value=2.0)
    items.add(int_value=2**63 - 1)
    items.add(bool_value=True)
    items.add(bytes_value=b"\0")
    items.add()
    pairs = items.add().kvlist_value.values
    pairs.add(key="z").value.int_value = 1
    pairs.add(key="a").value.array_value.SetInParent()
    assert json_text(value) == (
        '["ä\\"<\\u2028","inf",2,9223372036854775807,true,"AA==",null,{"a":[],"z":1}]'
    )


def test_a_key_that_occurs_twice_keeps_both_values() -> None:
    value = AnyValue()
    for number in (2, 1):
        value.kvlist_value.values.add(key="k").value.int_value = number
    assert json_text(value) == '{"k":2,"k":1}'


def _plain(value: AnyValue) -> Any:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [_plain(item) for item in value.array_value.values]
    if kind == "kvlist_value":
        return {item.key: _plain(item.value) for item in value.kvlist_value.values}
    if kind in ("string_value", "bool_value", "int_value"):
        return getattr(value, kind)
    return ...


@given(made.values)
def test_the_text_is_json_of_the_same_values(value: AnyValue) -> None:
    def same(expected: Any, found: Any) -> bool:
        if isinstance(expected, list):
            return len(expected) == len(found) and all(map(same, expected, found))
        if isinstance(expected, dict):
            return expected.keys() == found.keys() and all(
                same(item, found[key]) for key, item in expected.items()
            )
        return expected is ... or (type(expected) is type(found) and expected == found)

    assert same(_plain(value), json.loads(json_text(value)))
