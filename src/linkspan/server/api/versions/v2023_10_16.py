"""2023-10-16: a Session can fetch data as soon as an account is linked."""

from typing import Final

from linkspan.server.api.versions.change import PAYMENT_INTENT, SESSION, SETUP_INTENT, Change

# Stripe added this in August 2023, between two versions; the next one has it.
CHANGE: Final = Change(
    version="2023-10-16",
    summary=(
        "Sessions have `prefetch`: what is fetched as soon as an account is linked; intents have "
        "`payment_method_configuration_details`."
    ),
    parameters={"sessions.create": ("prefetch",)},
    fields={
        SESSION: ("prefetch",),
        PAYMENT_INTENT: ("payment_method_configuration_details",),
        SETUP_INTENT: ("payment_method_configuration_details",),
    },
)
