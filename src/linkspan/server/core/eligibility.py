"""Which of the accounts a bank shows may be linked in a Session."""

from dataclasses import dataclass
from typing import Literal

from linkspan.objects import Filters
from linkspan.server.core.found import FoundAccount
from linkspan.server.core.session import ACCOUNT_SUBCATEGORIES


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why an account may not be linked; the modal has words for it in every language."""

    name: Literal["closed", "other_kind", "not_payable", "not_linked_before"]
    accepted: tuple[str, ...] = ()
    """The subcategories that may be, where that is the reason."""


def why_not(account: FoundAccount, filters: Filters | None) -> WhyNot | None:
    """Return why *account* may not be linked; ``None`` when it may.

    One whose kind the bank does not tell may be, until its holder has said.
    """
    if not account.is_open:
        return WhyNot("closed")
    accepted = (filters and filters.account_subcategories) or None
    if accepted is not None and account.is_kind_told and account.subcategory not in accepted:
        return WhyNot("other_kind", tuple(sorted(accepted, key=_order)))
    if filters and filters.require_payment_method_support == "all" and not can_be_paid_from(account):
        return WhyNot("not_payable")
    return None


def must_say_kind(filters: Filters | None) -> bool:
    """Tell whether a holder has to say of what kind an account is: unsaid it is ``other``."""
    accepted = (filters and filters.account_subcategories) or None
    return accepted is not None and "other" not in accepted


def can_be_paid_from(account: FoundAccount) -> bool:
    """Tell whether money can be moved from *account*: checking or savings with known numbers."""
    return account.subcategory in {"checking", "savings"} and bool(account.numbers) and account.is_open


def _order(subcategory: str) -> int:
    known = subcategory in ACCOUNT_SUBCATEGORIES
    return ACCOUNT_SUBCATEGORIES.index(subcategory) if known else len(ACCOUNT_SUBCATEGORIES)
