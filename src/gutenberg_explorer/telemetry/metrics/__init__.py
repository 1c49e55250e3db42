"""Metrics: the helper that records them, the instruments, and who reads them."""
