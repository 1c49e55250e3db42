"""The dashboard, monitors and SLOs in Datadog, kept as files: planned, applied, exported.

Where to begin: `sync.py`. It needs `datadog-api-client`, which the extra `[datadog]` brings.
"""

from gutenberg_explorer.datadog.api import Datadog
from gutenberg_explorer.datadog.folder import Folder
from gutenberg_explorer.datadog.kinds import DatadogError
from gutenberg_explorer.datadog.sync import Change, apply, export, plan

__all__ = ["Change", "Datadog", "DatadogError", "Folder", "apply", "export", "plan"]
