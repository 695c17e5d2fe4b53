"""Banks that speak FDX 6 or 5 behind OAuth 2.0."""
