"""2025-09-30.clover: a payment method says why it cannot be made from an Account's numbers."""

from typing import Final

from linkspan.server.api.versions.change import PAYMENT_INTENT, SETUP_INTENT, Change

# An error has the same code in every version, so there is nothing to turn.
CHANGE: Final = Change(
    version="2025-09-30.clover",
    summary=(
        "Errors may have the code `financial_connections_account_pending_account_numbers` or "
        "`financial_connections_account_unavailable_account_numbers`; intents have "
        "`excluded_payment_method_types`."
    ),
    fields={
        PAYMENT_INTENT: ("excluded_payment_method_types",),
        SETUP_INTENT: ("excluded_payment_method_types",),
    },
)
