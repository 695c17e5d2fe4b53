"""The API version the server thinks in."""

from typing import Final

NEWEST: Final = "2026-10-28.endive"
