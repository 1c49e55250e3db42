import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gutenberg_explorer.corpus.csv_rows import Row, read_rows

FIELDS = st.text(st.sampled_from("ab\"',;\t\n é"), max_size=12)
ROWS = st.lists(st.lists(FIELDS, min_size=2, max_size=4), max_size=12)


def read(text: str, delimiter: str = ",") -> list[Row]:
    return list(read_rows(io.StringIO(text, newline=""), delimiter))


@given(ROWS, st.sampled_from(",\t"))
def test_what_is_written_is_read(rows: list[list[str]], delimiter: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(rows)
    found = read(file.getvalue(), delimiter)
    assert [row.fields for row in found] == rows
    assert not any(row.problem for row in found)


@given(
    st.lists(st.sampled_from(["1,one", '2,"t w o"', '3,"th\nree"', '4,"four"']), max_size=60),
    st.sampled_from(['5,"never closed', '5,"' + "x" * 140_000 + '"', "x" * 300_000]),
    st.data(),
)
def test_a_faulty_line_costs_itself_alone(lines: list[str], bad: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(lines)))
    found = read("\n".join([*lines[:place], bad, *lines[place:]]) + "\n")
    sound = [row.fields for row in found if not row.problem]
    assert sound == [row.fields for row in read("\n".join(lines) + "\n")]
    assert len([row for row in found if row.problem]) == 1


def test_lines_are_numbered_as_in_an_editor() -> None:
    found = read('a,"b\nc"\n\nd,"e\nf,g\n')
    assert [(row.line, bool(row.problem)) for row in found] == [(1, False), (4, True), (5, False)]


@pytest.mark.parametrize("text", ['"Captain" Jones,x\n', 'x,"Captain" Jones\n'])
def test_a_quotation_that_ends_within_its_field_is_read(text: str) -> None:
    (row,) = read(text)
    assert "Captain Jones" in row.fields


def test_nothing_and_empty_lines_are_no_rows() -> None:
    assert read("") == read("\n\r\n\n") == []
