"""`python -m kunren`."""

from kunren.cli import main

main()
