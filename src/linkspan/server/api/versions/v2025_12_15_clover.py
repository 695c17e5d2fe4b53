"""2025-12-15.clover: an account holder may be an Account that is used as a customer."""

from typing import Final

from linkspan.server.api.versions.change import (
    ACCOUNT,
    PAYMENT_INTENT,
    PAYMENT_METHOD,
    SESSION,
    SETUP_INTENT,
    Change,
)

_INTENTS: Final = (
    *("payment_intents.create", "payment_intents.list", "payment_intents.update"),
    *("setup_intents.create", "setup_intents.list", "setup_intents.update"),
)

CHANGE: Final = Change(
    version="2025-12-15.clover",
    summary=(
        "Account holders, PaymentMethods and intents have `customer_account`, an Account that is used as a "
        "customer."
    ),
    parameters={
        "accounts.list": ("account_holder[customer_account]",),
        "payment_methods.attach": ("customer_account",),
        "payment_methods.list": ("customer_account",),
        "sessions.create": ("account_holder[customer_account]",),
        **dict.fromkeys(_INTENTS, ("customer_account",)),
    },
    fields={
        SESSION: ("account_holder.customer_account",),
        ACCOUNT: ("account_holder.customer_account",),
        PAYMENT_INTENT: ("customer_account",),
        PAYMENT_METHOD: ("customer_account",),
        SETUP_INTENT: ("customer_account",),
    },
)
