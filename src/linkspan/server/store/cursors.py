"""Where a page of rows begins."""

from typing import Final

# Greater than any id: "~" comes after every letter in ASCII.
NEWEST: Final = "~"
