import pytest
from hypothesis import given
from hypothesis import strategies as st

from gutenberg_explorer.corpus.book import Metadata
from gutenberg_explorer.corpus.cleaning import header, split
from tests.waiting import bounded_work

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


@pytest.mark.parametrize("before", ["\n", "\n\n"])
@pytest.mark.parametrize("after", ["\n", "\n\n"])
@pytest.mark.parametrize(
    "end",
    [
        "*** END OF THE PROJECT GUTENBERG EBOOK NIGHT ***",
        "End of the Project Gutenberg EBook of Night, by A. Writer",
    ],
)
def test_a_body_of_one_paragraph_that_the_footer_follows_at_once_stays(
    before: str, after: str, end: str
) -> None:
    start = "*** START OF THE PROJECT GUTENBERG EBOOK NIGHT ***"
    text = f"{HEADER}{start}{before}It rained.{after}{end}{LICENCE}"
    assert split(text)[1] == "It rained."


def test_a_footer_without_a_header_is_cut() -> None:
    footer = "End of Project Gutenberg's Night\n\n*** END OF THE PROJECT GUTENBERG EBOOK NIGHT ***"
    assert split(f"[Night by A. Writer]\n\n{BODY}\n\n{footer}{LICENCE}")[1] == BODY


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("French", "fr"),
        ("English, French", "en"),
        ("Italian and Latin", "it"),
        ("Finnish", "fi"),
        ("Klingon", "und"),
    ],
)
def test_the_language_is_read(said: str, code: str) -> None:
    start = "*** START OF THE PROJECT GUTENBERG EBOOK NUIT ***"
    head = HEADER.replace("English", said)
    assert split(f"{head}{start}\n\n{BODY}")[0].language == code


def test_the_notice_is_read() -> None:
    notice = (
        "This eBook is for the use of anyone anywhere at no cost and with\nalmost no restrictions."
    )
    start = "*** START OF THE PROJECT GUTENBERG EBOOK NIGHT ***"
    said = split(f"{notice}\n\n{HEADER}{start}\n\n{BODY}")[0]
    assert said.rights == notice.replace("\n", " ")


def test_the_header_ends_with_its_marker() -> None:
    start = "*** START OF THE PROJECT GUTENBERG EBOOK NIGHT ***"
    assert header(f"{HEADER}{start}\n\n{BODY}") == f"{HEADER}{start}"
    assert header(BODY) == ""


def test_a_book_made_of_books_keeps_them_all() -> None:
    start = "*** START OF THE PROJECT GUTENBERG EBOOK {} ***\n\n"
    end = "\n\nEnd of Project Gutenberg's {0}\n\n*** END OF THE PROJECT GUTENBERG EBOOK {0} ***\n\n"
    books = [start.format(n) + f"Text of {n}." + end.format(n) for n in ("ONE", "TWO")]
    text = split(HEADER + "".join(books) + LICENCE)[1]
    assert text.startswith("Text of ONE.")
    assert text.endswith("Text of TWO.")


def test_the_title_of_a_book_about_project_gutenberg_stays() -> None:
    start = "*** START OF THE PROJECT GUTENBERG EBOOK X ***"
    body = "PROJECT GUTENBERG (1971-2008)\n\nIt all began in 1971."
    assert split(f"{HEADER}{start}\n\nProduced by Al Proof\n\n\n{body}")[1] == body


def test_a_book_that_speaks_of_gutenberg_keeps_its_words() -> None:
    text = f"Gutenberg of Mainz printed.\n\n{BODY}\n\nProduced by hand, they said."
    assert split(text) == (Metadata(), text)


STARTS = [
    "*** START OF THE PROJECT GUTENBERG EBOOK NIGHT ***",
    "*** START OF THIS PROJECT GUTENBERG EBOOK NIGHT ***",
    "***START OF THE PROJECT GUTENBERG EBOOK NIGHT***",
    "*** START OF THE PROJECT GUTENBERG EBOOK NIGHT,\nBEING A LONG TITLE OF\nTHREE LINES ***",
    "*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*",
    "*END THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.07.02.92*END*",
    "*SMALL PRINT! Ver.04.29.93 FOR COPYRIGHT PROTECTED ETEXTS*END*",
]
CREDITS = [
    "",
    "Produced by David Widger. Earliest PG text edition produced by Graham\nAllan",
    "Produced by A. Proof and the Online Distributed\nProofreading Team at http://www.pgdp.net "
    "(This file was\nproduced from images generously made available by The\nInternet Archive)",
    "E-text prepared by B. Proof, and Project Gutenberg\nDistributed Proofreaders",
    "E-text prepared by B. Proof\n\n\nNote: Project Gutenberg also has an HTML version of this\n"
    "      file which includes the original illustrations.",
    "This eBook was prepared by David Reed.",
    "This etext was prepared by Ann Proof, Town, Country.",
    "Transcribed from the 1887 Tinsley edition by David Price, email a@example.org",
    "Scanned and proofed by Ann Proof",
    "HTML version by Al Haines.",
    "[Produced from images of a library]",
    "         This is the Project Gutenberg 1.5 release of\n                   Night",
]
ENDS = [
    "*** END OF THE PROJECT GUTENBERG EBOOK NIGHT ***",
    "*** END OF THIS PROJECT GUTENBERG EBOOK NIGHT ***",
    "***END OF THE PROJECT GUTENBERG EBOOK NIGHT***\n\n\n******* This file should be named 1.txt",
    "End of the Project Gutenberg EBook of Night, by A. Writer\n\n"
    "*** END OF THIS PROJECT GUTENBERG EBOOK NIGHT ***",
    "End of Project Gutenberg's Night, Being a Long Title of\nThree Lines, by A. Writer\n\n"
    "*** END OF THE PROJECT GUTENBERG EBOOK NIGHT ***",
    "End of Project Gutenberg’s Night, by A. Writer",
    "This is the end of the Project Gutenberg Etext of Night",
    "Ende dieses Projekt Gutenberg Etextes Nacht\n\n\n"
    "*** END OF THE PROJECT GUTENBERG EBOOK NACHT ***",
    "Fin du Project Gutenberg Etext de Nuit",
]
# What a book may well say, and what looks like boilerplate where it isn't.
LINES = st.sampled_from(
    [
        "Gutenberg of Mainz printed.",
        "“In the name of Gutenberg,” said Roger.",
        "She had the Project Gutenberg etext of it.",
        "Produced by hand, they said.",
        "Title: The Night",
        "*** * ***",
        "* * * * *",
        "[Illustration: a press]",
        "END OF THE FIRST PART",
        "The end of the Project",
        "THE SMALL PRINT",
        "Copyright, 1887, by Crowell & Co.",
    ]
) | st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30
)
PARAGRAPHS = st.lists(st.lists(LINES, min_size=1, max_size=3).map("\n".join), max_size=8)


@given(
    PARAGRAPHS,
    st.sampled_from(STARTS),
    st.sampled_from(CREDITS),
    st.sampled_from(ENDS),
    st.sampled_from(["", LICENCE]),
)
def test_no_paragraph_of_the_body_is_lost_and_nothing_else_stays(
    paragraphs: list[str], start: str, credit: str, end: str, licence: str
) -> None:
    body = "\n\n".join(["It begins.", *paragraphs, "It ends."])
    file = f"{HEADER}{start}\n\n{credit}\n\n\n{body}\n\n\n{end}\n{licence}"
    assert split(file)[1] == body


@given(PARAGRAPHS)
def test_a_text_without_boilerplate_stays_as_it_is(paragraphs: list[str]) -> None:
    body = "\n\n".join(["It begins.", *paragraphs, "It ends."])
    assert split(body) == (Metadata(), body)


@pytest.mark.parametrize(
    "body",
    [
        "Produced by A. Proof\n\n" * 300_000,
        "line\n" * 1_000_000,
        "End of Project Gutenberg\n\n" * 100_000 + "\n \n" * 20_000,
        " " * 3_000_000,
        "x" * 3_000_000,
        "*** END OF " * 300_000,
        "(" * 1_000_000,
    ],
)
def test_no_text_takes_long(body: str) -> None:
    start = "*** START OF THE PROJECT GUTENBERG EBOOK NIGHT ***\n\n"
    with bounded_work():
        for text in (start + body, body, start + body + "\n*** END OF THE PROJECT GUTENBERG EBOOK"):
            split(text)
