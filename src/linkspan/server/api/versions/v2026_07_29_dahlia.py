"""2026-07-29.dahlia: a Session says how many accounts it takes, of what use, and whether by hand."""

from typing import Final

from linkspan.server.api.versions.change import SESSION, Change

CHANGE: Final = Change(
    version="2026-07-29.dahlia",
    summary=(
        "Sessions have `limits`, `manual_entry`, `bank_account_token` and "
        "`filters.require_payment_method_support`."
    ),
    parameters={"sessions.create": ("limits", "manual_entry", "filters[require_payment_method_support]")},
    fields={
        SESSION: ("limits", "manual_entry", "bank_account_token", "filters.require_payment_method_support")
    },
)
