"""What the modal can do about each trouble, and what it says of each permission."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Action: TypeAlias = Literal["retry", "another_bank", "close"]


@dataclass(frozen=True, slots=True)
class Trouble:
    """One ending of the error pane; what it says is in ``messages/``, under the name of the reason.

    ``code`` is one of the public error codes of Stripe's client libraries.
    """

    code: str
    actions: tuple[Action, ...]
    is_by_choice: bool = True
    """Whether another bank would do, where the program did not choose this one."""


_RETRY: Final[tuple[Action, ...]] = ("retry", "another_bank", "close")
_ANOTHER: Final[tuple[Action, ...]] = ("another_bank", "close")

TROUBLES: Final[Mapping[str, Trouble]] = {
    "login_denied": Trouble("authorization_failed", _RETRY),
    "login_refused": Trouble("authorization_failed", _RETRY, is_by_choice=False),
    "account_locked": Trouble("authorization_failed", _RETRY, is_by_choice=False),
    "too_many_tries": Trouble("authorization_failed", _ANOTHER),
    "challenge_timeout": Trouble("authorization_failed", _RETRY, is_by_choice=False),
    "token_spent": Trouble("authorization_failed", _RETRY, is_by_choice=False),
    "plan_lapsed": Trouble("authorization_failed", _RETRY),
    "bank_down": Trouble("institution_unavailable_unplanned", _RETRY),
    "bank_maintenance": Trouble("institution_unavailable_planned", _ANOTHER),
    "bank_busy": Trouble("institution_unavailable_unplanned", _RETRY),
    "bank_timeout": Trouble("institution_timeout", _RETRY),
    "bank_unreadable": Trouble("unexpected_error", _RETRY),
    "bank_misconfigured": Trouble("unexpected_error", _ANOTHER),
    "no_accounts": Trouble("accounts_unavailable", _RETRY),
    "other_accounts": Trouble("accounts_unavailable", _RETRY, is_by_choice=False),
    "account_not_shown": Trouble("accounts_unavailable", _RETRY, is_by_choice=False),
    "numbers_unavailable": Trouble("account_numbers_unavailable", _RETRY),
    "none_payable": Trouble("no_debitable_account", _RETRY),
    "none_eligible": Trouble("no_eligible_accounts", _RETRY),
    "not_linkable": Trouble("institution_unavailable_unplanned", _ANOTHER, is_by_choice=False),
}

# What each permission lets the merchant see, in the order the consent pane lists them.
SHARED: Final = ("payment_method", "balances", "ownership", "transactions")
