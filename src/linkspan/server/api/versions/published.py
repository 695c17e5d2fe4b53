"""The versions of the API that Stripe has published, oldest first.

From the last one before Financial Connections was open to everybody, which
accounts of that time are still pinned to. Dates compare as text, and the name
of a release train follows its date.
"""

from difflib import get_close_matches
from typing import Final

from linkspan.server.core.version import NEWEST

PUBLISHED: Final = (
    "2020-08-27",
    "2022-08-01",
    "2022-11-15",
    "2023-08-16",
    "2023-10-16",
    "2024-04-10",
    "2024-06-20",
    "2024-09-30.acacia",
    "2024-10-28.acacia",
    "2024-11-20.acacia",
    "2024-12-18.acacia",
    "2025-01-27.acacia",
    "2025-02-24.acacia",
    "2025-03-31.basil",
    "2025-04-30.basil",
    "2025-05-28.basil",
    "2025-06-30.basil",
    "2025-07-30.basil",
    "2025-08-27.basil",
    "2025-09-30.clover",
    "2025-10-29.clover",
    "2025-11-17.clover",
    "2025-12-15.clover",
    "2026-01-28.clover",
    "2026-02-25.clover",
    "2026-03-25.dahlia",
    "2026-04-22.dahlia",
    "2026-05-27.dahlia",
    "2026-06-24.dahlia",
    "2026-07-29.dahlia",
    "2026-08-26.dahlia",
    "2026-09-30.endive",
    NEWEST,
)

# The first preview served: before it no preview had anything of account linking that programs still use.
_FIRST_PREVIEW: Final = "2026-01-28"

# Stripe publishes a preview beside each release, under the same day. As text it
# stands behind that release, so it has all that the release has.
PREVIEWS: Final = tuple(
    f"{day}.preview" for day in (version.partition(".")[0] for version in PUBLISHED) if day >= _FIRST_PREVIEW
)

SERVED: Final = tuple(sorted((*PUBLISHED, *PREVIEWS)))
"""Releases and previews in the order of their days."""

_SUGGESTED: Final = 3


def nearest(asked: str) -> tuple[str, ...]:
    """Return the versions somebody may have meant by *asked*."""
    holding = [version for version in SERVED if asked and asked in version]
    return tuple(holding[-_SUGGESTED:] or get_close_matches(asked, SERVED, n=_SUGGESTED))
