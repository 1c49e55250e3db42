import pytest
from hypothesis import given
from hypothesis import strategies as st

from gutenberg_explorer.corpus.book import Metadata
from gutenberg_explorer.corpus.cleaning import split

BODY = "CHAPTER I\n\nIt was a dark night.\n\nThe rain fell."


@pytest.mark.parametrize(
    ("line", "metadata"),
    [
        ("[Emma by Jane Austen 1816]", Metadata("Emma", "Jane Austen", 1816)),
        (
            "[The Parent's Assistant, by Maria Edgeworth]",
            Metadata("The Parent's Assistant", "Maria Edgeworth"),
        ),
        ("[The King James Bible]", Metadata("The King James Bible")),
        (
            "[Stories to Tell to Children by Sara Cone Bryant 1918] ",
            Metadata("Stories to Tell to Children", "Sara Cone Bryant", 1918),
        ),
    ],
)
def test_the_first_line_of_nltk_is_metadata(line: str, metadata: Metadata) -> None:
    assert split(f"{line}\n\n{BODY}\n") == (metadata, BODY)


HEADER = """The Project Gutenberg EBook of Night, by A. Writer

Title: Night

Author: A. Writer

Language: English

"""
LICENCE = "\n\nSection 1. General Terms of Use and Redistributing\n\nUpdated editions.\n"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (
            "*** START OF THE PROJECT GUTENBERG EBOOK NIGHT ***",
            "*** END OF THE PROJECT GUTENBERG EBOOK NIGHT ***",
        ),
        (
            "*** START OF THIS PROJECT GUTENBERG EBOOK NIGHT ***\n\n\n"
            "Produced by B. Proof and the\n"
            "Online Team at https://example.org\n",
            "End of the Project Gutenberg EBook of Night, by A. Writer\n\n"
            "*** END OF THIS PROJECT GUTENBERG EBOOK NIGHT ***",
        ),
        (
            "***START OF THE PROJECT GUTENBERG EBOOK NIGHT***\n\n\n"
            "E-text prepared by B. Proof\n\n\n"
            "Note: Project Gutenberg also has an HTML version\n      of this file.\n",
            "***END OF THE PROJECT GUTENBERG EBOOK NIGHT***",
        ),
        (
            "*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*",
            "End of Project Gutenberg's Night, by A. Writer",
        ),
        (
            "*** START OF THE PROJECT GUTENBERG EBOOK NIGHT\nAND DAY ***",
            "This is the end of Project Gutenberg's Night",
        ),
    ],
)
def test_boilerplate_of_every_age_is_cut(start: str, end: str) -> None:
    metadata, text = split(f"{HEADER}{start}\n\n\n{BODY}\n\n\n{end}\n{LICENCE}")
    assert text == BODY
    assert metadata == Metadata("Night", "A. Writer")


def test_a_footer_without_a_header_is_cut() -> None:
    footer = "End of Project Gutenberg's Night\n\n*** END OF THE PROJECT GUTENBERG EBOOK NIGHT ***"
    assert split(f"[Night by A. Writer]\n\n{BODY}\n\n{footer}{LICENCE}")[1] == BODY


def test_the_language_is_read() -> None:
    start = "*** START OF THE PROJECT GUTENBERG EBOOK NUIT ***"
    header = HEADER.replace("English", "French")
    assert split(f"{header}{start}\n\n{BODY}")[0].language == "fr"


def test_a_book_that_speaks_of_gutenberg_keeps_its_words() -> None:
    text = f"Gutenberg of Mainz printed.\n\n{BODY}\n\nProduced by hand, they said."
    assert split(text) == (Metadata(), text)


PARAGRAPH = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30
).filter(lambda text: "*" not in text and not text.startswith("["))


@given(st.lists(PARAGRAPH, min_size=1))
def test_no_paragraph_of_the_body_is_lost(paragraphs: list[str]) -> None:
    body = "\n\n".join(["It begins.", *paragraphs, "It ends."])
    start = "*** START OF THE PROJECT GUTENBERG EBOOK X ***"
    end = "*** END OF THE PROJECT GUTENBERG EBOOK X ***"
    assert split(f"{HEADER}{start}\n\n{body}\n\n{end}{LICENCE}")[1] == body
