"""What Stripe's test numbers bring about, in test mode alone (Stripe docs, "ACH direct debit", "Testing")."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from linkspan.server.core.bank_number import TEST_ROUTING_NUMBER
from linkspan.server.core.found import FoundNumber


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why an intent came to nothing, as its last error says it."""

    code: str
    message: str


class Deposits(Enum):
    """What an answer about small deposits brings about."""

    VERIFIED = "verified"
    WRONG = "wrong"
    TOO_MANY_TRIES = "too many tries"
    TOO_LATE = "too late"


NOT_SENT: Final = Trouble(
    "payment_method_microdeposit_failed",
    "Micro-deposits could not be sent to this bank account. Check the account and routing number.",
)
TOO_MANY_TRIES: Final = Trouble(
    "payment_method_microdeposit_verification_attempts_exceeded",
    "You have exceeded the number of allowed verification attempts.",
)
TOO_LATE: Final = Trouble(
    "payment_method_microdeposit_verification_timeout",
    "Micro-deposits were not verified within the ten days there are for it.",
)
# Their amounts in cents, and the code in the statement.
_ANSWERS: Final[Mapping[tuple[int, ...] | str, Deposits]] = {
    (32, 45): Deposits.VERIFIED,
    "SM11AA": Deposits.VERIFIED,
    (10, 11): Deposits.TOO_MANY_TRIES,
    "SM33CC": Deposits.TOO_MANY_TRIES,
    (40, 41): Deposits.TOO_LATE,
    "SM44DD": Deposits.TOO_LATE,
}
TEST_NUMBER: Final = "000123456789"
"""The account that everything succeeds with."""
_NO_DEPOSITS: Final = "000666666661"
_PROCESSING: Final = "000000000009"
_DISPUTE: Final = "000555555559"
_FAILURES: Final[Mapping[str, Trouble]] = {
    "000111111113": Trouble("account_closed", "The customer's bank account has been closed."),
    "000000004954": Trouble(
        "payment_intent_payment_attempt_failed", "The payment was blocked because its risk is high."
    ),
    "000111111116": Trouble("no_account", "An account could not be located."),
    "000222222227": Trouble(
        "insufficient_funds", "The customer's account has insufficient funds to cover this payment."
    ),
    "000333333335": Trouble(
        "debit_not_authorized", "The customer has notified their bank that this payment was unauthorized."
    ),
    "000444444440": Trouble("invalid_currency", "The customer's account does not take this currency."),
    "000777777771": Trouble(
        "charge_exceeds_weekly_limit", "The payment would exceed the weekly limit of the account."
    ),
    "000888888885": Trouble(
        "tokenized_account_number_deactivated", "The stand-in number of the account was deactivated."
    ),
}
# PaymentMethods that test mode has without their being made.
METHODS: Final[Mapping[str, str]] = {
    "pm_usBankAccount_success": TEST_NUMBER,
    "pm_usBankAccount_accountClosed": "000111111113",
    "pm_usBankAccount_riskLevelHighest": "000000004954",
    "pm_usBankAccount_noAccount": "000111111116",
    "pm_usBankAccount_insufficientFunds": "000222222227",
    "pm_usBankAccount_debitNotAuthorized": "000333333335",
    "pm_usBankAccount_invalidCurrency": "000444444440",
    "pm_usBankAccount_failMicrodeposits": _NO_DEPOSITS,
    "pm_usBankAccount_dispute": _DISPUTE,
    "pm_usBankAccount_processing": _PROCESSING,
    "pm_usBankAccount_weeklyLimitExceeded": "000777777771",
}
"""The account number each stands for."""


def failure_of(number: FoundNumber) -> Trouble | None:
    """Return what a payment from an account fails with; none where it succeeds, as from any other."""
    return _FAILURES.get(number.account_number) if _is_test(number) else None


def never_ends(number: FoundNumber) -> bool:
    """Tell whether a payment from an account stays under way for ever."""
    return _is_test(number) and number.account_number == _PROCESSING


def takes_deposits(number: FoundNumber) -> bool:
    """Tell whether small deposits reach an account."""
    return not (_is_test(number) and number.account_number == _NO_DEPOSITS)


def answered(answer: tuple[int, ...] | str) -> Deposits:
    """Return what comes of an answer: two amounts in either order, or the code."""
    told = answer.upper() if isinstance(answer, str) else tuple(sorted(answer))
    return _ANSWERS.get(told, Deposits.WRONG)


def _is_test(number: FoundNumber) -> bool:
    return number.routing_number == TEST_ROUTING_NUMBER
