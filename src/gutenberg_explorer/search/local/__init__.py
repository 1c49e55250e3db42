"""The engine that searches an index in the process that serves it."""
