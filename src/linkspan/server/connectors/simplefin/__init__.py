"""Institutions and bridges that speak SimpleFIN."""
