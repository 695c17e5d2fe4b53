"""2024-04-10: transactions, and subscriptions to them."""

from typing import Final

from linkspan.server.api.versions.change import ACCOUNT, Change

# Stripe added these in December 2023, between two versions; the next one has them.
CHANGE: Final = Change(
    version="2024-04-10",
    summary=(
        "Accounts have `subscriptions` and `transaction_refresh`, and their refreshes tell when the next "
        "one may start."
    ),
    fields={
        ACCOUNT: (
            "subscriptions",
            "transaction_refresh",
            "balance_refresh.next_refresh_available_at",
            "ownership_refresh.next_refresh_available_at",
        ),
    },
)
