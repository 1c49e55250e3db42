from gutenberg_explorer.index.headings import Line
from gutenberg_explorer.index.outline import select


def _lines(*wanted: tuple[str, int, int]) -> list[Line]:
    """Return lines of a kind, a number and a start."""
    return [Line(kind, number, f"{kind} {number}", at, at + 10, 4) for kind, number, at in wanted]


def test_nothing_is_selected_of_nothing() -> None:
    assert select([], 0) == []


def test_a_table_is_left_out_and_the_chapter_after_it_kept() -> None:
    table = _lines(("list", 0, 0), ("chapter", 1, 20), ("chapter", 2, 40), ("chapter", 3, 60))
    own = _lines(("chapter", 1, 80), ("chapter", 2, 5_000), ("chapter", 3, 9_000))
    assert select([*table, *own], 12_000) == own


def test_close_headings_without_a_second_coming_are_no_table() -> None:
    own = _lines(*(("scene", number, number * 50) for number in range(1, 9)))
    assert select(own, 5_000) == own


def test_numerals_that_count_nothing_are_left_out() -> None:
    kept = _lines(("numeral", 1, 0), ("numeral", 2, 1_000), ("numeral", 3, 2_000))
    stray = _lines(("numeral", 100, 1_500))
    assert select([*kept[:2], *stray, kept[2]], 3_000) == kept


def test_titles_around_the_chapters_are_front_matter() -> None:
    lines = _lines(
        ("title", 0, 0), ("chapter", 1, 900), ("chapter", 2, 2_000), ("chapter", 3, 3_000)
    )
    assert [line.kind for line in select(lines, 4_000)] == [
        "front",
        "chapter",
        "chapter",
        "chapter",
    ]
