"""2022-08-01: account linking is open to everybody, under the names it has had since."""

from typing import Any, Final

from linkspan.objects import decode
from linkspan.server.api.forms import Form

VERSION: Final = "2022-08-01"
SUMMARY: Final = (
    "`link_account_session`, `linked_account`, `linked_account_owner` and `linked_account_ownership` are "
    "called `financial_connections.…`; `accountholder` and `linked_accounts` are `account_holder` and "
    "`accounts`."
)


def upgrade_request(_route: str, form: Form) -> Form:
    """Leave the form as it is: parameters have always had today's names."""
    return form


def downgrade_answer(answer: dict[str, Any]) -> dict[str, Any]:
    """Write the answer as the documents of that time show it (the dialect "2022-05")."""
    if answer.get("deleted"):
        return answer  # its id and the word that it is gone have always been written like this
    return decode(answer).to_dict(dialect="2022-05")
