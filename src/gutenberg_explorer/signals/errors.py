"""What can go wrong at the door and in the store."""


class StoreError(Exception):
    """The store could not be read or written just now: locked, full, or out of reach."""


class OtlpError(Exception):
    """A request that the door refuses; `status` is the HTTP status that says why."""

    status = 400
    title = "The spans are malformed"


class MalformedError(OtlpError):
    """The body is not an export request, or its spans break a rule."""


class ForbiddenError(OtlpError):
    """The sender may not send spans here."""

    status = 403
    title = "Spans are accepted only from this page"


class TooLargeError(OtlpError):
    """The body is larger than the door takes, as sent or once decompressed."""

    status = 413
    title = "The spans are too large"


class UnsupportedMediaError(OtlpError):
    """The body's type or encoding is none that the door reads."""

    status = 415
    title = "The spans' format is not supported"
