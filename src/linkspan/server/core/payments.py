"""What the API shows of the numbers and the methods money can be moved with, never a digit."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Final

import msgspec

from linkspan.objects import AccountNumber, PaymentMethodType
from linkspan.server.core.eligibility import can_be_paid_from
from linkspan.server.core.endings import is_news
from linkspan.server.core.found import FoundAccount, FoundNumber

# Numbers are for moving money, so they are shown to those who may.
_PERMISSION: Final = "payment_method"


def numbers_shown(
    numbers: Iterable[FoundNumber], permissions: Collection[str], *, is_open: bool
) -> tuple[AccountNumber, ...]:
    """Return what is told of *numbers*; those of a closed account move no money."""
    if _PERMISSION not in permissions:
        return ()
    return tuple(
        AccountNumber(
            expected_expiry_date=None if number.is_dead else number.expires_at,
            identifier_type="tokenized_account_number" if number.tokenized else "account_number",
            status="transactable" if is_open and not number.is_dead else "deactivated",
            supported_networks=("ach",),
        )
        for number in numbers
    )


def remembered(told: Sequence[FoundNumber], before: Sequence[FoundNumber]) -> tuple[FoundNumber, ...]:
    """Return the numbers a bank *told*, or those it told *before* where it tells none.

    A number that was there before keeps its end while the bank tells no other one.
    """
    ends = {(one.routing_number, one.account_number): one.expires_at for one in before}
    return tuple(_with_end(one, ends.get((one.routing_number, one.account_number))) for one in told or before)


def _with_end(number: FoundNumber, known: int | None) -> FoundNumber:
    is_new = number.expires_at is not None and is_news(known, number.expires_at)
    return number if is_new else replace(number, expires_at=known)


def expired(numbers: Iterable[FoundNumber], *, now: int) -> tuple[FoundNumber, ...]:
    """Return *numbers*, with those dead whose end has come."""
    return tuple(
        replace(one, is_dead=True) if one.expires_at is not None and one.expires_at <= now else one
        for one in numbers
    )


def without_expired(shown: Iterable[AccountNumber], *, now: int) -> tuple[AccountNumber, ...]:
    """Return what is *shown* of numbers once those whose end has come are deactivated."""
    return tuple(
        msgspec.structs.replace(one, status="deactivated", expected_expiry_date=None)
        if one.expected_expiry_date is not None and one.expected_expiry_date <= now
        else one
        for one in shown
    )


def methods_of(account: FoundAccount) -> tuple[PaymentMethodType, ...]:
    """Return the kinds of PaymentMethod that can be made from *account*."""
    return ("us_bank_account", "link") if can_be_paid_from(account) else ()
