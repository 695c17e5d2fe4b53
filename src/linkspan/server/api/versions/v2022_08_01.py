"""2022-08-01: account linking is open to everybody, under the names it has had since."""

from typing import Any, Final

from linkspan.objects import Account, AccountOwner, AccountOwnership, List, Session
from linkspan.server.api.forms import Form
from linkspan.server.api.versions.change import PAYMENT_INTENT, Change
from linkspan.server.api.versions.parts import part

_TODAY: Final = {then: today for today, then in Session.in_2022_05.keys.items()}


def _up(_route: str, form: Form) -> Form:
    """Let a path to expand be named as answers of that time name it; parameters always had today's names."""
    paths = part(form, "expand")
    return {**form, "expand": {index: _today(path) for index, path in paths.items()}} if paths else form


def _today(path: Any) -> Any:  # Any: whatever was sent as a path
    if not isinstance(path, str):
        return path
    return ".".join(_TODAY.get(word, word) for word in path.split("."))


CHANGE: Final = Change(
    version="2022-08-01",
    summary=(
        "`link_account_session`, `linked_account`, `linked_account_owner` and `linked_account_ownership` are "
        "called `financial_connections.…`; `accountholder` and `linked_accounts` are `account_holder` and "
        "`accounts`."
    ),
    fields={PAYMENT_INTENT: ("latest_charge",)},
    up=_up,
    spellings={
        kind.object: kind.in_2022_05 for kind in (Session, Account, AccountOwnership, AccountOwner, List)
    },
)
