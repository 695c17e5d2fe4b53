"""Tells whoever watches the server whether it lives, can work, and what it has done."""
