import pytest
from hypothesis import given
from hypothesis import strategies as st

from gutenberg_explorer.corpus.gutenberg import catalogue_fields


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Austen, Jane, 1775-1817", "Jane Austen"),
        ("Austen, Jane", "Jane Austen"),
        ("Kennedy, John F. (John Fitzgerald), 1917-1963", "John F. Kennedy"),
        ("Tolstoy, Leo, graf, 1828-1910", "Leo Tolstoy"),
        ("Augustine, of Hippo, Saint, 354-430", "Augustine of Hippo"),
        ("Plato, 428? BCE-348? BCE", "Plato"),
        ("Homer, 751? BCE-651? BCE", "Homer"),
        ("Holmes, Oliver Wendell, Jr., 1841-1935", "Oliver Wendell Holmes, Jr."),
        ("Doyle, Arthur Conan, Sir, 1859-1930", "Arthur Conan Doyle"),
        ("Pusey, E. B. (Edward Bouverie), 1800-1882 [Translator]", "E. B. Pusey"),
        ("Someone, Ann, active 14th century", "Ann Someone"),
        ("Various", "Various"),
        (
            "United States. Central Intelligence Agency",
            "United States. Central Intelligence Agency",
        ),
        ("Li, Bai, 701-762", "Bai Li"),
        ("", None),
        ("1775-1817", None),
    ],
)
def test_a_heading_becomes_a_name(heading: str, name: str | None) -> None:
    assert catalogue_fields.person(heading) == name


@pytest.mark.parametrize(
    ("headings", "author"),
    [
        ([], None),
        (["Austen, Jane, 1775-1817"], "Jane Austen"),
        (["Austen, Jane, 1775-1817", "Other, Ann [Translator]"], "Jane Austen"),
        (["Grimm, Jacob, 1785-1863", "Grimm, Wilhelm, 1786-1859"], "Jacob Grimm and Wilhelm Grimm"),
        (["Doe, A.", "Roe, B.", "Poe, C."], "A. Doe, B. Roe and C. Poe"),
        (["Rhys, Ernest, 1859-1946 [Editor]", "Other, Ann [Translator]"], "Ernest Rhys"),
    ],
)
def test_translators_are_no_authors_unless_alone(headings: list[str], author: str | None) -> None:
    assert catalogue_fields.authors(headings) == author


@given(st.lists(st.text(max_size=40), max_size=4))
def test_any_headings_are_a_name_or_none(headings: list[str]) -> None:
    author = catalogue_fields.authors(headings)
    assert author is None or author.strip()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("en", ["en"]),
        ("en; fr", ["en", "fr"]),
        ("EN, enm", ["en", "enm"]),
        ("English", []),
        ("", []),
    ],
)
def test_languages(text: str, codes: list[str]) -> None:
    assert catalogue_fields.languages(text) == codes


def test_a_subtitle_is_left_out() -> None:
    assert (
        catalogue_fields.title("The  Bill of Rights\r\nThe Ten Amendments") == "The Bill of Rights"
    )
    assert catalogue_fields.title(" \n ") is None
