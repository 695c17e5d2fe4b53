"""Seals what a bank entrusted to us."""
