"""Banks that speak OFX Direct Connect."""
