"""Ended spans on their way to the local store and to an OTLP endpoint."""
