import pytest

from gutenberg_explorer.host_names import host_name, host_names, is_address, is_loopback


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("localhost", "localhost"),
        ("LOCALHOST:8000", "localhost"),
        ("127.0.0.1:8000", "127.0.0.1"),
        ("[::1]", "[::1]"),
        ("[::1]:8000", "[::1]"),
        ("", ""),
        (":80", ""),
        ("localhost:", ""),
        ("localhost:8000:8000", "localhost:8000"),
        ("localhost:evil.example", ""),
        ("evil.example:80@localhost", ""),
    ],
)
def test_the_name_in_a_host_header(header: str, name: str) -> None:
    assert host_name(header) == name


def test_the_names_of_the_setting() -> None:
    assert host_names(None) == {"localhost", "127.0.0.1", "[::1]"}
    assert host_names("Books.example.org , localhost,") == {"books.example.org", "localhost"}


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("10.0.0.7", True),
        ("[fd00::7]", True),
        ("fd00::7", False),
        ("[10.0.0.7]", False),
        ("10.0.0.7.nip.io", False),
        ("10.0.0", False),
        ("localhost", False),
        ("", False),
    ],
)
def test_an_address_is_no_name(host: str, expected: bool) -> None:
    assert is_address(host) is expected


def test_what_only_this_machine_reaches() -> None:
    assert [
        each for each in ("127.0.0.1", "127.1.2.3", "::1", "localhost") if is_loopback(each)
    ] == [
        "127.0.0.1",
        "127.1.2.3",
        "::1",
        "localhost",
    ]
    assert not any(is_loopback(each) for each in ("0.0.0.0", "::", "10.0.0.7", "books.example"))
