"""The table of docs/clients.md, made from what a test observes of each client."""

from typing import Any

from scripts.telemetry_page import between, table

Observed = list[dict[str, Any]]

HEAD = ("client", "version", "transport", "accepted", "equal field by field", "shown right")


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def clients(observed: Observed) -> str:
    """Return the table of clients."""
    rows = (
        (
            each["client"],
            each["version"],
            each["transport"],
            _yes(each["accepted"]),
            _yes(each["equal"]),
            _yes(each["shown"]),
        )
        for each in observed
    )
    return table(HEAD, rows)


def filled(page: str, observed: Observed) -> str:
    """Return `page` with the table between its markers. Raises ValueError when it has none."""
    return between(page, "clients", clients(observed))
