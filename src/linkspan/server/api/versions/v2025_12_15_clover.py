"""2025-12-15.clover: an account holder may be an Account that is used as a customer."""

from typing import Final

from linkspan.server.api.versions.change import ACCOUNT, PAYMENT_METHOD, SESSION, Change

CHANGE: Final = Change(
    version="2025-12-15.clover",
    summary=(
        "Account holders and PaymentMethods have `customer_account`, an Account that is used as a customer."
    ),
    parameters={
        "accounts.list": ("account_holder[customer_account]",),
        "payment_methods.attach": ("customer_account",),
        "payment_methods.list": ("customer_account",),
        "sessions.create": ("account_holder[customer_account]",),
    },
    fields={
        SESSION: ("account_holder.customer_account",),
        ACCOUNT: ("account_holder.customer_account",),
        PAYMENT_METHOD: ("customer_account",),
    },
)
