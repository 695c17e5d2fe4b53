"""What a Financial Connections Session may ask for."""

from dataclasses import dataclass
from typing import Final

from linkspan.server.core.refusals import BadParameter

PERMISSIONS: Final = ("balances", "ownership", "payment_method", "transactions")
PREFETCHABLE: Final = ("balances", "ownership", "transactions")
ACCOUNT_SUBCATEGORIES: Final = ("checking", "credit_card", "line_of_credit", "mortgage", "savings")
PAYMENT_METHOD_SUPPORT: Final = ("all", "at_least_one", "none")

# Stripe does not publish how long a Session may be used; a day is long enough
# for a person to find their bank's password, short enough for a leaked secret.
LIFETIME_SECONDS: Final = 24 * 60 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedFilters:
    """The kinds of accounts the caller would accept."""

    account_subcategories: tuple[str, ...] | None = None
    country: str | None = None
    require_payment_method_support: str = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedSession:
    """The parameters of `POST /v1/financial_connections/sessions`, decoded."""

    holder_type: str
    customer: str | None
    account: str | None
    permissions: tuple[str, ...]
    prefetch: tuple[str, ...] = ()
    filters: WantedFilters = WantedFilters()
    accounts_max: int | None = None
    manual_entry_mode: str = "disabled"
    return_url: str | None = None


def check(wanted: WantedSession) -> None:
    """Refuse what no Session may ask for, naming the parameter."""
    holder = "customer" if wanted.holder_type == "customer" else "account"
    other = "account" if holder == "customer" else "customer"
    if getattr(wanted, other) is not None:
        raise BadParameter(
            f"You may only specify `account_holder[{other}]` when `account_holder[type]` is `{other}`.",
            param=f"account_holder[{other}]",
        )
    for index, feature in enumerate(wanted.prefetch):
        if feature == "transactions":
            raise BadParameter(
                "This release cannot prefetch `transactions`; it serves no transactions yet.",
                param=f"prefetch[{index}]",
            )
        if feature not in wanted.permissions:
            raise BadParameter(
                f"You may only prefetch `{feature}` when the `{feature}` permission is requested.",
                param=f"prefetch[{index}]",
            )
