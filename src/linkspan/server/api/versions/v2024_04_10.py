"""2024-04-10: transactions, subscriptions to them, and data fetched as soon as an account is linked."""

from typing import Final

from linkspan.server.api.versions.change import ACCOUNT, SESSION, Change

# Stripe added these in December 2023, between two versions; the next one has them.
CHANGE: Final = Change(
    version="2024-04-10",
    summary=(
        "Sessions have `prefetch`; Accounts have `subscriptions` and `transaction_refresh`, and their "
        "refreshes tell when the next one may start."
    ),
    parameters={"sessions.create": ("prefetch",)},
    fields={
        SESSION: ("prefetch",),
        ACCOUNT: (
            "subscriptions",
            "transaction_refresh",
            "balance_refresh.next_refresh_available_at",
            "ownership_refresh.next_refresh_available_at",
        ),
    },
)
