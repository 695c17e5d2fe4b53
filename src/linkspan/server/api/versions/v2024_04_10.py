"""2024-04-10: transactions, subscriptions to them, and data fetched as soon as an account is linked."""

from typing import Any, Final

from linkspan.server.api.forms import Form
from linkspan.server.api.versions.parts import accounts_in, refuse, sessions_in, without

VERSION: Final = "2024-04-10"
SUMMARY: Final = (
    "Sessions have `prefetch`; Accounts have `subscriptions` and `transaction_refresh`, and their refreshes "
    "tell when the next one may start."
)

# Stripe added these in December 2023, between two versions; the next one has them.
_REFRESHES: Final = ("balance_refresh", "ownership_refresh")


def upgrade_request(route: str, form: Form) -> Form:
    """Refuse what a Session could not be asked yet."""
    if route == "sessions.create":
        refuse(form, "prefetch")
    return form


def downgrade_answer(answer: dict[str, Any]) -> dict[str, Any]:
    """Leave out what Sessions and Accounts did not say yet."""
    for session in sessions_in(answer):
        without(session, "prefetch")
    for account in accounts_in(answer):
        without(account, "subscriptions", "transaction_refresh")
        for name in _REFRESHES:
            without(account.get(name) or {}, "next_refresh_available_at")
    return answer
