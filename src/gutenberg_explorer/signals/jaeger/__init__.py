"""Stored traces in the shape of Jaeger's query API, and the API's parameters."""
