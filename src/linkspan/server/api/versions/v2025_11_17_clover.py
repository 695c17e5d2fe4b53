"""2025-11-17.clover: an Account tells which kinds of numbers it has."""

from typing import Any, Final

from linkspan.server.api.forms import Form
from linkspan.server.api.versions.parts import accounts_in, without

VERSION: Final = "2025-11-17.clover"
SUMMARY: Final = (
    "Accounts have `account_numbers`, which tell kinds, states and networks of numbers, never digits."
)


def upgrade_request(_route: str, form: Form) -> Form:
    """Leave the form as it is: this version brought no parameter."""
    return form


def downgrade_answer(answer: dict[str, Any]) -> dict[str, Any]:
    """Leave out what an Account did not tell yet."""
    for account in accounts_in(answer):
        without(account, "account_numbers")
    return answer
