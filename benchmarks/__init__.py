"""Measures Linkspan beside its peers: one run, one machine, ratios."""
