"""The local store of traces, and its queries."""
