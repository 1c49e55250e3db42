"""Which Host headers are answered: the names that a setting lists, or those of this machine.

A page that has its own name point to a server (DNS rebinding) gives itself away by this header.
"""

import ipaddress
from typing import Final

LOCAL_HOSTS: Final = ("localhost", "127.0.0.1", "[::1]")
ANY_HOST: Final = "*"


def host_names(listed: str | None) -> frozenset[str]:
    """Return the hosts of a comma-separated setting; for None, those of this machine."""
    if listed is None:
        return frozenset(LOCAL_HOSTS)
    return frozenset(name.strip().lower() for name in listed.split(",") if name.strip())


def host_name(header: str) -> str:
    """Return the name of a Host header's value, without its port and in lower case."""
    name, colon, port = header.rpartition(":")
    if not colon or name.count("[") != name.count("]"):
        return header.lower()
    return name.lower() if port.isdecimal() else ""


def is_address(name: str) -> bool:
    """Return whether a host is an IP address and no name, an IPv6 address in brackets."""
    try:
        found = ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return (found.version == 6) == name.startswith("[")


def is_loopback(host: str) -> bool:
    """Return whether nobody but this machine reaches what listens on a host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
