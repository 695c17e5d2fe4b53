"""2023-08-16: a PaymentMethod tells what blocks its bank account."""

from typing import Final

from linkspan.server.api.versions.change import PAYMENT_METHOD, Change

# Stripe added this in April 2023, between two versions; the next one has it.
CHANGE: Final = Change(
    version="2023-08-16",
    summary="PaymentMethods have `us_bank_account.status_details`, which tell what blocks the bank account.",
    fields={PAYMENT_METHOD: ("us_bank_account.status_details",)},
)
