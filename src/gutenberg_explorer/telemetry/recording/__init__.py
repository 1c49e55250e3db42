"""Spans as cheap objects behind OpenTelemetry's API. Imports nothing of this project."""
