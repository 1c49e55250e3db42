"""What goes wrong between the files and Datadog."""


class DatadogError(Exception):
    """Datadog, its keys or the files can't be used; the message says why, without any key."""
