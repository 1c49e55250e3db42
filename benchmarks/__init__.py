"""Measurements of the real program, as a user runs it. `make bench` runs them all."""
