import pytest
from hypothesis import given
from hypothesis import strategies as st

from gutenberg_explorer.corpus.book import Metadata
from gutenberg_explorer.corpus.gutenberg.rdf import MAX_BYTES, parse
from tests.corpus.gutenberg import mirrors
from tests.waiting import bounded_work


def test_title_author_language_kind_and_rights_are_read() -> None:
    assert parse(mirrors.rdf(1342)) == (
        Metadata(
            "Pride and Prejudice", "Jane Austen", language="en", rights="Public domain in the USA."
        ),
        "Text",
    )


def test_who_is_described_elsewhere_in_the_file_is_found() -> None:
    whole = mirrors.rdf(1342).decode()
    start, end = whole.index("<pgterms:agent"), whole.index("</pgterms:agent>")
    agent = whole[start:end] + "</pgterms:agent>"
    referring = (
        whole[: whole.index("<dcterms:creator>")]
        + '<dcterms:creator rdf:resource="2009/agents/68"/>'
        + f"<dcterms:contributor>{agent}</dcterms:contributor>"
        + whole[whole.index("</dcterms:creator>") + len("</dcterms:creator>") :]
    )
    said = parse(referring.encode())
    assert said
    assert said[0].author == "Jane Austen"


BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [
 <!ENTITY a "lollollollollollollollollol">
 <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
 <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
 <!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
 <!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">
 <!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">
]>
<lolz>&f;</lolz>"""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>Please log in</html>",
        b"\x1f\x8b garbage",
        b"<rdf:RDF>",
        mirrors.rdf(1342)[:600],
        b'<?xml version="1.0" encoding="no-such"?><a/>',
        BOMB,
        BOMB.decode().replace('version="1.0"', 'version="1.0" encoding="utf-16"').encode("utf-16"),
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a>" * 100_000,
        b" " * (MAX_BYTES + 1),
    ],
)
def test_what_is_no_rdf_says_nothing_and_costs_nothing(data: bytes) -> None:
    with bounded_work():
        assert parse(data) is None


def test_a_document_type_is_refused_even_around_real_rdf() -> None:
    whole = mirrors.rdf(1342)
    declared = whole.replace(b"?>\n", b'?>\n<!DOCTYPE rdf [<!ENTITY x "y">]>\n', 1)
    assert parse(declared) is None


@given(st.integers(0, 3000), st.binary(max_size=8))
def test_damage_anywhere_raises_nothing(at: int, garbage: bytes) -> None:
    whole = mirrors.rdf(1342)
    said = parse(whole[:at] + garbage + whole[at + len(garbage) :])
    assert said is None or isinstance(said[0], Metadata)


@pytest.mark.parametrize(
    "inner",
    [
        "<a>" * 100_000 + "</a>" * 100_000,
        f"<dcterms:creator><pgterms:agent><pgterms:name>{'(' * 500_000}</pgterms:name>"
        "</pgterms:agent></dcterms:creator>",
        f"<dcterms:creator><pgterms:agent><pgterms:name>{' ' * 500_000}x</pgterms:name>"
        "</pgterms:agent></dcterms:creator>",
        "<dcterms:title>" + "9" * 500_000 + "</dcterms:title>",
    ],
)
def test_neither_depth_nor_length_takes_long(inner: str) -> None:
    whole = mirrors.rdf(1342).decode()
    place = whole.index("<dcterms:creator>")
    with bounded_work():
        said = parse((whole[:place] + inner + whole[place:]).encode())
    assert said is not None
