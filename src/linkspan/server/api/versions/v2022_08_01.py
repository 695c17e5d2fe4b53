"""2022-08-01: account linking is open to everybody, under the names it has had since."""

from typing import Final

from linkspan.server.api.versions.change import Change

CHANGE: Final = Change(
    version="2022-08-01",
    summary=(
        "`link_account_session`, `linked_account`, `linked_account_owner` and `linked_account_ownership` are "
        "called `financial_connections.…`; `accountholder` and `linked_accounts` are `account_holder` and "
        "`accounts`."
    ),
    dialect="2022-05",
)
