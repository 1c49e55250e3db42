import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gutenberg_explorer.index import IndexDamaged, invariants
from gutenberg_explorer.index.invariants import require_ascending, require_sorted, starts_of
from gutenberg_explorer.index.strings import StringTable

# Many alike, at their beginnings and as far as strings are compared by it.
_STRINGS = st.lists(st.text("\0aé鯨", max_size=3).map(lambda end: "a" * 14 + end) | st.text("a\0é"))


@given(_STRINGS, st.booleans())
@example(["a", "a\0"], False)
@example(["a\0", "a"], False)
@example([""], False)
def test_strings_are_sorted_as_python_sorts_them(texts: list[str], in_order: bool) -> None:
    strings = [text.encode() for text in texts]
    if in_order:
        strings = sorted(set(strings) - {b""})
    is_sound = all(strings) and strings == sorted(set(strings))
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patched:
        patched.setattr(invariants, "_AT_ONCE", 3)
        folder = Path(name)
        (folder / "strings").write_bytes(b"".join(strings))
        np.cumsum([len(each) for each in strings], dtype="<u8").tofile(folder / "ends")
        table = StringTable(folder / "strings", folder / "ends")
        if is_sound:
            require_sorted("strings", "ends", table)
            return
        with pytest.raises(IndexDamaged):
            require_sorted("strings", "ends", table)


@given(st.lists(st.lists(st.integers(0, 4), min_size=1)), st.booleans())
def test_groups_ascend_each_for_itself(groups: list[list[int]], strictly: bool) -> None:
    values = np.array([value for group in groups for value in group], np.uint32)
    ends = np.cumsum([len(group) for group in groups], dtype=np.uint64)
    starts = starts_of(ends, len(values))
    is_sound = all(g == (sorted(set(g)) if strictly else sorted(g)) for g in groups)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(invariants, "_AT_ONCE", 2)
        if is_sound:
            require_ascending("values", values, strictly=strictly, starts=starts)
            return
        with pytest.raises(IndexDamaged, match="values does not ascend"):
            require_ascending("values", values, strictly=strictly, starts=starts)
