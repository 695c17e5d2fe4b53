"""2024-06-20: a PaymentMethod tells whether a customer may be offered it again."""

from typing import Final

from linkspan.server.api.versions.change import PAYMENT_METHOD, Change

# What makes or changes a PaymentMethod of an intent.
_TAKING: Final = (
    *("payment_intents.confirm", "payment_intents.create", "payment_intents.update"),
    *("setup_intents.confirm", "setup_intents.create", "setup_intents.update"),
)

# Stripe added this in May 2024, between two versions; the next one has it.
CHANGE: Final = Change(
    version="2024-06-20",
    summary="PaymentMethods have `allow_redisplay`: whether a customer may be offered one again.",
    parameters={
        "payment_methods.create": ("allow_redisplay",),
        "payment_methods.update": ("allow_redisplay",),
        **dict.fromkeys(_TAKING, ("payment_method_data[allow_redisplay]",)),
    },
    fields={PAYMENT_METHOD: ("allow_redisplay",)},
)
