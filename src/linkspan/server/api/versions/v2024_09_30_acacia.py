"""2024-09-30.acacia: a Session can ask for some kinds of accounts only."""

from typing import Any, Final

from linkspan.server.api.forms import Form
from linkspan.server.api.versions.parts import part, refuse, sessions_in, without

VERSION: Final = "2024-09-30.acacia"
SUMMARY: Final = "Sessions have `filters.account_subcategories`."


def upgrade_request(route: str, form: Form) -> Form:
    """Refuse what a Session could not be asked yet."""
    if route == "sessions.create":
        refuse(part(form, "filters"), "account_subcategories", within="filters")
    return form


def downgrade_answer(answer: dict[str, Any]) -> dict[str, Any]:
    """Leave out what a Session did not say yet."""
    for session in sessions_in(answer):
        without(session.get("filters") or {}, "account_subcategories")
    return answer
