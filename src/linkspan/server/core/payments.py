"""What the API shows of the numbers and the methods money can be moved with, never a digit."""

from collections.abc import Collection, Iterable
from typing import Final

from linkspan.objects import AccountNumber, PaymentMethodType
from linkspan.server.core.eligibility import can_be_paid_from
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
            expected_expiry_date=None,
            identifier_type="tokenized_account_number" if number.tokenized else "account_number",
            status="transactable" if is_open else "deactivated",
            supported_networks=("ach",),
        )
        for number in numbers
    )


def methods_of(account: FoundAccount) -> tuple[PaymentMethodType, ...]:
    """Return the kinds of PaymentMethod that can be made from *account*."""
    return ("us_bank_account", "link") if can_be_paid_from(account) else ()
