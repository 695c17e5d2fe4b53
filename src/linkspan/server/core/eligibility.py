"""Which of the accounts a bank shows may be linked in a Session."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from linkspan.objects import Filters
from linkspan.server.core.found import FoundAccount
from linkspan.server.core.session import ACCOUNT_SUBCATEGORIES

WhyNone = Literal["numbers_unavailable", "none_payable", "none_eligible"]


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why an account may not be linked; the modal has words for it in every language."""

    name: Literal["closed", "other_kind", "not_payable", "no_numbers", "not_linked_before"]
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
        return WhyNot("no_numbers" if _lacks_numbers(account) else "not_payable")
    return None


def why_none(
    accounts: Sequence[FoundAccount], why_nots: Collection[WhyNot | None], filters: Filters | None
) -> WhyNone | None:
    """Return why nothing can come of *accounts*, which each may not be linked for one of *why_nots*."""
    names = {why.name for why in why_nots if why is not None}
    if None in why_nots:
        needs_one = filters is not None and filters.require_payment_method_support == "at_least_one"
        if not needs_one or any(map(_may_be_paid_from, accounts)):
            return None
        names = {"no_numbers" if any(map(_lacks_numbers, accounts)) else "not_payable"}
    if "no_numbers" in names:
        return "numbers_unavailable"
    return "none_payable" if "not_payable" in names else "none_eligible"


def must_say_kind(filters: Filters | None) -> bool:
    """Tell whether a holder has to say of what kind an account is: unsaid it is ``other``."""
    accepted = (filters and filters.account_subcategories) or None
    return accepted is not None and "other" not in accepted


def can_be_paid_from(account: FoundAccount) -> bool:
    """Tell whether money can be moved from *account*: checking or savings with known numbers."""
    return _is_for_payments(account) and any(not number.is_dead for number in account.numbers)


def _is_for_payments(account: FoundAccount) -> bool:
    return account.subcategory in {"checking", "savings"} and account.is_open


def _may_be_paid_from(account: FoundAccount) -> bool:
    """Tell whether money can be moved from *account*, be it only once its holder has said its kind."""
    return can_be_paid_from(account) or (not account.is_kind_told and bool(account.numbers))


def _lacks_numbers(account: FoundAccount) -> bool:
    """Tell whether all that keeps money from moving is that the bank does not say by which numbers."""
    return (
        account.is_open
        and not account.are_numbers_told
        and (_is_for_payments(account) or not account.is_kind_told)
    )


def _order(subcategory: str) -> int:
    known = subcategory in ACCOUNT_SUBCATEGORIES
    return ACCOUNT_SUBCATEGORIES.index(subcategory) if known else len(ACCOUNT_SUBCATEGORIES)
