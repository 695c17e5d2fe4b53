"""Runs the operator's verbs as ``python -m linkspan.cli``."""

from linkspan.cli import main

main()
