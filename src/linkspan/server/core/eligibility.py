"""Which of the accounts a bank shows may be linked in a Session."""

from linkspan.objects import Filters
from linkspan.server.core.found import FoundAccount
from linkspan.server.core.session import ACCOUNT_SUBCATEGORIES

_NAMES = {
    "checking": "checking",
    "credit_card": "credit card",
    "line_of_credit": "line of credit",
    "mortgage": "mortgage",
    "savings": "savings",
}


def why_not(account: FoundAccount, filters: Filters | None) -> str | None:
    """Return why *account* may not be linked, as an end user reads it; ``None`` when it may."""
    if not account.is_open:
        return "This account is closed at your bank."
    accepted = (filters and filters.account_subcategories) or None
    if accepted is not None and account.subcategory not in accepted:
        return f"Only {_listed(accepted)} accounts can be linked here."
    if filters and filters.require_payment_method_support == "all" and not can_be_paid_from(account):
        return "Payments cannot be made from this account."
    return None


def can_be_paid_from(account: FoundAccount) -> bool:
    """Tell whether money can be moved from *account*: checking or savings with known numbers."""
    return account.subcategory in {"checking", "savings"} and bool(account.numbers) and account.is_open


def _listed(subcategories: tuple[str, ...]) -> str:
    names = [_NAMES.get(name, name) for name in sorted(subcategories, key=_order)]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _order(subcategory: str) -> int:
    known = subcategory in ACCOUNT_SUBCATEGORIES
    return ACCOUNT_SUBCATEGORIES.index(subcategory) if known else len(ACCOUNT_SUBCATEGORIES)
