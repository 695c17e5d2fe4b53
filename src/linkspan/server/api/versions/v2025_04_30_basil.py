"""2025-04-30.basil: billing details have a taxpayer's number."""

from typing import Final

from linkspan.server.api.versions.change import PAYMENT_METHOD, Change

CHANGE: Final = Change(
    version="2025-04-30.basil",
    summary="PaymentMethods have `billing_details.tax_id`.",
    parameters={
        "payment_methods.create": ("billing_details[tax_id]",),
        "payment_methods.update": ("billing_details[tax_id]",),
    },
    fields={PAYMENT_METHOD: ("billing_details.tax_id",)},
)
