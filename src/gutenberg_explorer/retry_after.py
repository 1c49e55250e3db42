"""The `Retry-After` header of an answer (RFC 9110, 10.2.3)."""

import sys


def seconds_to_wait(retry_after: str | None) -> float | None:
    """Return how many seconds the header asks to wait, at least 0.

    None where there is no header, or neither a whole number of seconds nor a date.
    """
    # Imported only where it is used: most starts send no request.
    from urllib3.exceptions import InvalidHeader  # noqa: PLC0415
    from urllib3.util import Retry  # noqa: PLC0415

    if retry_after is None:
        return None
    try:
        return float(Retry(retry_after_max=sys.maxsize).parse_retry_after(retry_after))
    except (InvalidHeader, ValueError, OverflowError):  # the last two: a date that never comes
        return None
