"""Nothing is served from outside of the page's folder and the library, whatever is asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gutenberg_explorer.api import pages
from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.settings import Settings
from tests.api.raw import Address, get, said, served, status
from tests.conftest import client_of

SECRET = b"root:x:0:0"
UP = [
    b"../",
    b"..%2f",
    b"..%2F",
    b"%2e%2e/",
    b"%2e%2e%2f",
    b"%252e%252e%252f",
    b"..\\",
    b"..%5c",
    b"....//",
    b"..;/",
    b"%c0%ae%c0%ae/",
    b"..%c0%af",
    b"%uff0e%uff0e/",
    b"./../",
    b"//../",
    b"%00../",
]
UNDER = [b"/", b"/assets/", b"/read/", b"/books/", b"/api/traces/", b"/api/services/", b"/traces/"]
LEAVES = [b"secret.txt", b"secret.txt%00.js", b"/etc/passwd", b"%2fetc%2fpasswd"]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """A server whose page lies three folders below a secret."""
    folder = tmp_path_factory.mktemp("traversal")
    web = folder / "a" / "b" / "web"
    (web / "assets").mkdir(parents=True)
    (web / "index.html").write_text("<title>the page</title>")
    (web / "assets" / "link.txt").symlink_to("/etc/passwd")
    for parent in web.relative_to(folder).parents:
        (folder / parent / "secret.txt").write_bytes(SECRET)
    (web.parent / "web-secret").mkdir()
    (web.parent / "web-secret" / "secret.txt").write_bytes(SECRET)
    (folder / "shelf").mkdir()
    (folder / "shelf" / "book.txt").write_text("The white whale.\n")
    settings = Settings(data_dir=folder / "data", shelf=f"directory:{folder / 'shelf'}")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pages, "WEB", Path(web))
        with (
            client_of(Backend.open(settings)) as client,
            served(client.app) as found,
        ):
            yield found


@pytest.mark.parametrize("under", UNDER, ids=bytes.decode)
def test_no_way_leads_out(address: Address, under: bytes) -> None:
    for up in UP:
        for steps in (1, 2, 3, 8):
            for leaf in LEAVES:
                answer = said(address, get(under + up * steps + leaf))
                assert SECRET not in answer, (up, steps, leaf)
                assert status(answer) < 500, (up, steps, leaf)


@pytest.mark.parametrize(
    "path",
    [
        b"/etc/passwd",
        b"//etc/passwd",
        b"file:///etc/passwd",
        b"/assets//etc/passwd",
        b"/assets/link.txt",
        b"/assets/..%2f..%2fweb-secret/secret.txt",
        b"/assets/C:%5cWindows%5cwin.ini",
        b"/assets/" + b"a" * 300,
        b"/" + b"a" * 300 + b"/b",
        b"/assets/" + b"a/" * 3_000,
        b"/assets/%ff%fe",
        b"/assets/%ed%a0%80",
        b"/assets/.",
        b"/assets/%20",
        b"/index.html.gz",
        b"/read/" + b"%00" * 100,
    ],
)
def test_odd_addresses_are_answered(address: Address, path: bytes) -> None:
    answer = said(address, get(path))
    assert SECRET not in answer
    assert status(answer) < 500


def test_the_secret_would_be_seen(address: Address) -> None:
    (pages.WEB / "assets" / "plain.txt").write_bytes(SECRET)
    assert SECRET in said(address, get(b"/assets/plain.txt"))
