import pytest
from hypothesis import given
from hypothesis import strategies as st

from gutenberg_explorer.index.contents import MAX_HEADINGS, MAX_TITLE, Heading, find
from tests.waiting import bounded_work

BODY = (
    "It was a dark and stormy night, and the rain fell in torrents, except at\n"
    "occasional intervals when it was checked by a violent gust of wind. "
) * 5


def book(*titles: str) -> str:
    """Return a book with text after each of these headings."""
    return "\n\n\n\n".join(f"{title}\n\n{BODY}" for title in titles)


def outline(text: str) -> list[tuple[int, str]]:
    return [(heading.level, heading.title) for heading in find(text)]


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("CHAPTER I", "CHAPTER I"),
        ("CHAPTER I. Down the Rabbit-Hole", "CHAPTER I. Down the Rabbit-Hole"),
        ("Chapter 1.  Loomings.", "Chapter 1. Loomings"),
        ("CHAPTER 1\n\nLoomings.\n", "CHAPTER 1. Loomings"),
        ("CHAPTER I\n\nTHE TWO POETS OF\nSAFFRON PARK", "CHAPTER I. THE TWO POETS OF SAFFRON PARK"),
        ("Chapter I\nThe Bertolini", "Chapter I. The Bertolini"),
        ("Chapter the First", "Chapter the First"),
        ("STAVE ONE", "STAVE ONE"),
        ("LETTER 1", "LETTER 1"),
        ("PART THE FIRST", "PART THE FIRST"),
        ("THE FIRST BOOK", "THE FIRST BOOK"),
        ("BOOK I.", "BOOK I"),
        ("Book I ", "Book I"),
        ("[BOOK I.  INSCRIPTIONS]", "BOOK I. INSCRIPTIONS"),
        ("_Canto Twenty-one_", "Canto Twenty-one"),
        ("}  One's-Self I Sing", "One's-Self I Sing"),
        ("SCENE II.", "SCENE II"),
        ("SCENE II.\n[", "SCENE II"),
        ("THE PROLOGUE", "THE PROLOGUE"),
        ("EPILOGUE", "EPILOGUE"),
        ("Author's Preface.", "Author's Preface"),
    ],
)
def test_a_heading_is_found_where_it_begins(line: str, title: str) -> None:
    text = f"{BODY}\n\n\n\n{line}\n\n{BODY}"
    assert find(text) == [Heading(title, 1, text.index(line))]


@pytest.mark.parametrize(
    "line",
    [
        "STOP THIEF!",
        '"HE IS DEAD," cried Tom.',
        "Part of the house was dark.",
        "Act I have, and speak I will.",
        "I was the last to leave.",
        "1850.",
        "* * * * *",
        "THE END",
        "Book lovers, all of them.",
    ],
)
def test_no_heading_is_found_in_prose(line: str) -> None:
    assert find(f"{BODY}\n\n{line}\n\n{BODY}") == []


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (["VOLUME I\n\nCHAPTER I", "CHAPTER II", "VOLUME II\n\nCHAPTER I"], [1, 2, 2, 1, 2]),
        (["BOOK I\n\nPART I", "PART II", "BOOK II\n\nPART I"], [1, 2, 2, 1, 2]),
        (["PART I\n\nBOOK I", "BOOK II", "PART II\n\nBOOK I"], [1, 2, 2, 1, 2]),
        (["PREFACE", "PART I\n\nCHAPTER I", "CHAPTER II", "EPILOGUE"], [1, 1, 2, 2, 1]),
        (["ACT I\n\nSCENE I. A wood", "SCENE II. A heath", "EPILOGUE"], [1, 2, 2, 2]),
        (["Actus Primus. Scoena Prima.", "Scena Secunda.", "Actus Secundus."], [1, 2, 2, 1]),
        (["CHAPTER I\n\nI", "II", "CHAPTER II\n\nI", "II"], [1, 2, 2, 1, 2, 2]),
        (["SIMPLE SUSAN\n\nCHAPTER I", "CHAPTER II", "THE MIMIC\n\nCHAPTER I"], [1, 2, 2, 1, 2]),
    ],
)
def test_levels_tell_what_contains_what(titles: list[str], expected: list[int]) -> None:
    assert [heading.level for heading in find(book(*titles))] == expected


def test_act_and_scene_on_one_line_are_two_headings() -> None:
    assert find("Actus Primus. Scoena Prima.\n\nEnter Barnardo.") == [
        Heading("Actus Primus", 1, 0),
        Heading("Scoena Prima", 2, 14),
    ]


def test_numerals_count() -> None:
    assert outline(book("I", "II\n\nTHE PARTY", "III.")) == [
        (1, "I"),
        (1, "II. THE PARTY"),
        (1, "III"),
    ]
    assert find(book("Well", "V", "I")) == []


def test_numbers_of_stanzas_are_no_headings() -> None:
    stanza = "Piping down the valleys wild,\nPiping songs of pleasant glee,"
    assert find("\n\n".join(f"{number}\n\n{stanza}" for number in ("I", "II", "III", "IV"))) == []


def test_titles_of_poems_are_headings() -> None:
    poems = book("THE LAMB", "THE TIGER", "LONDON")
    assert outline(poems) == [(1, "THE LAMB"), (1, "THE TIGER"), (1, "LONDON")]
    assert outline(f"SONGS OF INNOCENCE\n\n\n{poems}") == [
        (1, "SONGS OF INNOCENCE"),
        (2, "THE LAMB"),
        (2, "THE TIGER"),
        (2, "LONDON"),
    ]


def test_speakers_in_capitals_are_no_headings() -> None:
    assert find(book(*["HAMLET", "KING CLAUDIUS", "QUEEN GERTRUDE"] * 4)) == []


def test_capitals_within_chapters_are_no_headings() -> None:
    text = book("CHAPTER I", "SACRED TO THE MEMORY OF JOHN", "CHAPTER II", "CHAPTER III")
    assert [title for _, title in outline(text)] == ["CHAPTER I", "CHAPTER II", "CHAPTER III"]


@pytest.mark.parametrize("name", ["CONTENTS\n\n", "Table of Contents\n\n", ""])
@pytest.mark.parametrize("between", ["\n\n", "\n"])
def test_a_table_of_contents_is_left_out(name: str, between: str) -> None:
    titles = ["PREFACE", *(f"CHAPTER {number}. The Tale" for number in range(1, 9))]
    own = book(*titles)
    text = f"{name}{between.join(titles)}\n\n\n\n{own}"
    start = len(text) - len(own)
    assert [heading.title for heading in find(text)] == titles
    assert all(heading.start >= start for heading in find(text))


def test_a_table_with_much_text_is_left_out() -> None:
    chapters = [f"CHAPTER {number}" for number in range(1, 9)]
    table = "\n\n".join(f"{chapter}. The Night.--{'The Storm.--' * 30}" for chapter in chapters)
    text = f"CONTENTS\n\n{table}\n\n\n\n{book(*chapters)}" + BODY * 3
    assert [heading.title for heading in find(text)] == chapters


def test_a_mention_of_a_chapter_is_no_heading() -> None:
    text = book(*(f"CHAPTER {number}" for number in range(1, 6)))
    assert len(find(f"{text}\n\nChapter 3: read 'torrent' for 'current'.\n\nThe editor.")) == 5


def test_books_and_chapters_of_the_bible_are_found() -> None:
    text = (
        "The Old Testament\n\nThe Book of Ruth\n\n\n1:1 Now it came to pass. 1:2 And the name of\n"
        "the man.\n\n2:1 And Naomi had a kinsman.\n\n2:2 See 9:1 of it.\n\n\n\n"
        "The First Book of Samuel\n\nOtherwise Called:\n\nThe First Book of the Kings\n\n\n"
        "1:1 Now there was a man.\n\n1:2 And he had two wives.\n"
    )
    assert [(h.level, h.title, text[h.start :][:8]) for h in find(text)] == [
        (1, "The Book of Ruth", "The Book"),
        (2, "Chapter 1", "1:1 Now "),
        (2, "Chapter 2", "2:1 And "),
        (
            1,
            "The First Book of Samuel Otherwise Called: The First Book of the Kings",
            "The Firs",
        ),
        (2, "Chapter 1", "1:1 Now "),
    ]


def test_headings_of_markdown_are_found() -> None:
    text = (
        "# Title: Lear\n\n## Author: A. Writer\n\n## ACT I\n\n### SCENE I. _A palace_\n\nSTAY.\n\n"
        "### SCENE II\n\nGo.\n\n## ACT II\n\n#### A storm\n\nBlow.\n\n## THE END\n"
    )
    assert outline(text) == [
        (1, "ACT I"),
        (2, "SCENE I. A palace"),
        (2, "SCENE II"),
        (1, "ACT II. A storm"),
    ]
    assert [heading.start for heading in find(text)] == [
        text.index(mark) for mark in ("## ACT I", "### SCENE I.", "### SCENE II", "## ACT II")
    ]


def test_long_titles_are_shortened() -> None:
    (heading,) = find(f"CHAPTER I. In Which\n{'the Rain Falls in ' * 8}Torrents\n\n{BODY}")
    assert heading.title.startswith("CHAPTER I. In Which the Rain Falls in the")
    assert heading.title.endswith("…")
    assert len(heading.title) <= MAX_TITLE


BROKEN = [
    "A" * 10_000_000,
    "word " * 2_000_000,
    "\n" * 2_000_000 + "CHAPTER I",
    " \n" * 1_000_000,
    "CHAPTER I\n\n" * 200_000,
    "ACT I. " * 200_000,
    "ACT I " * 100 + "\n\n" + "BOOK I VOLUME I PART I " * 20,
    "\n\n\nTHE TITLE\n\n" * 100_000,
    "\n\nI" * 500_000,
    "\n1:1 " * 300_000,
    "\n# I" * 300_000,
    "\n#" + "#" * 1_000_000,
    "\n\nTHE" + "\n" + "A " * 500_000,
]


@pytest.mark.parametrize("text", BROKEN, ids=lambda text: repr(text[:10]))
def test_broken_texts_take_no_longer(text: str) -> None:
    with bounded_work():
        assert len(find(text)) <= MAX_HEADINGS


def test_a_verse_without_text_is_in_no_title() -> None:
    found = find("Genesis\n\n1:1 \n\n1:1 In the beginning\n")
    assert [(h.title, h.start) for h in found] == [
        ("Genesis", 0),
        ("Chapter 1", 9),
        ("Chapter 1", 15),
    ]


PARAGRAPHS = st.one_of(
    st.text(),
    st.sampled_from(
        [
            *(BODY, "CHAPTER I", "Chapter 2. The Night", "BOOK I\nPART II", "ACT I. SCENE I."),
            *("I", "II", "III.", "THE SONG", "CONTENTS", "PREFACE", "} To You", "[BOOK II]"),
            *("# Night", "## CHAPTER I", "1:1 In the beginning", "The Book of Job"),
            *("\n", "[]", "_", "A B", "}", "CHAPTER", "[93]"),
        ]
    ),
)


@given(st.lists(PARAGRAPHS), st.sampled_from(["\n\n", "\n\n\n\n", "\n"]))
def test_headings_are_in_order_and_begin_in_the_text(parts: list[str], between: str) -> None:
    text = between.join(parts)
    found = find(text)
    starts = [heading.start for heading in found]
    assert starts == sorted(starts)
    for before, heading in zip([None, *found], found, strict=False):
        assert 1 <= heading.level <= (before.level if before else 0) + 1
        assert heading.title == " ".join(heading.title.split())
        assert 0 < len(heading.title) <= MAX_TITLE
        assert not text[heading.start].isspace()
        # Nothing but a mark may stand between an act and its scene: ACT I.—SCENE II.
        assert not text[: heading.start][-1:].isalnum()


REAL = {
    "austen-emma": [3, 55],
    "austen-persuasion": [24],
    "austen-sense": [50],
    "bible-kjv": [66, 1189],
    "blake-poems": [4, 51],
    "bryant-stories": [53],
    "burgess-busterbrown": [23],
    "carroll-alice": [12],
    "chesterton-ball": [20],
    "chesterton-brown": [12],
    "chesterton-thursday": [15],
    "edgeworth-parents": [16, 18, 6],
    "melville-moby_dick": [139],
    "milton-paradise": [12],
    "shakespeare-caesar": [5, 1],
    "shakespeare-hamlet": [2, 4],
    "shakespeare-macbeth": [5, 27],
    "whitman-leaves": [35, 389],
}


def test_real_books_have_their_headings(real_texts: dict[str, str]) -> None:
    found = {book: [heading.level for heading in find(text)] for book, text in real_texts.items()}
    counts = {
        book: [levels.count(n) for n in sorted(set(levels))] for book, levels in found.items()
    }
    assert counts == REAL


@pytest.mark.parametrize(
    ("book", "level", "title", "beginning"),
    [
        ("austen-emma", 1, "VOLUME III", "VOLUME III\n"),
        (
            "bible-kjv",
            1,
            "The First Book of Moses: Called Genesis",
            "The First Book of Moses:  Cal",
        ),
        ("bible-kjv", 1, "The General Epistle of Jude", "The General Epistle of Jude\n"),
        ("blake-poems", 2, "THE TIGER", "THE TIGER\n"),
        ("bryant-stories", 1, 'THE BOY WHO CRIED "WOLF!"', 'THE BOY WHO CRIED "WOLF!"\n'),
        ("burgess-busterbrown", 1, "XVII. BUSTER BEAR GOES BERRYING", "XVII\n"),
        ("carroll-alice", 1, "CHAPTER XII. Alice's Evidence", "CHAPTER XII\n"),
        ("chesterton-brown", 1, "I. The Absence of Mr Glass", "I. The Absence of Mr Glass\n"),
        ("edgeworth-parents", 1, "SIMPLE SUSAN", "SIMPLE SUSAN.\n"),
        ("edgeworth-parents", 3, "SCENE IV", "SCENE IV.\n"),
        ("melville-moby_dick", 1, "CHAPTER 1. Loomings", "CHAPTER 1\n\nLoomings.\n"),
        ("melville-moby_dick", 1, "Epilogue", "Epilogue\n"),
        ("milton-paradise", 1, "Book XII", "Book XII "),
        ("shakespeare-macbeth", 2, "Scena Septima", "Scena Septima.\n"),
        ("whitman-leaves", 1, "BOOK I. INSCRIPTIONS", "[BOOK I.  INSCRIPTIONS]"),
        ("whitman-leaves", 2, "O Captain! My Captain!", "}  O Captain! My Captain!\n"),
    ],
)
def test_a_real_book_has_a_heading(
    real_texts: dict[str, str], book: str, level: int, title: str, beginning: str
) -> None:
    text = real_texts[book]
    found = [heading for heading in find(text) if (heading.level, heading.title) == (level, title)]
    assert any(text.startswith(beginning, heading.start) for heading in found)
