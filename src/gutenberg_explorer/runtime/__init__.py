"""Opens and closes what runs together: telemetry, trace store, library and index.

`cli` and `api` both need it. It knows no web framework, and each module loads what it opens alone.
"""
