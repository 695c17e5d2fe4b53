"""What the product does: one function per API method or linking step."""
