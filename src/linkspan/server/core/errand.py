"""What a page wants of a linking besides the accounts themselves."""

from typing import Literal, TypeAlias

import msgspec

from linkspan.objects import BillingDetails, FrozenMap

Purpose: TypeAlias = Literal["accounts", "token", "payment", "setup"]


class Errand(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which of Stripe.js's calls began it, and what came with that."""

    purpose: Purpose = "accounts"
    intent: str | None = None
    """The intent an account is collected for."""
    billing_details: BillingDetails | None = None
    """Who pays, as the page knows them."""
    metadata: FrozenMap[str] | None = None
    """What the merchant's page notes on the PaymentMethod."""
    shows_method: bool = False
    """Whether the page wants the PaymentMethod in full."""
    is_typed_only: bool = False
    """Whether the intent takes typed numbers alone."""

    @property
    def takes_one(self) -> bool:
        """Whether one account is collected, which must be one that can be paid from."""
        return self.purpose != "accounts"


LINKING = Errand()
"""Nothing but the accounts."""
