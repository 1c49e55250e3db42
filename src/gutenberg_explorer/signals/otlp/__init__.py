"""OTLP's messages, read from the body of a request and written as JSON."""
