"""2026-01-28.preview: institutions and authorizations, how a Session ended, and repairing a link."""

from typing import Final

from linkspan.server.api.versions.change import ACCOUNT, AUTHORIZATION, SESSION, Change

CHANGE: Final = Change(
    version="2026-01-28.preview",
    summary=(
        "Institutions and Authorizations can be retrieved, and Accounts name theirs; an inactive Account "
        "says why it is so; a Session says how it ended, and can repair what was linked before; what an "
        "Account held at the end of each day can be listed."
    ),
    parameters={"sessions.create": ("filters[institution]", "relink_options")},
    fields={
        ACCOUNT: ("authorization", "inferred_balances_refresh", "institution", "status_details.inactive"),
        AUTHORIZATION: ("account_holder", "institution"),
        SESSION: ("filters.institution", "relink_options", "relink_result", "status", "status_details"),
    },
)
