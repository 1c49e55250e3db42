"""Who is knocking: a page in a browser, or a program."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from gutenberg_explorer.signals.errors import ForbiddenError

_DEFAULT_PORTS = {"http": 80, "https": 443}
_OWN_SITE = frozenset({"same-origin", "none"})


def is_browser(headers: Mapping[str, str]) -> bool:
    """Return whether a browser sent these headers (names in lower case).

    Scripts can neither set nor remove `Origin` and `Sec-Fetch-…`.
    """
    return "origin" in headers or any(name.startswith("sec-fetch-") for name in headers)


def forbid_other_sites(headers: Mapping[str, str]) -> None:
    """Raise ForbiddenError when a browser says that another site's page sends the request."""
    site = headers.get("sec-fetch-site")
    if site is not None and site not in _OWN_SITE:
        raise ForbiddenError("the request comes from another site's page")
    origin = headers.get("origin")
    if origin is not None and not _same_host(origin, headers.get("host", "")):
        raise ForbiddenError("the request's Origin is not the host it was sent to")


def _same_host(origin: str, host: str) -> bool:
    try:
        left = urlsplit(origin)
        right = urlsplit(f"{left.scheme}://{host}")
        default = _DEFAULT_PORTS[left.scheme]
        if right.username is not None or right.path or right.query:
            return False
        return bool(left.hostname) and (left.hostname, left.port or default) == (
            right.hostname,
            right.port or default,
        )
    except (ValueError, KeyError):
        return False
