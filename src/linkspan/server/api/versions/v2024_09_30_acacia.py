"""2024-09-30.acacia: a Session can ask for some kinds of accounts only."""

from typing import Final

from linkspan.server.api.versions.change import SESSION, Change

CHANGE: Final = Change(
    version="2024-09-30.acacia",
    summary="Sessions have `filters.account_subcategories`.",
    parameters={"sessions.create": ("filters[account_subcategories]",)},
    fields={SESSION: ("filters.account_subcategories",)},
)
