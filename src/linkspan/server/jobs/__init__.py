"""Runs what was left for later."""
