"""The rules that the numbers of a bank account in the US keep."""

import re
from typing import Final

from linkspan.server.core.found import FoundNumber
from linkspan.server.core.refusals import BadParameter

_ROUTING: Final = re.compile(r"[0-9]{9}")
# Nacha Operating Rules, entry detail record, "DFI account number": up to 17 characters.
_ACCOUNT: Final = re.compile(r"[0-9]{4,17}")
# ABA routing number policy: the weighted sum of the digits is a multiple of ten.
_WEIGHTS: Final = (3, 7, 1) * 3

# Stripe's documents name these digits for tests; no bank has them.
TEST_ROUTING_NUMBER: Final = "110000000"
_TEST_BANK_NAME: Final = "STRIPE TEST BANK"


def checked(routing_number: str, account_number: str, *, within: str) -> FoundNumber:
    """Return the numbers that were typed, or refuse them by the name they have *within* a hash."""
    if not _ROUTING.fullmatch(routing_number):
        raise BadParameter(
            "Routing number must have 9 digits.",
            param=f"{within}[routing_number]",
            code="routing_number_invalid",
        )
    if not _keeps_check_digit(routing_number):
        raise BadParameter(
            "Invalid routing number: its last digit does not fit the others.",
            param=f"{within}[routing_number]",
            code="routing_number_invalid",
        )
    if not _ACCOUNT.fullmatch(account_number):
        raise BadParameter(
            "Invalid account number: it must have between 4 and 17 digits, and nothing else.",
            param=f"{within}[account_number]",
            code="account_number_invalid",
        )
    return FoundNumber(routing_number=routing_number, account_number=account_number, tokenized=False)


def is_american(number: FoundNumber) -> bool:
    """Tell whether a number that a bank gave is one of a bank in the US."""
    return is_routing_number(number.routing_number)


def is_routing_number(text: str) -> bool:
    """Tell whether *text* is nine digits, the last of which fits the others."""
    return bool(_ROUTING.fullmatch(text)) and _keeps_check_digit(text)


def bank_name_of(routing_number: str) -> str | None:
    """Return the name of the bank with a routing number, where it is known here."""
    return _TEST_BANK_NAME if routing_number == TEST_ROUTING_NUMBER else None


def _keeps_check_digit(routing_number: str) -> bool:
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, routing_number, strict=True)) % 10 == 0
