"""Puts objects into SQL and takes them out again."""
