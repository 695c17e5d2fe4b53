# Written by tools/unasync.py from ../_async/__init__.py: change that file, then run the tool.
"""Makes calls without holding up the program that waits for them."""
