from functools import partial

import pytest

from gutenberg_explorer.corpus import UnreadableBook
from gutenberg_explorer.corpus.gutenberg import rights
from tests.corpus.gutenberg import mirrors


@pytest.mark.parametrize(
    ("notice", "public", "refused"),
    [
        ("Public domain in the USA.", True, False),
        (
            "Not copyrighted in the United States. If you live elsewhere check the laws.",
            True,
            False,
        ),
        ("Copyrighted. Read the copyright notice inside this book for details.", False, True),
        ("None", False, False),
        (None, False, False),
    ],
)
def test_what_a_notice_says(notice: str | None, public: bool, refused: bool) -> None:
    assert rights.is_public(notice) is public
    assert bool(rights.refusal(notice)) is refused


def _of(data: bytes) -> bytes:
    return data


@pytest.mark.parametrize(
    "line",
    [
        "** This is a COPYRIGHTED Project Gutenberg eBook, Details Below **",
        "**This is a COPYRIGHTED Project Gutenberg Etext, Details Below**",
        "Copyright (C) 1991 by Ann Author",
        "Copyright © 2008 Marie Author",
        "     Copyright 2003, Ann Author. All rights reserved.",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_header_that_claims_copyright_is_heeded(line: str, encoding: str) -> None:
    header = mirrors.HEADER.removeprefix("\ufeff").replace("Credits:", f"{line}\n\nCredits:")
    data = mirrors.text(27045, header=header).decode().replace("—", "-").replace("™", "")
    with pytest.raises(UnreadableBook, match=r"in copyright \(its header says: .*(?i:copyright)"):
        rights.read_free(partial(_of, data.encode(encoding)))


def test_the_small_print_of_old_says_so_too() -> None:
    old = (
        "**The Project Gutenberg Etext of Night, by Ann Author**\n"
        "Copyright laws are changing all over the world, be sure to check\n\n"
        "*SMALL PRINT! Ver.04.29.93 FOR COPYRIGHT PROTECTED ETEXTS*END*\n\nNight.\n"
    )
    with pytest.raises(UnreadableBook, match="SMALL PRINT"):
        rights.read_free(partial(_of, old.encode()))
    free = old.replace("*SMALL", "*END*THE SMALL").replace("COPYRIGHT PROTECTED", "PUBLIC DOMAIN")
    assert rights.read_free(partial(_of, free.encode())) == free.encode()


@pytest.mark.parametrize(
    "body", ["Copyright 1999 by a character in this book.", "COPYRIGHT, 1887, by Crowell & Co."]
)
def test_a_body_may_speak_of_copyright(body: str) -> None:
    data = mirrors.text(135, body=body)
    assert rights.read_free(partial(_of, data)) == data
