"""Describes the API for readers and programs, from what serves the requests."""
