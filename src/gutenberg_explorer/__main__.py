"""`python -m gutenberg_explorer`."""

from gutenberg_explorer.cli import main

main()
