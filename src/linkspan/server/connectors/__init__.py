"""Speaks with institutions, one folder per family of protocols."""
