"""What an account held at the end of a day."""

from typing import ClassVar, Literal

from linkspan.objects._base import ApiObject
from linkspan.objects.frozen_map import FrozenMap


class AccountInferredBalance(
    ApiObject,
    frozen=True,
    kw_only=True,
    tag_field="object",
    tag="financial_connections.account_inferred_balance",
):
    """The balance of an Account on one day, worked out from what moved; only preview versions know it."""

    object: ClassVar[Literal["financial_connections.account_inferred_balance"]] = (
        "financial_connections.account_inferred_balance"
    )
    """Type of the object. Since 2026-01-28.preview."""

    id: str
    """Identifier. Since 2026-01-28.preview."""

    as_of: int
    """The instant of the balance in Unix seconds: 23:59:59 UTC of its day. Since 2026-01-28.preview."""

    current: FrozenMap[int]
    """Posted funds, in minor units by lower-case ISO 4217 code; positive is owed to the holder, negative
    is owed by the holder. Since 2026-01-28.preview."""
