"""2026-07-29.dahlia: a Session says how many accounts it takes, of what use, and whether by hand."""

from typing import Any, Final

from linkspan.server.api.forms import Form
from linkspan.server.api.versions.parts import part, refuse, sessions_in, without

VERSION: Final = "2026-07-29.dahlia"
SUMMARY: Final = (
    "Sessions have `limits`, `manual_entry`, `bank_account_token` and "
    "`filters.require_payment_method_support`."
)


def upgrade_request(route: str, form: Form) -> Form:
    """Refuse what a Session could not be asked yet."""
    if route == "sessions.create":
        refuse(form, "limits", "manual_entry")
        refuse(part(form, "filters"), "require_payment_method_support", within="filters")
    return form


def downgrade_answer(answer: dict[str, Any]) -> dict[str, Any]:
    """Leave out what a Session did not say yet."""
    for session in sessions_in(answer):
        without(session, "limits", "manual_entry", "bank_account_token")
        without(session.get("filters") or {}, "require_payment_method_support")
    return answer
