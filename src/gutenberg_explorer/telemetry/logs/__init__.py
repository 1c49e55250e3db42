"""Log lines that name their trace, and their export."""
