"""The sign of each brand, drawn in a square of 32 by 32."""

from collections.abc import Mapping
from typing import Final

MARKS: Final[Mapping[str, str]] = {
    "arch": '<path d="M5 27V16a11 11 0 0 1 22 0v11M12 27V17a4 4 0 0 1 8 0v10"/>',
    "bars": '<path d="M5 27h22M8 22V12M16 22V6M24 22V15"/>',
    "bell": '<path d="M6 23h20c-3-3-3-6-3-9a7 7 0 0 0-14 0c0 3 0 6-3 9zM14 27h4M16 4v3"/>',
    "bridge": '<path d="M3 24h26M3 16c5 0 8-4 8-9M29 16c-5 0-8-4-8-9M11 7v17M21 7v17M11 13c3 4 7 4 10 0"/>',
    "crest": '<path d="M16 4l10 4v8c0 6-4 10-10 12-6-2-10-6-10-12V8zM11 16l4 4 6-7"/>',
    "dot": '<circle cx="16" cy="16" r="11"/><circle cx="20" cy="13" r="3" fill="currentColor"/>',
    "flask": '<path d="M12 4h8M13 4v8L6 26a2 2 0 0 0 2 3h16a2 2 0 0 0 2-3l-7-14V4M9 21h14"/>',
    "leaf": '<path d="M6 26C5 13 12 6 27 5c0 14-7 21-18 19M6 27c4-7 8-11 14-15"/>',
    "peak": '<path d="M3 26 12 10l6 10 4-6 7 12z"/>',
    "rings": '<circle cx="12" cy="16" r="8"/><circle cx="20" cy="16" r="8"/>',
    "sail": '<path d="M16 4v18M16 5c6 4 9 9 9 15h-9M13 9c-4 3-6 7-7 11h7M4 26h24"/>',
    "tide": '<path d="M4 12c4-4 8-4 12 0s8 4 12 0M4 20c4-4 8-4 12 0s8 4 12 0"/>',
    "swirl": '<path d="M16 16a3 3 0 1 1 3 3c-5 0-8-3-8-7 0-5 4-8 9-8 6 0 9 5 9 10 0 8-6 13-13 13"/>',
    "wing": '<path d="M5 26C8 14 16 6 28 5c-1 5-4 8-8 9 2 0 4 0 5 1-3 5-8 7-14 6"/>',
}
