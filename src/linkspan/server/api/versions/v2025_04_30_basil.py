"""2025-04-30.basil: billing details have a taxpayer's number."""

from typing import Final

from linkspan.server.api.versions.change import PAYMENT_METHOD, Change

# What makes or changes a PaymentMethod of an intent.
_TAKING: Final = (
    *("payment_intents.confirm", "payment_intents.create", "payment_intents.update"),
    *("setup_intents.confirm", "setup_intents.create", "setup_intents.update"),
)

CHANGE: Final = Change(
    version="2025-04-30.basil",
    summary="PaymentMethods have `billing_details.tax_id`.",
    parameters={
        "payment_methods.create": ("billing_details[tax_id]",),
        "payment_methods.update": ("billing_details[tax_id]",),
        **dict.fromkeys(_TAKING, ("payment_method_data[billing_details][tax_id]",)),
    },
    fields={PAYMENT_METHOD: ("billing_details.tax_id",)},
)
