"""What the modal tells an end user, written by the server."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal, TypeAlias

Action: TypeAlias = Literal["retry", "another_bank", "close"]


@dataclass(frozen=True, slots=True)
class Trouble:
    """One ending of the error pane.

    ``{bank}`` stands for the institution's name, ``{or_another}`` for what can
    be done besides where the program did not choose it.
    ``code`` is one of the public error codes of Stripe's client libraries.
    """

    code: str
    title: str
    message: str
    actions: tuple[Action, ...]


_RETRY: Final[tuple[Action, ...]] = ("retry", "another_bank", "close")
_ANOTHER: Final[tuple[Action, ...]] = ("another_bank", "close")

OR_ANOTHER: Final = ", or choose another bank"

TROUBLES: Final[Mapping[str, Trouble]] = {
    "login_denied": Trouble(
        "authorization_failed",
        "Sign-in was not completed",
        "{bank} told us that access was declined. Nothing was shared. You can try again{or_another}.",
        _RETRY,
    ),
    "login_refused": Trouble(
        "authorization_failed",
        "Sign-in could not be confirmed",
        "The answer from {bank} could not be verified, so it was not used. Nothing was shared. "
        "Please try again.",
        _RETRY,
    ),
    "bank_down": Trouble(
        "institution_unavailable_unplanned",
        "{bank} is not available",
        "{bank} is having trouble right now. Try again in a few minutes{or_another}.",
        _RETRY,
    ),
    "bank_maintenance": Trouble(
        "institution_unavailable_planned",
        "{bank} is under maintenance",
        "{bank} is closed for maintenance. Try again later{or_another}.",
        _ANOTHER,
    ),
    "bank_busy": Trouble(
        "institution_unavailable_unplanned",
        "{bank} is busy",
        "{bank} asks us to wait before the next sign-in. Try again in a few minutes{or_another}.",
        _RETRY,
    ),
    "bank_timeout": Trouble(
        "institution_timeout",
        "{bank} did not answer in time",
        "To be safe we did not ask twice. Sign in again to link your accounts{or_another}.",
        _RETRY,
    ),
    "bank_unreadable": Trouble(
        "unexpected_error",
        "{bank} sent something unexpected",
        "The answer of {bank} could not be read. Tell the support of this site{or_another}.",
        _RETRY,
    ),
    "bank_misconfigured": Trouble(
        "unexpected_error",
        "{bank} cannot be reached from here",
        "The connection to {bank} is not set up correctly. Tell the support of this site{or_another}.",
        _ANOTHER,
    ),
    "no_accounts": Trouble(
        "accounts_unavailable",
        "No accounts were shared",
        "{bank} showed us no accounts. Sign in again and allow at least one account{or_another}.",
        _RETRY,
    ),
    "other_accounts": Trouble(
        "accounts_unavailable",
        "These are other accounts",
        "{bank} showed accounts that were not linked before. Sign in as you did then, and share the same "
        "accounts.",
        _RETRY,
    ),
    "account_not_shown": Trouble(
        "accounts_unavailable",
        "The account is not among them",
        "{bank} did not show the account that is to be linked again. Sign in again and share it.",
        _RETRY,
    ),
    "none_eligible": Trouble(
        "no_eligible_accounts",
        "No account can be linked here",
        "None of the accounts at {bank} is of a kind this site accepts. "
        "You can choose other accounts{or_another}.",
        _RETRY,
    ),
}

# The frame's own words on the consent pane, as its `i18n/en.ts` has them.
LANGUAGE: Final = "en"
CONSENT_TITLE: Final = "Let {merchant} see your accounts at {bank}"
CONSENT_TEXT: Final = "In the accounts you choose, they will see:"
CONSENT_AGREE: Final = "Agree and continue"

# What each permission lets the merchant see, in the order the consent pane lists them.
SHARED: Final[Mapping[str, tuple[str, str]]] = {
    "payment_method": ("Account and routing numbers", "To pay from or into the accounts you choose."),
    "balances": ("Balances", "What is in the accounts you choose."),
    "ownership": ("Owners", "Names and contact details the bank has for the accounts you choose."),
    "transactions": ("Transactions", "Up to 180 days of what went in and out."),
}
ALWAYS_SHARED: Final = (
    "Account details",
    "Bank, name, type and last four digits of the accounts you choose.",
)

NOTICE: Final = (
    "{merchant} keeps access until you or {merchant} ends it. You can end it at any time in the settings of "
    "{bank}, or by asking {merchant}. Your sign-in details go to {bank} only."
)

# Whatever is changed in what people read before they agree is another version of it.
CONSENT_VERSION: Final = sha256(
    repr((CONSENT_TITLE, CONSENT_TEXT, CONSENT_AGREE, ALWAYS_SHARED, tuple(SHARED.items()), NOTICE)).encode()
).hexdigest()[:12]
