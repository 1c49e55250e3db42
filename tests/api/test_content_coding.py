import gzip

import pytest
from fastapi import Request

from gutenberg_explorer.api.content_coding import accepted_codings, json_response

LONG = b'{"contents":"' + b"CHAPTER " * 1_000 + b'"}'


def request_with(accept: str | None) -> Request:
    headers = [] if accept is None else [(b"accept-encoding", accept.encode())]
    return Request({"type": "http", "headers": headers})


@pytest.mark.parametrize(
    ("accept", "codings"),
    [
        (None, set()),
        ("gzip", {"gzip"}),
        ("GZIP, br;q=0.5", {"gzip", "br"}),
        ("gzip;q=0, br; q=0.0, zstd", {"zstd"}),
    ],
)
def test_codings_are_accepted_unless_refused(accept: str | None, codings: set[str]) -> None:
    assert accepted_codings(request_with(accept)) - {""} == codings


@pytest.mark.parametrize("accept", ["gzip", "br, gzip;q=0.1"])
def test_long_json_is_compressed_for_whoever_takes_it(accept: str) -> None:
    response = json_response(request_with(accept), LONG)
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["vary"] == "Accept-Encoding"
    assert response.headers["content-length"] == str(len(response.body))
    assert len(response.body) < len(LONG) / 10
    assert gzip.decompress(bytes(response.body)) == LONG


@pytest.mark.parametrize(("accept", "body"), [(None, LONG), ("gzip;q=0", LONG), ("gzip", b"{}")])
def test_other_json_is_sent_as_it_is(accept: str | None, body: bytes) -> None:
    response = json_response(request_with(accept), body)
    assert "content-encoding" not in response.headers
    assert response.headers["vary"] == "Accept-Encoding"
    assert response.body == body
