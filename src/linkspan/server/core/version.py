"""The API version the server thinks in."""

from typing import Final

NEWEST: Final = "2026-10-28.endive"

NEWEST_PREVIEW: Final = f"{NEWEST.partition('.')[0]}.preview"
"""The preview of the same day, which what only previews show is written in."""


def is_preview(version: str) -> bool:
    """Tell whether *version* is a preview, which has methods, parameters and fields of its own."""
    return version.endswith(".preview")
