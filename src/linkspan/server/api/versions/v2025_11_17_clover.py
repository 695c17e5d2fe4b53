"""2025-11-17.clover: an Account tells which kinds of numbers it has."""

from typing import Final

from linkspan.server.api.versions.change import ACCOUNT, Change

CHANGE: Final = Change(
    version="2025-11-17.clover",
    summary="Accounts have `account_numbers`: kinds, states and networks of their numbers, never digits.",
    fields={ACCOUNT: ("account_numbers",)},
)
