"""What can be read of an Account again and again, and the permissions that each needs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """The rules of one feature: singular where permissions are plural, as the API has it."""

    permissions: tuple[str, ...]
    """What the end user must have permitted, all of it."""
    prefetch: str
    """What a Session calls it that has it read as soon as an account is linked."""
    refreshed: str
    """The event that tells of the end of a refresh."""
    is_preview: bool = False
    """Whether only preview versions know it."""


_ACCOUNT: Final = "financial_connections.account"

# The permission rules of Stripe's "Data permissions", by the names that calls use.
FEATURES: Final[Mapping[str, Feature]] = {
    "balance": Feature(
        permissions=("balances",), prefetch="balances", refreshed=f"{_ACCOUNT}.refreshed_balance"
    ),
    "ownership": Feature(
        permissions=("ownership",), prefetch="ownership", refreshed=f"{_ACCOUNT}.refreshed_ownership"
    ),
    "transactions": Feature(
        permissions=("transactions",), prefetch="transactions", refreshed=f"{_ACCOUNT}.refreshed_transactions"
    ),
    # Worked out from a balance and what moved before it.
    "inferred_balances": Feature(
        permissions=("balances", "transactions"),
        prefetch="inferred_balances",
        refreshed=f"{_ACCOUNT}.refreshed_inferred_balances",
        is_preview=True,
    ),
}

# The feature behind each word of a Session's prefetch.
PREFETCHED_AS: Final[Mapping[str, str]] = {rule.prefetch: name for name, rule in FEATURES.items()}

# What each call takes, and what it takes in preview versions.
REFRESHABLE: Final = ("balance", "ownership", "transactions")
REFRESHABLE_IN_PREVIEWS: Final = (*REFRESHABLE, "inferred_balances")
SUBSCRIBABLE: Final = ("transactions",)
SUBSCRIBABLE_IN_PREVIEWS: Final = (*SUBSCRIBABLE, "balance", "inferred_balances")


def not_permitted(feature: str, permissions: Collection[str]) -> str | None:
    """Return the permission that *feature* needs and *permissions* lack; none when all are there."""
    return next((needed for needed in FEATURES[feature].permissions if needed not in permissions), None)
