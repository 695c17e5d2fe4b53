"""How many accounts a Session may collect."""

from linkspan.objects._base import ApiObject


class Limits(ApiObject, frozen=True, kw_only=True):
    """The bounds of a Session."""

    accounts: int
    """How many accounts can be linked, a count. Since 2026-07-29.dahlia."""
