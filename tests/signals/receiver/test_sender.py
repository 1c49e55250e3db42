import pytest

from gutenberg_explorer.signals import ForbiddenError, forbid_other_sites, is_browser


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, False),
        ({"host": "localhost", "user-agent": "Mozilla/5.0"}, False),
        ({"origin": "null"}, True),
        ({"sec-fetch-mode": "cors"}, True),
    ],
)
def test_who_is_a_browser(headers: dict[str, str], expected: bool) -> None:
    assert is_browser(headers) is expected


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-mode": "cors"},
        {"origin": "http://127.0.0.1:8000", "host": "127.0.0.1:8000"},
        {"origin": "http://example.org", "host": "example.org"},
        {"origin": "http://example.org", "host": "EXAMPLE.org:80"},
        {"origin": "https://example.org", "host": "example.org"},
        {"origin": "https://example.org", "host": "example.org:443"},
        {"origin": "http://[::1]:8000", "host": "[::1]:8000", "sec-fetch-site": "same-origin"},
    ],
)
def test_the_pages_own_requests(headers: dict[str, str]) -> None:
    forbid_other_sites(headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "anything"},
        {"sec-fetch-site": "cross-site", "origin": "http://a", "host": "a"},
        {"origin": "null", "host": "a"},
        {"origin": "", "host": "a"},
        {"origin": "http://a"},
        {"origin": "http://a", "host": "b"},
        {"origin": "http://a:8000", "host": "a:8001"},
        {"origin": "http://a:8000", "host": "a"},
        {"origin": "http://a", "host": "a@b"},
        {"origin": "http://a", "host": "x@a"},
        {"origin": "http://a:99999", "host": "a:99999"},
        {"origin": "http://[", "host": "["},
        {"origin": "file://", "host": "a"},
        {"origin": "chrome-extension://a", "host": "a"},
    ],
)
def test_the_requests_of_other_sites(headers: dict[str, str]) -> None:
    with pytest.raises(ForbiddenError):
        forbid_other_sites(headers)
